// The native TensorFlow library and its addon: unpacked and compiled once, into the cache.
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileAddon, findCompiler } from './addon.mjs';
import { checksum, fetchFile, fetchWheel, findPython } from './fetch.mjs';
import { compileKernels, kernelsRevision } from './kernels.mjs';
import { cacheSubfolder, needSpace, root } from './paths.mjs';
import { canRun, downloadError, run } from './run.mjs';
import { say, SetupError, step } from './say.mjs';
import { takeFromZip, unpackTar } from './unpack.mjs';

const MANIFEST = join(root, 'build', 'runtime', 'manifest.json');
/** Written last, so that a folder with this file is whole. */
const MARK = 'runtime.json';
/** What the addon includes, of all the headers in a wheel. */
const HEADERS =
  'tensorflow/include/(tensorflow/c|tensorflow/core/platform|tensorflow/core/common_runtime/next_pluggable_device/c|xla/tsl|tsl|external/local_tsl)/.*\\.h$';

/**
 * @typedef {{ kind: string, requirement?: string, url?: string, file?: string, bytes: number, sha256: string | null }} Source
 * @typedef {{ platform: string, arch: string, variant: string, version: string, libraries: string[], unpackedBytes: number, companions?: string[], sources: Source[] }} Build
 * @returns {{ revision: number, builds: Build[] }}
 */
export function readManifest(file = MANIFEST) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/**
 * The build of the manifest for a platform; `PRETEXT_VARIANT` chooses `cuda` where there is one.
 * @param {{ builds: Build[] }} manifest
 * @param {{ platform: string, arch: string }} machine
 */
export function chooseBuild(manifest, machine = process, variant = process.env.PRETEXT_VARIANT ?? 'cpu') {
  const { platform, arch } = machine;
  const fitting = manifest.builds.filter((build) => build.platform === platform && build.arch === arch);
  const build = fitting.find((candidate) => candidate.variant === variant);
  if (build) return build;
  const have = fitting.map((candidate) => candidate.variant).join(', ');
  throw new SetupError(
    `There is no ${variant} build of TensorFlow for ${platform}-${arch}.${have ? ` There is: ${have}.` : ''}`,
    have
      ? `Set PRETEXT_VARIANT to ${have}, or leave it out.`
      : 'Pretext Studio runs on Linux (x64, arm64), macOS (arm64, x64) and Windows (x64).',
  );
}

/** @param {Build} build */
export function runtimeFolderName(build) {
  return `tensorflow-${build.version}-${build.variant}-${build.platform}-${build.arch}`;
}

/** @returns {Promise<string>} the folder with the addon and the libraries */
export async function ensureTensorFlow() {
  if (process.env.PRETEXT_RUNTIME) return process.env.PRETEXT_RUNTIME;
  const manifest = readManifest();
  const build = chooseBuild(manifest);
  const folder = join(cacheSubfolder('runtime'), runtimeFolderName(build));
  const revision = `${manifest.revision}-${kernelsRevision()}`;
  if (isWhole(folder, revision)) return folder;
  await step(`Preparing TensorFlow ${build.version} (${build.variant}), once`, () =>
    prepare(build, revision, folder),
  );
  return folder;
}

function isWhole(folder, revision) {
  const mark = join(folder, MARK);
  return existsSync(mark) && readMark(folder).revision === revision;
}

