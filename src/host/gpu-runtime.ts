/** Where a GPU pack lies, and which TensorFlow new trainers load: the pack's where one is whole, else the program's own. */
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

type Variables = Record<string, string | undefined>;

export const ADDON = 'tfjs_binding.node';
/** Written last: a pack with it is whole. */
export const PACK_MARK = 'pack.json';
/** Inside of a pack, beside `nvidia`, where TensorFlow looks for CUDA's libraries. */
export const PACK_TENSORFLOW = 'tensorflow';

export const packMarkSchema = z.object({ tensorflow: z.string(), bytes: z.number().int() });

/** `PRETEXT_GPU_PACK`, or a folder of the user's own data: an installed program cannot write beside itself. */
export function gpuPackFolder(own: Variables = process.env, platform = process.platform): string {
  if (own['PRETEXT_GPU_PACK']) return own['PRETEXT_GPU_PACK'];
  const home = homedir();
  if (platform === 'win32')
    return join(own['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'pretext-studio', 'gpu-pack');
  if (platform === 'darwin')
    return join(home, 'Library', 'Application Support', 'pretext-studio', 'gpu-pack');
  return join(own['XDG_DATA_HOME'] || join(home, '.local', 'share'), 'pretext-studio', 'gpu-pack');
}

/** The version of TensorFlow in the pack; null where there is none, or not a whole one. */
export function packedTensorFlow(folder: string): string | null {
  const mark = join(folder, PACK_MARK);
  if (!existsSync(mark)) return null;
  const read = packMarkSchema.safeParse(JSON.parse(readFileSync(mark, 'utf8')));
  return read.success ? read.data.tensorflow : null;
}

/**
 * `PRETEXT_RUNTIME` for new trainers, where a pack is to be used: one of the same TensorFlow as the program's own.
 * `PRETEXT_GPU=off` leaves it alone.
 */
export function gpuRuntime(own: Variables = process.env): { PRETEXT_RUNTIME?: string } {
  const runtime = own['PRETEXT_RUNTIME'];
  if (!runtime || own['PRETEXT_GPU'] === 'off') return {};
  const folder = gpuPackFolder(own);
  const version = packedTensorFlow(folder);
  if (version === null || version !== versionOf(runtime)) return {};
  const tensorflow = join(folder, PACK_TENSORFLOW);
  keepAddon(runtime, tensorflow);
  return { PRETEXT_RUNTIME: tensorflow };
}

function versionOf(runtime: string): string | null {
  const mark = join(runtime, 'runtime.json');
  if (!existsSync(mark)) return null;
  const { version } = JSON.parse(readFileSync(mark, 'utf8')) as { version?: string };
  return version ?? null;
}

/** The addon is the program's own: a newer program brings a newer one. */
export function keepAddon(runtime: string, tensorflow: string): void {
  const [theirs, ours] = [join(runtime, ADDON), join(tensorflow, ADDON)];
  if (existsSync(ours) && readFileSync(ours).equals(readFileSync(theirs))) return;
  copyFileSync(theirs, ours);
}
