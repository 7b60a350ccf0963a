/**
 * Starts TensorFlow: finds the native library, sets its threads and makes it tfjs's backend.
 *
 * The library is not part of the npm packages. It lies in the cache folder (put there by the installation) or
 * wherever `PRETEXT_RUNTIME` points: a folder with `tfjs_binding.node` and the two libraries of TensorFlow.
 */
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, homedir } from 'node:os';
import { join } from 'node:path';
import { PretextError } from '../contract/errors.ts';
import { createBackend, replaceGather, useBackend, type Binding } from './backend.ts';
import { operationsOfTensorFlow, requireRightAnswers } from './gpu-check.ts';
import { replaceReductionGradients } from './kernels/reductions.ts';
import { knowsOwnOperations } from './own-operations.ts';
import { tf } from './tf.ts';

const require = createRequire(import.meta.url);
const addonName = 'tfjs_binding.node';

export interface TensorFlowInfo {
  version: string;
  device: 'cpu' | 'gpu';
  /** What TensorFlow calls the devices that it computes on. */
  deviceNames: string[];
  /** Threads to compute with: all of them an operation, or operations side by side. */
  threads: number;
  /** Whether the program's own kernels are in use (native/kernels.h). */
  ownKernels: boolean;
}

let started: TensorFlowInfo | null = null;

/**
 * Loads the native library once per process; later calls answer with what is running.
 *
 * @param options.threads Processor threads to compute with, from 1. All of them if left out.
 * @param options.sideBySide Where there are two threads, each computes an operation of its own, in place of both
 *   computing one: for networks of small operations. Threads and their use are fixed by the first call.
 * @throws PretextError `runtime.missing` where there is no library, `runtime.broken` where it does not load,
 *   `runtime.gpu` where a GPU computes wrongly.
 */
export async function startTensorFlow(options: ThreadUse = {}): Promise<TensorFlowInfo> {
  started ??= start(options.threads ?? availableParallelism(), options.sideBySide ?? false);
  return started;
}

export interface ThreadUse {
  threads?: number | undefined;
  sideBySide?: boolean;
}

function start(threads: number, sideBySide: boolean): TensorFlowInfo {
  if (!Number.isInteger(threads) || threads < 1) {
    throw new PretextError({
      code: 'runtime.threads',
      message: `The number of threads must be a whole number from 1. Found: ${threads}.`,
    });
  }
  prepareEnvironment(threads, sideBySide);
  const addon = loadAddon(findRuntime());
  const backend = createBackend(addon);
  replaceGather();
  replaceReductionGradients();
  tf.registerBackend('tensorflow', () => backend as never, 3);
  if (!tf.setBackend('tensorflow')) throw new Error('tfjs refused the native backend.');
  useBackend(backend);
  const gpu = addon.isUsingGpuDevice();
  if (gpu) requireRightAnswers(operationsOfTensorFlow());
  backend.ownKernels = !gpu && hasOwnKernels(addon);
  backend.smallOperations = sideBySide;
  return {
    version: addon.TF_Version,
    device: gpu ? 'gpu' : 'cpu',
    deviceNames: gpu ? ['GPU:0'] : ['CPU:0'],
    threads,
    ownKernels: backend.ownKernels,
  };
}

/** `PRETEXT_KERNELS=tensorflow` leaves our own kernels out, to compare. */
const hasOwnKernels = (addon: Binding): boolean =>
  process.env['PRETEXT_KERNELS'] !== 'tensorflow' && knowsOwnOperations(addon);

/** TensorFlow reads these once, while it loads. A value that the user has set is kept. */
function prepareEnvironment(threads: number, sideBySide: boolean): void {
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '3';
  // Convolutions are more than twice as fast with oneDNN; it is not TensorFlow's default everywhere.
  process.env['TF_ENABLE_ONEDNN_OPTS'] ??= '1';
  // Otherwise the first process takes all memory of a GPU, and a preview finds none while a run goes on.
  process.env['TF_FORCE_GPU_ALLOW_GROWTH'] ??= 'true';
  // On two cores one operation at a time, computed by both: threads of several operations are put on one core at times,
  // while the other has nothing to do, which costs a small residual network's step 5 % (of a transformer's it saves 6).
  // Rows of tables are another matter: two operations at a time, one on each core, save them a third.
  const [within, beside] = threads > 2 ? [threads, threads] : sideBySide ? [1, threads] : [threads, 1];
  for (const name of ['TF_NUM_INTRAOP_THREADS', 'OMP_NUM_THREADS']) process.env[name] = String(within);
  process.env['TF_NUM_INTEROP_THREADS'] = String(beside);
  // Our own kernels share their work among all threads in any case.
  process.env['PRETEXT_KERNEL_THREADS'] = String(threads);
}

function loadAddon(folder: string): Binding {
  try {
    return require(join(folder, addonName)) as Binding;
  } catch (error) {
    throw new PretextError({
      code: 'runtime.broken',
      message: `The native TensorFlow library did not load: ${(error as Error).message}`,
      place: folder,
      remedy:
        'The doctor (under Settings, or `pretext doctor`) tells what is wrong; or delete this folder and install it again.',
    });
  }
}

/** The folder that holds the addon: `PRETEXT_RUNTIME`, or the newest fitting folder of the cache. */
function findRuntime(): string {
  const chosen = process.env['PRETEXT_RUNTIME'];
  const candidates = chosen ? [chosen] : cachedRuntimes();
  const found = candidates.find((folder) => existsSync(join(folder, addonName)));
  if (found) return found;
  throw new PretextError({
    code: 'runtime.missing',
    message: 'The native TensorFlow library is not installed.',
    place: chosen ?? join(cacheFolder(), 'runtime'),
    remedy: chosen
      ? `PRETEXT_RUNTIME must name a folder that holds ${addonName}.`
      : 'Run "npm start" once, or set PRETEXT_RUNTIME to a folder that holds it.',
  });
}

/** `tensorflow-<version>-<variant>-<platform>-<arch>`, newest version first, a build for GPUs before others. */
function cachedRuntimes(): string[] {
  const root = join(cacheFolder(), 'runtime');
  if (!existsSync(root)) return [];
  const ending = `-${process.platform}-${process.arch}`;
  const wanted = process.env['PRETEXT_RUNTIME_VARIANT'];
  return readdirSync(root)
    .filter((name) => name.startsWith('tensorflow-') && name.endsWith(ending))
    .filter((name) => !wanted || name.endsWith(`-${wanted}${ending}`))
    .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
    .map((name) => join(root, name));
}

function cacheFolder(): string {
  const chosen = process.env['PRETEXT_CACHE'];
  if (chosen) return chosen;
  return join(platformCache(), 'pretext-studio');
}

function platformCache(): string {
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches');
  if (process.platform === 'win32') return process.env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local');
  return process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
}