async function prepare(build, revision, folder) {
  // Ask for everything before the first long step.
  const compiler = findCompiler();
  if (build.sources[0].kind === 'wheel') findPython();
  const runtimes = cacheSubfolder('runtime');
  removeLeftovers(runtimes);
  needSpace(runtimes, build.unpackedBytes, 'the native TensorFlow library');
  const work = join(runtimes, `.building-${process.pid}`);
  const finished = join(work, 'finished');
  mkdirSync(finished, { recursive: true });
  try {
    const unpacked = await firstSource(build, work);
    for (const library of unpacked.libraries)
      renameSync(join(unpacked.folder, library), join(finished, library));
    await strip(finished, unpacked.libraries);
    say('compiling the addon');
    const objects = await compileKernels({
      compiler,
      headers: unpacked.headers,
      folder: join(work, 'objects'),
    });
    await compileAddon({
      compiler,
      headers: unpacked.headers,
      folder: finished,
      libraries: unpacked.libraries,
      objects,
    });
    await fetchCompanions(build, runtimes);
    writeMark(finished, { revision, ...unpacked.origin, libraries: unpacked.libraries });
    replaceFolder(finished, folder, revision);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Half-built folders of set-ups that were killed. */
function removeLeftovers(runtimes) {
  for (const name of readdirSync(runtimes)) {
    const pid = /^\.(?:building|replaced)-(\d+)$/.exec(name)?.[1];
    if (pid && !isAlive(Number(pid))) rmSync(join(runtimes, name), { recursive: true, force: true });
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Tries the sources in their order; a later one helps only where an earlier one could not be fetched. */
async function firstSource(build, work) {
  const failures = [];
  for (const source of build.sources) {
    try {
      const unpack = source.kind === 'wheel' ? unpackWheel : unpackArchive;
      return await unpack(source, source.libraries ?? build.libraries, work, source.version ?? build.version);
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      failures.push(error);
      say(error.message);
    }
  }
  throw failures[0];
}

async function unpackWheel(source, libraries, work, version) {
  const file = await fetchWheel(source);
  say('unpacking the libraries and headers');
  const names = libraries.map((name) => name.replaceAll('.', '\\.')).join('|');
  await takeFromZip(file, work, `tensorflow/(${names})$|${HEADERS}`);
  return {
    folder: join(work, 'tensorflow'),
    headers: [join(work, 'tensorflow', 'include')],
    libraries,
    origin: { version, source: source.file, sha256: source.sha256 },
  };
}

async function unpackArchive(source, libraries, work, version) {
  const sha256 = source.sha256 ?? process.env.PRETEXT_RUNTIME_SHA256 ?? null;
  const file = await fetchFile({ ...source, sha256 });
  if (sha256 === null) {
    throw new SetupError(
      `Nobody has recorded a checksum for ${source.url} yet, so it is not used. The file that came has SHA-256 ${await checksum(file)}.`,
      'Compare it with one from a source you trust, set PRETEXT_RUNTIME_SHA256 to it and run the same command again.',
    );
  }
  say('unpacking the library and headers');
  await unpackTar(file, work);
  return {
    folder: join(work, 'lib'),
    headers: [join(work, 'include')],
    libraries,
    origin: { version, source: source.url, sha256 },
  };
}

/** Symbols that only a debugger reads are a quarter of the library. macOS would have to sign it anew. */
async function strip(folder, libraries) {
  if (process.platform !== 'linux' || !canRun('strip')) return;
  for (const library of libraries)
    await run('strip', ['--strip-unneeded', library], { cwd: folder, quiet: true });
}

/** The CUDA libraries, where TensorFlow looks for them: in `nvidia/`, beside its own folder. */
async function fetchCompanions(build, runtimes) {
  if (!build.companions) return;
  const downloads = cacheSubfolder('downloads', 'cuda');
  const args = ['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--disable-pip-version-check'];
  const result = await run(findPython(), [...args, '--dest', downloads, ...build.companions]);
  if (result.code !== 0) throw downloadError('The CUDA libraries', result.output);
  for (const wheel of readdirSync(downloads).filter((name) => name.endsWith('.whl'))) {
    await takeFromZip(join(downloads, wheel), runtimes, 'nvidia/[^/]+/(lib|bin|nvvm)/.*');
  }
}

/** What is known of a finished runtime. */
export const readMark = (folder) => JSON.parse(readFileSync(join(folder, MARK), 'utf8'));

function writeMark(folder, origin) {
  writeFileSync(
    join(folder, MARK),
    `${JSON.stringify({ ...origin, builtWithNode: process.version }, null, 2)}\n`,
  );
}

/** Processes that use the old folder keep their open files. */
function replaceFolder(finished, folder, revision) {
  if (isWhole(folder, revision)) return;
  const replaced = join(folder, '..', `.replaced-${process.pid}`);
  if (existsSync(folder)) renameSync(folder, replaced);
  renameSync(finished, folder);
  rmSync(replaced, { recursive: true, force: true });
}
