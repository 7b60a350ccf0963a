import type { Command } from 'commander';
import { PretextError } from '../../contract/errors.ts';
import {
  gpuPackSourceSchema,
  type GpuPackSource,
  type GpuPackState,
} from '../../contract/machine/gpu-pack.ts';
import { gigabytes } from '../../contract/machine/memory.ts';
import { printJson, printLine, type Environment } from '../environment.ts';

/** No project is needed: the pack is the machine's. */
export function addGpuCommands(program: Command, environment: Environment): void {
  const gpu = program.command('gpu').description('compute on an NVIDIA GPU: the pack that this needs');
  gpu
    .command('status')
    .description('say what the pack needs, where it goes, and what of it is there')
    .option('--json', 'print one JSON document')
    .action(async ({ json }: { json?: boolean }) => {
      const { gpuPackState } = await import('../../machine/gpu-pack/pack.ts');
      const state = await gpuPackState();
      if (json) printJson(environment, state);
      else printLine(environment, stateText(state));
    });
  gpu
    .command('install')
    .description('get the pack from a package index or a folder, and compute a step with it')
    .option('--index <address>', "a package index; default: the one that this machine's pip is set to")
    .option('--folder <folder>', 'a folder that holds the wheels, for machines without a network')
    .action(async (wanted: { index?: string; folder?: string }) => {
      const { gpuPackState } = await import('../../machine/gpu-pack/pack.ts');
      const { makingOfPack } = await import('../../machine/gpu-pack/making.ts');
      const state = await gpuPackState();
      if (state.unsupported)
        throw new PretextError({ code: 'gpu-pack.unsupported', message: state.unsupported });
      const source = sourceOf(wanted, state);
      printLine(environment, `${gigabytes(state.downloadBytes)} to fetch, into ${state.folder}`);
      let told = '';
      for await (const progress of makingOfPack({ host: environment.host, source })) {
        if (progress.type === 'failed') throw new PretextError(progress.failure);
        if (progress.type === 'installed')
          printLine(environment, `Installed. A step was computed on ${progress.device}. New runs use it.`);
        else {
          const share = Math.floor((100 * progress.doneBytes) / progress.totalBytes);
          const line = `${share} % ${progress.words}`;
          if (line !== told) printLine(environment, line);
          told = line;
        }
      }
    });
  gpu
    .command('remove')
    .description('remove the pack; runs compute on the processor again')
    .action(async () => {
      const { gpuPackState, removeGpuPack } = await import('../../machine/gpu-pack/pack.ts');
      await removeGpuPack();
      printLine(environment, `Removed from ${(await gpuPackState()).folder}`);
    });
}

function sourceOf(
  { index, folder }: { index?: string; folder?: string },
  state: GpuPackState,
): GpuPackSource {
  const address = index ?? state.index;
  const wanted = folder ? { kind: 'folder', folder } : { kind: 'index', address };
  const source = gpuPackSourceSchema.safeParse(wanted);
  if (source.success) return source.data;
  throw new PretextError({
    code: 'gpu-pack.source',
    message: address
      ? `The address of an index begins with https://. Found: ${address}.`
      : 'It is not known where to get the pack.',
    place: '--index',
    remedy:
      'Name a package index by --index (the Python Package Index, or your institution’s mirror of it), or a folder that holds the wheels by --folder. `pretext gpu status` names them.',
  });
}

function stateText(state: GpuPackState): string {
  if (state.unsupported) return state.unsupported;
  const words = { none: 'not installed', partial: 'begun', installed: 'installed' }[state.state];
  const rows = state.wheels.map(
    ({ file, bytes, sha256, there }) =>
      `  ${there ? 'there  ' : 'missing'} ${gigabytes(bytes).padStart(7)}  ${file}  SHA-256 ${sha256}`,
  );
  return [
    `The GPU pack is ${words}: ${gigabytes(state.downloadBytes)} to fetch, ${gigabytes(state.installedBytes)} on the disk, in ${state.folder}`,
    'It needs an NVIDIA GPU and its driver of version 525 or later.',
    ...rows,
  ].join('\n');
}
