/**
 * Making a project.
 *
 * It comes into being by the last step, when its finished database gets its name: whoever is killed before leaves
 * nothing that anybody would take for a project, and whoever makes it next clears that away.
 */
import { lstatSync, readdirSync, statSync, unlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import Sqlite from 'better-sqlite3';
import { flushAtOnce, giveNameAtOnce } from '../../machine/replace-file.ts';
import { insertProject } from './about.ts';
import { connect, wrapConnection, type WritableProject } from '../database.ts';
import { databaseFile, fail, isProject, makeParts, PARTS, withPermission } from '../files/folder.ts';
import { timestamp } from '../identity.ts';
import { migrate, readMigrations } from '../migrate.ts';
import { makeFolder } from '../../machine/make-folder.ts';
import { isAlive } from '../../machine/processes.ts';

/** A database that is being made, by the process of this number, with what SQLite puts beside it. */
const IN_MAKING = /^project\.db\.making-(\d+)(?:-journal|-wal|-shm)?$/;
export const databaseInMaking = (folder: string) => `${databaseFile(folder)}.making-${process.pid}`;

/**
 * Makes a project in a folder that does not exist yet or is empty.
 *
 * Throws a PretextError when the folder holds something, is a file, or may not be written to.
 */
export function createProject(folder: string, name: string, programVersion: string): WritableProject {
  const absolute = resolve(folder);
  checkFree(absolute);
  return withPermission(absolute, () => {
    makeFolder(absolute);
    clearAway(absolute);
    makeParts(absolute);
    const made = databaseInMaking(absolute);
    fillDatabase(absolute, made, (project) =>
      insertProject(project, { name, createdAt: timestamp(), createdWith: programVersion }),
    );
    giveNameAtOnce(made, databaseFile(absolute));
    return wrapConnection(absolute, connect(databaseFile(absolute)));
  });
}

/**
 * Writes a new database of this version, whole and flushed.
 *
 * @param version where given, the earlier one that it is of when `fill` gets it, which then migrates it
 */
export function fillDatabase(
  folder: string,
  file: string,
  fill: (project: WritableProject) => void,
  version?: number,
): void {
  const connection = new Sqlite(file);
  try {
    connection.pragma('foreign_keys = ON');
    migrate(connection, readMigrations(), version);
    fill(wrapConnection(folder, connection));
    // Said in the file before it has its name: a kill at the first opening then leaves nothing half changed.
    connection.pragma('journal_mode = WAL');
  } finally {
    connection.close();
  }
  flushAtOnce(file);
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
  const entries = withPermission(folder, () =>
    readdirSync(folder).filter((name) => !isLeftOver(folder, name)),
  );
  if (entries.length > 0)
    throw fail(
      'project.folder-not-empty',
      `The folder holds ${entries.length} other ${entries.length === 1 ? 'file' : 'files'} (${entries.slice(0, 3).join(', ')}${entries.length > 3 ? ', …' : ''}).`,
      folder,
      'Choose an empty folder or a new name: a project needs a folder of its own.',
    );
}

/** What somebody leaves who is killed while making a project: empty folders, and the unfinished database. */
function isLeftOver(folder: string, name: string): boolean {
  const path = join(folder, name);
  const found = lstatSync(path);
  if (found.isDirectory())
    return (PARTS as readonly string[]).includes(name) && readdirSync(path).length === 0;
  const maker = IN_MAKING.exec(name)?.[1];
  return found.isFile() && maker !== undefined && !isMaking(Number(maker));
}

/** This process makes one project at a time, and is done with it before it looks. */
const isMaking = (pid: number) => pid !== process.pid && isAlive({ pid, birth: null });

export function clearAway(folder: string): void {
  for (const name of readdirSync(folder))
    if (IN_MAKING.test(name) && isLeftOver(folder, name)) unlinkSync(join(folder, name));
}
