/** The making of a pack as a stream of what is done, for the window and the command line alike. */
import { PretextError, toFailure } from '../../contract/errors.ts';
import type { ProcessHost } from '../../contract/messages/host.ts';
import type { GpuPackProgress, GpuPackSource } from '../../contract/machine/gpu-pack.ts';
import { trainerEnvironment } from '../../host/trainer-environment.ts';
import { tryTensorFlow } from '../try-tensorflow.ts';
import { makeGpuPack } from './pack.ts';

/** As often as a person can read it. */
const TELL_MS = 200;

export interface MakingOfPack {
  host: ProcessHost;
  source: GpuPackSource;
  signal?: AbortSignal;
  own?: Record<string, string | undefined>;
}

/** It ends with `installed` or `failed`. Whoever stops listening ends the making; what was fetched is kept. */
export async function* makingOfPack(options: MakingOfPack): AsyncGenerator<GpuPackProgress> {
  const { host, source, signal, own = process.env } = options;
  const ending = new AbortController();
  const stop = () => ending.abort();
  signal?.addEventListener('abort', stop);
  if (signal?.aborted) stop();
  let latest: GpuPackProgress | null = null;
  let end: GpuPackProgress | null = null;
  const make = async () =>
    makeGpuPack({
      source,
      runtime: requireRuntime(own),
      signal: ending.signal,
      onProgress: (progress) => (latest = progress),
      tryStep: (tensorflow) => tryStep(host, tensorflow, own),
    });
  const made = make().then(
    (device) => (end = { type: 'installed', device }),
    (error: unknown) => (end = { type: 'failed', failure: toFailure(error) }),
  );
  try {
    while (end === null) {
      await Promise.race([made, new Promise((resolve) => setTimeout(resolve, TELL_MS))]);
      if (latest && end === null) yield latest;
      latest = null;
    }
    yield end;
  } finally {
    signal?.removeEventListener('abort', stop);
    ending.abort();
    await made;
  }
}

function requireRuntime(own: Record<string, string | undefined>): string {
  const runtime = own['PRETEXT_RUNTIME'];
  if (runtime) return runtime;
  throw new PretextError({
    code: 'runtime.missing',
    message: 'The program does not know where its own TensorFlow lies, whose addon the pack needs.',
    place: 'PRETEXT_RUNTIME',
    remedy: 'Start the program as it is installed, or by `npm start`: both say where it lies.',
  });
}

/** A step on the GPU; `PRETEXT_GPU_PACK_DEVICE=any` takes the processor's as well, to try a pack without a GPU. */
async function tryStep(
  host: ProcessHost,
  tensorflow: string,
  own: Record<string, string | undefined>,
): Promise<string> {
  const found = await tryTensorFlow(host, { ...trainerEnvironment(own), PRETEXT_RUNTIME: tensorflow });
  if (!found.found) throw new PretextError(found.failure);
  if (found.device === 'gpu' || own['PRETEXT_GPU_PACK_DEVICE'] === 'any') return found.deviceNames.join(', ');
  throw new PretextError({
    code: 'gpu-pack.no-gpu',
    message: 'The pack is complete, but TensorFlow found no GPU with it. It is not used yet.',
    place: tensorflow,
    remedy:
      'An NVIDIA GPU of compute capability 6.0 or higher and a driver of version 525 or later are needed: `nvidia-smi` tells both. Bring the driver up to date and try again: nothing is fetched twice.',
  });
}
