/** Makes a folder with all above it. Node's own `recursive` never ends where the system says that there is no such place. */
import { mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { PretextError } from '../contract/errors.ts';

/**
 * @throws PretextError `disk.no-folder` where no folder can be there (under `/proc`, on a drive that is gone, beneath a
 *   file); the system's error for what may change, as a permission
 */
export function makeFolder(folder: string): void {
  const missing: string[] = [];
  for (let at = resolve(folder); !isFolder(at); at = dirname(at)) {
    missing.unshift(at);
    if (dirname(at) === at) break;
  }
  for (const path of missing) {
    try {
      mkdirSync(path);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Another process was first.
      if (code === 'EEXIST' && isFolder(path)) continue;
      throw code === 'ENOENT' || code === 'ENOTDIR' || code === 'EEXIST' ? noFolder(path, code) : error;
    }
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return false;
    throw error;
  }
}

function noFolder(path: string, code: string): PretextError {
  return new PretextError({
    code: 'disk.no-folder',
    message: `No folder can be made here (${code}).`,
    place: path,
    remedy: 'Choose another place.',
  });
}
