/** What this machine has of what the program needs, and what to do about what it lacks. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, freemem, release, totalmem } from 'node:os';
import { basename, resolve } from 'node:path';
import type { DoctorReport, TensorFlowAnswer } from '../contract/machine/doctor.ts';
import { gigabytes } from '../contract/machine/memory.ts';
import { crashFolder, listCrashReports } from '../host/crash-folder.ts';
import { gpuPackFolder, gpuRuntime, packedTensorFlow } from '../host/gpu-runtime.ts';
import { existingPlace, freeBytes } from './disk-space.ts';
import { tryTensorFlow } from './try-tensorflow.ts';
import type { ProcessHost } from '../contract/messages/host.ts';

type Item = DoctorReport['items'][number];

const LITTLE_MEMORY = 2e9;
const LITTLE_DISK = 2e9;
/** What TensorFlow's libraries make use of, as Linux and macOS name it. */
const CPU_FEATURES = ['sse4_2', 'avx', 'avx2', 'fma', 'avx512f', 'avx512_vnni', 'amx_tile', 'asimd', 'neon'];

/**
 * @param host starts the process that loads TensorFlow
 * @param folder whose disk is looked at: the project's, or where the command line stands
 */
export async function doctor(host: ProcessHost, folder = process.cwd()): Promise<DoctorReport> {
  const tensorFlow = await tryTensorFlow(host, gpuRuntime());
  const gpus = nvidiaGpus();
  return {
    device: deviceOf(tensorFlow, gpus),
    items: [
      tensorFlowItem(tensorFlow),
      ...kernelItems(tensorFlow),
      cpuItem(),
      gpuItem(tensorFlow, gpus),
      await sqliteItem(),
      electronItem(process.versions['electron'] ?? process.env['PRETEXT_ELECTRON_VERSION']),
      information('node', 'Node', process.versions.node),
      information('system', 'System', `${process.platform} ${process.arch}, ${release()}`),
      memoryItem(freemem(), totalmem()),
      diskItem(folder),
      crashItem(listCrashReports(), crashFolder()),
    ],
  };
}

function information(id: string, title: string, value: string): Item {
  return { id, title, value, state: 'information' };
}

function deviceOf(tensorFlow: TensorFlowAnswer, gpus: readonly string[]): DoctorReport['device'] {
  if (!tensorFlow.found) return null;
  const { device: kind, version: tensorflow, deviceNames, mixedPrecision } = tensorFlow;
  const name = kind === 'cpu' ? processorName() : gpus.join('; ') || deviceNames.join(', ');
  return { kind, name, tensorflow, mixedPrecision };
}

const processorName = () => cpus()[0]?.model.trim() ?? process.arch;

function tensorFlowItem(tensorFlow: TensorFlowAnswer): Item {
  const title = 'TensorFlow';
  if (tensorFlow.found) {
    const value = `${tensorFlow.version} on ${tensorFlow.device.toUpperCase()}, ${tensorFlow.threads} threads`;
    return { id: 'tensorflow', title, value, state: 'good' };
  }
  const { message, place, remedy } = tensorFlow.failure;
  const value = place ? `${message} (${place})` : message;
  return {
    id: 'tensorflow',
    title,
    value,
    state: 'missing',
    remedy: remedy ?? 'Run `npm start` once in the program’s folder, or install the program again.',
  };
}

/** A GPU has kernels of its own. */
function kernelItems(tensorFlow: TensorFlowAnswer): Item[] {
  if (!tensorFlow.found || tensorFlow.device === 'gpu') return [];
  const item = { id: 'kernels', title: 'Own kernels' };
  if (tensorFlow.ownKernels) return [{ ...item, value: 'in use', state: 'good' }];
  const remedy =
    'Training takes up to twice as long with TensorFlow’s alone. They need a processor with AVX2 or NEON, and GCC or Clang when the program is set up: install one of them, delete the TensorFlow folder of the cache and run `npm start` again.';
  return [{ ...item, value: 'not in use', state: 'warning', remedy }];
}

function cpuItem(): Item {
  const model = processorName();
  const features = cpuFeatures();
  const value = `${model}, ${availableParallelism()} threads${features ? `, ${features.join(' ')}` : ''}`;
  const slow = process.arch === 'x64' && features !== null && !features.includes('avx2');
  if (!slow) return { id: 'cpu', title: 'Processor', value, state: 'good' };
  return {
    id: 'cpu',
    title: 'Processor',
    value,
    state: 'warning',
    remedy: 'Without AVX2 training takes several times as long. Another machine is the only remedy.',
  };
}

