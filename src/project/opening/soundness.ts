/**
 * Whether a file is the database of a project, and whether it is sound.
 *
 * It is looked at before anything is written to it: what is no project, or is damaged, stays as it is.
 */
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import Sqlite, { type Database } from 'better-sqlite3';
import type { PretextError } from '../../contract/errors.ts';
import { fail } from '../files/folder.ts';
import { databaseVersion, migrate, readMigrations } from '../migrate.ts';
import { isAlive, thisProcess } from '../../machine/processes.ts';

const MAGIC = 'SQLite format 3\0';
/** So large a database is checked through and through within a third of a second, and page by page in one second. */
const THOROUGH_BYTES = 16e6;
const QUICK_BYTES = 256e6;
/** Tables that grow with samples and steps: of a very large project they are checked on request. */
const LARGE_TABLES = ['samples', 'issues', 'labels', 'copies', 'copies_between', 'metrics'];

/** Throws a PretextError when the file is empty, is no database, or that of another program. Changes nothing. */
export function requireProjectDatabase(file: string): void {
  if (statSync(file).size === 0)
    throw fail(
      'project.empty',
      'project.db is empty: nothing of the project is in it.',
      file,
      'Put project.db back from a backup (the project’s folder “backups” may hold one). If nothing else is in the folder, delete it and make a new project.',
    );
  if (readStart(file) !== MAGIC) throw damaged(file, 'it does not begin as a database does');
  // A change that was cut short is taken back by whoever opens the file, which needs more than reading.
  const readonly = !existsSync(`${file}-journal`);
  const connection = saying(file, () => new Sqlite(file, { readonly, timeout: 10_000 }));
  try {
    if (!saying(file, () => hasProjectTable(connection)))
      throw fail(
        'project.foreign',
        'project.db is a database of something else: it holds no project. Nothing was changed.',
        file,
        'Choose the folder of a project (usually named ….pretext), or create one.',
      );
  } finally {
    connection.close();
  }
}

/** Quickly at every opening; thoroughly where the last program that had it open was killed, or on request. */
export function requireSound(connection: Database, thoroughly: boolean): void {
  const file = connection.name;
  const [problem] = saying(file, () => problemsOf(connection, thoroughly));
  if (problem !== undefined) throw damaged(file, problem);
}

/** What SQLite finds wrong with the database; empty for a sound one. */
export function problemsOf(connection: Database, thoroughly: boolean, most = 1): string[] {
  const bytes = statSync(connection.name, { throwIfNoEntry: false })?.size ?? 0;
  const ask = (pragma: string) =>
    (connection.pragma(pragma) as Record<string, string>[])
      .map((row) => Object.values(row)[0]!)
      .filter((line) => line !== 'ok');
  const found =
    thoroughly || bytes <= THOROUGH_BYTES
      ? ask(`integrity_check(${most})`)
      : bytes <= QUICK_BYTES
        ? ask(`quick_check(${most})`)
        : smallTables(connection).flatMap((table) => ask(`quick_check(${JSON.stringify(table)})`));
  return [...found, ...schemaProblems(connection)].slice(0, most);
}

/** Tables are made by migrations alone: what differs from those was damaged. */
export function schemaProblems(connection: Database, version = databaseVersion(connection)): string[] {
  const migrations = readMigrations();
  if (version > migrations.length) return [];
  const right = new Sqlite(':memory:');
  try {
    migrate(right, migrations, version);
    const found = new Map(schemaOf(connection));
    return schemaOf(right)
      .filter(([name, sql]) => found.get(name) !== sql)
      .map(([name]) => `the description of ${name} is not as it was made`);
  } finally {
    right.close();
  }
}

function schemaOf(connection: Database): [string, string | null][] {
  return connection
    .prepare("SELECT type || ' ' || name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'")
    .raw()
    .all() as [string, string | null][];
}

function smallTables(connection: Database): string[] {
  const names = connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
  return (names as string[]).filter((name) => !LARGE_TABLES.includes(name));
}

/** Whether the program that ran the queue last, on this machine, was ended before it could tidy up. */
export function wasKilled(connection: Database): boolean {
  const lease = connection.prepare('SELECT pid, host FROM lease').get() as
    { pid: number; host: string } | undefined;
  return lease?.host === thisProcess().host && !isAlive({ pid: lease.pid, birth: null });
}

function hasProjectTable(connection: Database): boolean {
  if (databaseVersion(connection) < 1) return false;
  const query = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN ('project', 'lease')";
  return connection.prepare(query).pluck().get() === 2;
}

function readStart(file: string): string {
  const start = Buffer.alloc(MAGIC.length);
  const handle = openSync(file, 'r');
  try {
    readSync(handle, start, 0, start.length, 0);
  } finally {
    closeSync(handle);
  }
  return start.toString('latin1');
}

/** What SQLite throws at a damaged file comes out as an error that says what to do. */
export function saying<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { code = '' } = error as { code?: string };
    if (!/^SQLITE_(CORRUPT|NOTADB|ERROR|IOERR_SHORT_READ)/.test(code)) throw error;
    throw damaged(file, (error as Error).message);
  }
}

export function damaged(file: string, how: string): PretextError {
  return fail(
    'project.broken',
    `project.db is damaged: ${how}. It was left as it is.`,
    file,
    'Repair the project: all that can still be read is saved, and the damaged file is kept. Or put the folder back from a backup.',
  );
}
