/** Whether a file can be put where it was asked for: told before anything is computed for it. */
import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { PretextError } from '../contract/errors.ts';

/**
 * Throws a PretextError: `file.exists` where there is such a file and it may not be written over, `file.is-folder`
 * where a folder has the name, `file.inside-file` where a part of its path is a file.
 */
export function requirePlaceFor(file: string, overwrite: boolean): void {
  const there = stateOf(file);
  if (there?.isDirectory())
    throw new PretextError({
      code: 'file.is-folder',
      message: 'A folder has this name; a file is to be written. Nothing was written.',
      place: file,
      remedy: 'Name a file, for example one in that folder.',
    });
  if (there && !overwrite)
    throw new PretextError({
      code: 'file.exists',
      message: 'There is a file of this name already. Nothing was written.',
      place: file,
      remedy: 'Choose another name, or say that it may be overwritten (`--overwrite` on the command line).',
    });
  if (!there) requireFolderAbove(file);
}

/** Throws `file.inside-file` where a part of the path is a file. */
export function requireFolderAbove(file: string): void {
  let above = dirname(file);
  while (!stateOf(above) && dirname(above) !== above) above = dirname(above);
  if (stateOf(above)?.isDirectory() !== false) return;
  throw new PretextError({
    code: 'file.inside-file',
    message: `“${above}” is a file: nothing can be put into it. Nothing was written.`,
    place: file,
    remedy: 'Choose a place in a folder.',
  });
}

/** Undefined where there is nothing, also where a part of the path is a file. */
function stateOf(path: string) {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined;
    throw error;
  }
}