/** Those of `CPU_FEATURES` that this machine has; null where the system does not tell. */
export function cpuFeatures(): string[] | null {
  const flags = readCpuFlags();
  return flags && CPU_FEATURES.filter((feature) => flags.has(feature));
}

function readCpuFlags(): Set<string> | null {
  if (process.platform === 'linux') {
    const line = /^(?:flags|Features)\s*:\s*(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'));
    return line?.[1] ? new Set(line[1].split(' ')) : null;
  }
  if (process.platform !== 'darwin') return null;
  if (process.arch === 'arm64') return new Set(['neon']);
  const told = tryRun('sysctl', ['-n', 'machdep.cpu.features', 'machdep.cpu.leaf7_features']);
  return told === null ? null : new Set(told.toLowerCase().replaceAll('sse4.2', 'sse4_2').split(/\s+/));
}

/** Names of NVIDIA GPUs by their own tool; empty where there is none. */
function nvidiaGpus(): string[] {
  const told = tryRun('nvidia-smi', ['--query-gpu=name,memory.total', '--format=csv,noheader']);
  return told === null ? [] : told.trim().split('\n').filter(Boolean);
}

function tryRun(program: string, args: string[]): string | null {
  try {
    return execFileSync(program, args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 10_000,
    });
  } catch {
    // Not there, or it has nothing to say: for the doctor both mean that the thing is absent.
    return null;
  }
}

function gpuItem(tensorFlow: TensorFlowAnswer, gpus: string[]): Item {
  const base = { id: 'gpu', title: 'GPU' };
  const names = gpus.join('; ');
  if (tensorFlow.found && tensorFlow.device === 'gpu')
    return { ...base, value: `${names || 'in use'}; a step was computed on it`, state: 'good' };
  if (gpus.length === 0)
    return { ...base, value: 'none; training runs on the processor', state: 'information' };
  const packed = packedTensorFlow(gpuPackFolder());
  return {
    ...base,
    value: `${names}, not used${packed ? `, although the GPU pack is there (TensorFlow ${packed})` : ''}`,
    state: 'warning',
    remedy: packed
      ? 'The driver may be older than the pack: bring it to version 525 or later. A pack of another TensorFlow than the program’s is not used: remove it and install it again.'
      : 'Settings, Use the GPU (or `pretext gpu install`) gets what is needed, at your word.',
  };
}

async function sqliteItem(): Promise<Item> {
  try {
    const { default: Database } = await import('better-sqlite3');
    const database = new Database(':memory:');
    const version = String(database.prepare('select sqlite_version()').pluck().get());
    database.close();
    return { id: 'sqlite', title: 'SQLite', value: version, state: 'good' };
  } catch (error) {
    return {
      id: 'sqlite',
      title: 'SQLite',
      value: (error as Error).message.split('\n')[0] ?? 'could not be loaded',
      state: 'missing',
      remedy:
        'Run `npm start` in the program’s folder: it installs the packages anew. Node 22 or later is needed.',
    };
  }
}

function electronItem(version: string | undefined): Item {
  if (version) return { id: 'electron', title: 'Electron', value: version, state: 'good' };
  return {
    id: 'electron',
    title: 'Electron',
    value: 'not here yet; the command line works without it',
    state: 'information',
    remedy: 'Run `npm start` on a machine with a display: it fetches Electron for the window.',
  };
}

function memoryItem(free: number, total: number): Item {
  const item = { id: 'memory', title: 'Memory', value: `${gigabytes(free)} free of ${gigabytes(total)}` };
  if (free >= LITTLE_MEMORY) return { ...item, state: 'good' };
  const remedy = 'Close other programs, or use smaller batches and narrower encoders.';
  return { ...item, state: 'warning', remedy };
}

function diskItem(folder: string): Item {
  const existing = existingPlace(resolve(folder));
  const free = freeBytes(existing);
  const item = { id: 'disk', title: 'Disk', value: `${gigabytes(free)} free in ${existing}` };
  if (free >= LITTLE_DISK) return { ...item, state: 'good' };
  return { ...item, state: 'warning', remedy: 'Free some space, or keep the project on a larger disk.' };
}

/** Reports that processes of the program left when they ended unasked. @param reports the latest first */
export function crashItem(reports: readonly string[], folder: string): Item {
  const item = { id: 'crashes', title: 'Crash reports' };
  const [latest] = reports;
  if (latest === undefined) return { ...item, value: 'none', state: 'information' };
  const day = basename(latest).slice(0, 10);
  return {
    ...item,
    value: `${reports.length} in ${folder}, the latest of ${day}`,
    state: 'information',
    remedy: 'They hold no data. Enclose them when you report a fault, or delete them.',
  };
}
