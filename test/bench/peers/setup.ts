/** Sets up the peers: a virtual environment in the cache, filled from PyPI by pip. What is there is kept. */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from '../../../build/setup/paths.mjs';
import { PretextError } from '../../../src/contract/errors.ts';

const peers = {
  folder: 'bench-peers',
  requirements: 'requirements.txt',
  fetching: 'fetching PyTorch, torchvision, LightlySSL and selfEEG (some 5 GB)',
};
const exportPeers = {
  folder: 'bench-peers-exports',
  requirements: 'requirements-exports.txt',
  fetching: 'fetching PyTorch, ONNX Runtime and TensorFlow (some 5 GB)',
};
const preparationPeers = {
  folder: 'bench-peers-preparation',
  requirements: 'requirements-preparation.txt',
  fetching: 'fetching SciPy, NumPy and MNE (some 100 MB)',
};
const readerPeers = {
  folder: 'bench-peers-readers',
  requirements: 'requirements-readers.txt',
  fetching: 'fetching pyedflib, MNE, wfdb, SciPy, h5py, pyarrow and aeon (some 500 MB)',
};

const tablePeers = {
  folder: 'bench-peers-tables',
  requirements: 'requirements-tables.txt',
  fetching: 'fetching PyTorch, scikit-learn and pandas (some 5 GB)',
};

const signalPeers = {
  folder: 'bench-peers-signals',
  requirements: 'requirements-signals.txt',
  fetching: 'fetching PyTorch, selfEEG, braindecode and tsai (some 5 GB)',
};

const movementPeers = {
  folder: 'bench-peers-movement',
  requirements: 'requirements-movement.txt',
  fetching: 'fetching recordings of movement (some 300 MB with NumPy and what else brings them)',
};

/** The Python that has the peers. */
export const preparePeers = (): Promise<string> => prepare(peers);

/** The Python that has the programs which exported models are for: they do not agree with the peers on versions. */
export const prepareExportPeers = (): Promise<string> => prepare(exportPeers);

/** The Python that has what reads tables and trains on them elsewhere. */
export const prepareTablePeers = (): Promise<string> => prepare(tablePeers);

/** The Python that has the networks and augmentations of signals. */
export const prepareSignalPeers = (): Promise<string> => prepare(signalPeers);

/** The Python that has the libraries which read recordings. */
export const prepareReaderPeers = (): Promise<string> => prepare(readerPeers);

/** The Python that has the libraries which prepare recordings. */
export const preparePreparationPeers = (): Promise<string> => prepare(preparationPeers);

/** The folder of recordings of movement, as `movement.py` says; those of earlier versions are deleted. */
export async function prepareMovement(): Promise<string> {
  const python = await prepare(movementPeers);
  const [script, requirements] = ['movement.py', movementPeers.requirements].map(besideThis);
  const parent = join(cacheFolder(), movementPeers.folder);
  const name = recordingsName(readFileSync(script!, 'utf8'), readFileSync(requirements!, 'utf8'));
  const folder = join(parent, name);
  if (existsSync(folder)) return folder;
  for (const earlier of readdirSync(parent))
    if (earlier.startsWith(RECORDINGS)) rmSync(join(parent, earlier), { recursive: true, force: true });
  const work = `${folder}.part`;
  await runLoud(python, [script!, work], 'writing recordings of movement');
  renameSync(work, folder);
  return folder;
}

const RECORDINGS = 'recordings';

/** What is written by another script, or from other versions of what brings recordings, has another name. */
export const recordingsName = (script: string, requirements: string): string =>
  `${RECORDINGS}-${createHash('sha256')
    .update(JSON.stringify([script, requirements]))
    .digest('hex')
    .slice(0, 12)}`;

const besideThis = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/**
 * A Python with all that is required. The first time, several gigabytes are fetched; an interrupted set-up goes on
 * where it was, as pip keeps what it has fetched.
 *
 * @throws PretextError `bench.python`, `bench.peers`
 */
async function prepare({ folder: name, requirements, fetching }: typeof peers): Promise<string> {
  const file = besideThis(requirements);
  const folder = join(cacheFolder(), name);
  const environment = join(folder, 'venv');
  const python = join(
    environment,
    ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']),
  );
  const stamp = join(folder, 'installed.txt');
  const wanted = readFileSync(file, 'utf8');
  if (existsSync(stamp) && existsSync(python) && readFileSync(stamp, 'utf8') === wanted) return python;
  mkdirSync(folder, { recursive: true });
  // Also where there is one: it may have been left half made.
  await runLoud(findPython(), ['-m', 'venv', environment], 'making the virtual environment');
  const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', '--progress-bar', 'on'];
  await runLoud(python, [...pip, '-r', file], fetching);
  writeFileSync(stamp, wanted);
  return python;
}

function findPython(): string {
  const check = 'import sys, venv; sys.exit(sys.version_info < (3, 10))';
  const found = ['python3', 'python'].find((name) => spawnSync(name, ['-c', check]).status === 0);
  if (found) return found;
  throw new PretextError({
    code: 'bench.python',
    message:
      'The bench compares with Python libraries, and there is no Python 3.10 or later with the module venv.',
    remedy: 'Install Python (on Debian and Ubuntu also python3-venv) and run the same command again.',
  });
}

/** Runs a program whose output goes to stderr, so that stdout stays the document's. */
function runLoud(program: string, args: string[], purpose: string): Promise<void> {
  process.stderr.write(`[bench] ${purpose} …\n`);
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 2, 2] });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) return resolve();
      const remedy = 'See the lines above. Run the same command again: what was fetched already is kept.';
      reject(
        new PretextError({ code: 'bench.peers', message: `${purpose} failed (status ${code}).`, remedy }),
      );
    });
  });
}
