/** The project folder: where its parts lie, what killed processes left in it, and what the system refuses there. */
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { PretextError, type Failure } from '../../contract/errors.ts';
import { deleteOwnFile, idOfFile, isPlainFolder, writerOf, type NamedPart } from './file-names.ts';
import { isAlive } from '../../machine/processes.ts';

const NAMED_PARTS: NamedPart[] = ['shards', 'checkpoints', 'answers', 'models'];
const WRITTEN_MS = 3_600_000;
export const PARTS = ['shards', 'checkpoints', 'answers', 'models', 'exports', 'logs'] as const;

export const databaseFile = (folder: string) => join(folder, 'project.db');
export const checkpointFolder = (folder: string) => join(folder, 'checkpoints');
export const logFolder = (folder: string) => join(folder, 'logs');

export function isProject(folder: string): boolean {
  return existsSync(databaseFile(folder));
}

/** Throws a PretextError where a file stands in the place of one; without a log the program does as well. */
export function makeParts(folder: string): void {
  for (const part of PARTS) {
    const path = join(folder, part);
    const isThere = statSync(path, { throwIfNoEntry: false })?.isDirectory();
    if (isThere === undefined) mkdirSync(path, { recursive: true });
    else if (!isThere && part !== 'logs')
      throw fail(
        'project.part-not-a-folder',
        `The project keeps its ${part} in a folder of this name, and there is a file instead.`,
        path,
        'Move the file elsewhere, or give it another name; then open the project again.',
      );
  }
}

/**
 * Removes half-written files that a killed process left, and nothing else.
 *
 * Only the owner of the project's queue may call it.
 * @param claimed ids of imports that are going on, in whichever process
 */
export function removeLeftovers(folder: string, claimed: ReadonlySet<string> = new Set()): string[] {
  return NAMED_PARTS.flatMap((part) =>
    namesIn(folder, part)
      .filter((name) => {
        const writer = writerOf(name);
        if (writer === null || claimed.has(idOfFile(name))) return false;
        return !isBeingWritten(join(folder, part, name), writer) && deleteOwnFile(folder, part, name);
      })
      .map((name) => join(folder, part, name)),
  );
}

/** The number of a process may belong to a later one: what nobody has written to for an hour is left over. */
function isBeingWritten(path: string, writer: number): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return (
    found !== undefined && Date.now() - found.mtimeMs < WRITTEN_MS && isAlive({ pid: writer, birth: null })
  );
}

/** Names in a folder of the project; none where it is a link to elsewhere or not there. */
export function namesIn(folder: string, part: NamedPart): string[] {
  const path = join(folder, part);
  return isPlainFolder(path) ? readdirSync(path) : [];
}

/** The name that a project in this folder gets when nobody gives one. */
export function defaultProjectName(folder: string): string {
  return basename(resolve(folder)).replace(/\.pretext$/, '') || 'Project';
}

/** Does something with the folder; what the system refuses comes out as an error that says so. */
export function withPermission<T>(folder: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ENAMETOOLONG' || (code === 'SQLITE_CANTOPEN' && isTooLongForDatabase(folder)))
      throw fail(
        'path.too-long',
        'The path of the project folder is longer than this system allows.',
        folder,
        'Choose a folder with a shorter path.',
      );
    if (!['EACCES', 'EPERM', 'EROFS', 'SQLITE_READONLY', 'SQLITE_CANTOPEN'].includes(code)) throw error;
    throw fail(
      'project.no-permission',
      'The project folder may not be read and written.',
      folder,
      'Change the folder’s permissions, or choose another folder.',
    );
  }
}

/** SQLite opens no longer ones but on Windows, and puts files of longer names beside its own. */
const LONGEST_PATH = 512;
const isTooLongForDatabase = (path: string) =>
  process.platform !== 'win32' &&
  Buffer.byteLength(join(path, 'project.db.making-1234567-journal')) > LONGEST_PATH;

export function fail(code: string, message: string, place: string, remedy: string): PretextError {
  const failure: Failure = { code, message, place, remedy };
  return new PretextError(failure);
}
