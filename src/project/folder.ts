/** The project folder: where its parts lie, making one, opening one. */
import { accessSync, constants, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Database } from 'better-sqlite3';
import { PretextError, type Failure } from '../contract/errors.ts';
import {
  deleteOwnFile,
  idOfFile,
  isPlainFolder,
  requirePlainNames,
  writerOf,
  type NamedPart,
} from './file-names.ts';
import { isAlive } from './processes.ts';
import { closeProject, connect, wrapConnection, type WritableProject } from './database.ts';
import { timestamp } from './identity.ts';
import { migrate } from './migrate.ts';
import { insertProject } from './about.ts';

const NAMED_PARTS: NamedPart[] = ['shards', 'checkpoints', 'answers'];
const WRITTEN_MS = 3_600_000;
const PARTS = ['shards', 'checkpoints', 'answers', 'exports', 'logs'] as const;

export const databaseFile = (folder: string) => join(folder, 'project.db');
export const shardFolder = (folder: string) => join(folder, 'shards');
export const checkpointFolder = (folder: string) => join(folder, 'checkpoints');
export const logFolder = (folder: string) => join(folder, 'logs');

export function isProject(folder: string): boolean {
  return existsSync(databaseFile(folder));
}

/**
 * Makes a project in a folder that does not exist yet or is empty.
 *
 * Throws a PretextError when the folder holds something, is a file, or may not be written to.
 */
export function createProject(folder: string, name: string, programVersion: string): WritableProject {
  const absolute = resolve(folder);
  checkFree(absolute);
  withPermission(absolute, () => {
    for (const part of PARTS) mkdirSync(join(absolute, part), { recursive: true });
  });
  const project = wrapConnection(
    absolute,
    withPermission(absolute, () => connect(databaseFile(absolute))),
  );
  try {
    migrate(project.connection);
    insertProject(project, { name, createdAt: timestamp(), createdWith: programVersion });
    return project;
  } catch (error) {
    closeProject(project);
    throw error;
  }
}

/**
 * Opens an existing project and brings its database to this version.
 *
 * Throws a PretextError when there is none, when it may not be written to, or when it is from a newer program.
 */
export function openProject(folder: string): WritableProject {
  const absolute = resolve(folder);
  checkExists(absolute);
  withPermission(absolute, () => {
    accessSync(absolute, constants.R_OK | constants.W_OK);
    accessSync(databaseFile(absolute), constants.R_OK | constants.W_OK);
  });
  const connection = connectExisting(absolute);
  try {
    migrate(connection);
    requirePlainNames(connection, absolute);
    for (const part of PARTS) mkdirSync(join(absolute, part), { recursive: true });
    return wrapConnection(absolute, connection);
  } catch (error) {
    connection.close();
    throw error;
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

function checkFree(folder: string): void {
  const found = withPermission(folder, () => statSync(folder, { throwIfNoEntry: false }));
  if (!found) return;
  if (!found.isDirectory())
    throw fail(
      'project.not-a-folder',
      `There is a file of this name, not a folder.`,
      folder,
      'Choose another name.',
    );
  if (isProject(folder))
    throw fail(
      'project.exists',
      'There is a project in this folder already.',
      folder,
      'Open it, or choose another folder.',
    );
  const entries = withPermission(folder, () => readdirSync(folder));
  if (entries.length > 0)
    throw fail(
      'project.folder-not-empty',
      `The folder holds ${entries.length} other ${entries.length === 1 ? 'file' : 'files'} (${entries.slice(0, 3).join(', ')}${entries.length > 3 ? ', …' : ''}).`,
      folder,
      'Choose an empty folder or a new name: a project needs a folder of its own.',
    );
}

function checkExists(folder: string): void {
  if (!existsSync(folder))
    throw fail(
      'project.missing',
      'There is no such folder.',
      folder,
      'Check the path, or create a project there first (`pretext project create`, or in the window).',
    );
  if (!isProject(folder))
    throw fail(
      'project.not-a-project',
      'This folder is not a project: it holds no project.db.',
      folder,
      'Choose the folder of a project (usually named ….pretext), or create one.',
    );
}

function connectExisting(folder: string): Database {
  try {
    return connect(databaseFile(folder));
  } catch (error) {
    if ((error as { code?: string }).code !== 'SQLITE_NOTADB') throw error;
    throw fail(
      'project.broken',
      'project.db is not a database, or it is damaged.',
      databaseFile(folder),
      'Restore the folder from a backup.',
    );
  }
}

function withPermission<T>(folder: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (!['EACCES', 'EPERM', 'EROFS', 'SQLITE_READONLY', 'SQLITE_CANTOPEN'].includes(code)) throw error;
    throw fail(
      'project.no-permission',
      'The project folder may not be read and written.',
      folder,
      'Change the folder’s permissions, or choose another folder.',
    );
  }
}

function fail(code: string, message: string, place: string, remedy: string): PretextError {
  const failure: Failure = { code, message, place, remedy };
  return new PretextError(failure);
}
