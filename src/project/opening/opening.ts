/**
 * Opening a project: looked at first, checked, backed up where a migration follows, and only then written to.
 *
 * A folder that may only be read opens for reading: the program works on a copy of its database, as SQLite needs to
 * write beside a database even to read it.
 */
import {
  accessSync,
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Database } from 'better-sqlite3';
import { temporaryFailure } from '../../contract/errors.ts';
import { backUp } from './backup.ts';
import { connect, wrapConnection, type WritableProject } from '../database.ts';
import { requirePlainNames } from '../files/file-names.ts';
import { databaseFile, fail, isProject, makeParts, withPermission } from '../files/folder.ts';
import { databaseVersion, migrate, readMigrations, requireKnownVersion } from '../migrate.ts';
import { requireProjectDatabase, requireSound, saying, wasKilled } from './soundness.ts';

/**
 * Opens an existing project and brings its database to this version.
 *
 * Throws a PretextError when there is none, when it may not be read, when it is damaged, or when it is from a newer
 * program.
 */
export function openProject(folder: string): WritableProject {
  const absolute = resolve(folder);
  const file = databaseFile(absolute);
  checkExists(absolute);
  withPermission(absolute, () => accessSync(file, constants.R_OK));
  if (!mayWrite(absolute, file)) return openForReading(absolute);
  withPermission(file, () => requireProjectDatabase(file));
  const connection = connectSaying(file);
  try {
    prepare(connection, () => backUp(absolute, connection, databaseVersion(connection)));
    requirePlainNames(connection, absolute);
    withPermission(absolute, () => makeParts(absolute));
    return wrapConnection(absolute, connection);
  } catch (error) {
    connection.close();
    throw error;
  }
}

function openForReading(folder: string): WritableProject {
  const copies = makeTemporaryFolder();
  const leave = () => rmSync(copies, { recursive: true, force: true });
  try {
    const copy = databaseFile(copies);
    for (const suffix of ['', '-wal'])
      if (existsSync(databaseFile(folder) + suffix))
        copyFileSync(databaseFile(folder) + suffix, copy + suffix);
    requireProjectDatabase(copy);
    const connection = connectSaying(copy);
    try {
      prepare(connection, () => undefined);
      requirePlainNames(connection, folder);
      connection.pragma('query_only = ON');
      return { ...wrapConnection(folder, connection), readOnly: true, onClose: leave };
    } catch (error) {
      connection.close();
      throw error;
    }
  } catch (error) {
    leave();
    throw error;
  }
}

function makeTemporaryFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), 'pretext-reading-'));
  } catch (error) {
    throw temporaryFailure(error, tmpdir());
  }
}

/** Checks it, and brings it to this version. */
function prepare(connection: Database, beforeMigration: () => void): void {
  const file = connection.name;
  const found = saying(file, () => databaseVersion(connection));
  requireKnownVersion(connection);
  requireSound(
    connection,
    saying(file, () => wasKilled(connection)),
  );
  if (found < readMigrations().length) beforeMigration();
  migrate(connection);
}

function connectSaying(file: string): Database {
  return withPermission(file, () => saying(file, () => connect(file)));
}

function mayWrite(folder: string, file: string): boolean {
  try {
    accessSync(folder, constants.R_OK | constants.W_OK);
    closeSync(openSync(file, 'r+'));
    return true;
  } catch {
    // Whatever the reason, it may at least be read.
    return false;
  }
}

function checkExists(folder: string): void {
  if (!existsSync(folder))
    throw fail(
      'project.missing',
      'There is no such folder.',
      folder,
      'Check the path, or create a project there first.',
    );
  if (!isProject(folder))
    throw fail(
      'project.not-a-project',
      'This folder is not a project: it holds no project.db.',
      folder,
      'Choose the folder of a project (usually named ….pretext), or create one.',
    );
}
