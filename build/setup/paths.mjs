// Where things lie: the checkout, and the cache that outlives a reinstall of node_modules.
import { existsSync, mkdirSync, statfsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { megabytes, SetupError } from './say.mjs';

export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/**
 * `PRETEXT_CACHE`, or `pretext-studio` in the platform's folder for caches.
 * @param {Record<string, string | undefined>} environment
 * @param {string} platform
 */
export function cacheFolder(environment = process.env, platform = process.platform) {
  if (environment.PRETEXT_CACHE) return environment.PRETEXT_CACHE;
  const home = homedir();
  if (platform === 'win32') {
    return join(environment.LOCALAPPDATA ?? join(home, 'AppData', 'Local'), 'pretext-studio');
  }
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'pretext-studio');
  return join(environment.XDG_CACHE_HOME || join(home, '.cache'), 'pretext-studio');
}

/** One after the other: Node's own way never ends under `/proc`, where a home may be that is none. */
function makeFolders(folder) {
  if (existsSync(folder)) return;
  if (dirname(folder) !== folder) makeFolders(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
}

/** A folder of the cache, made if it is not there. */
export function cacheSubfolder(...names) {
  const folder = join(cacheFolder(), ...names);
  try {
    makeFolders(folder);
  } catch (error) {
    throw new SetupError(
      `The cache folder ${folder} cannot be made: ${error.message}`,
      'Give write permission there, or set PRETEXT_CACHE to a folder that can be written.',
    );
  }
  return folder;
}

/** Refuses to start what the disk cannot hold. */
export function needSpace(folder, bytes, purpose) {
  let existing = folder;
  while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing);
  const { bavail, bsize } = statfsSync(existing);
  const free = bavail * bsize;
  if (free >= bytes) return;
  throw new SetupError(
    `Not enough disk space for ${purpose}: ${megabytes(bytes)} needed in ${folder}, ${megabytes(free)} free.`,
    'Free some space, or set PRETEXT_CACHE to a folder on a larger disk.',
  );
}
