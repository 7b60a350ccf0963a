/** A damaged database as it is read for what can be saved: its tables, or the pieces of them that are found page by page. */
import Sqlite, { type Database } from 'better-sqlite3';
import { databaseFile, fail } from '../files/folder.ts';
import { databaseVersion, migrate, readMigrations } from '../migrate.ts';
import { isDamage } from './damaged-rows.ts';
import { salvage, shapesOf, type TableShape } from './salvage.ts';
import { problemsOf, schemaProblems } from './soundness.ts';

export interface Damaged {
  connection: Database;
  /** Under which names the rows of a table are found: its own, or those of its pieces. */
  partsOf(table: string): readonly string[];
  /** Of its tables. */
  version: number;
  problems: string[];
}

/**
 * Where the database's description of its tables is damaged as well, they are looked for without it.
 *
 * @throws PretextError `project.beyond-repair` where nothing can be read
 */
export function openDamaged(file: string, folder: string): Damaged {
  let problem: string | undefined;
  let connection: Database | null = null;
  try {
    connection = openUnsafely(file);
    const version = versionOf(connection);
    // Of a later version's tables nothing is known.
    [problem] = schemaProblems(connection, Math.max(version, databaseVersion(connection)));
    if (problem === undefined)
      return { connection, partsOf: (table) => [table], version, problems: problemsFound(connection) };
  } catch (error) {
    problem = (error as Error).message;
  }
  connection?.close();
  try {
    const { parts, version } = salvage(file, tablesByVersion());
    if ([...parts.values()].every((names) => names.length === 0)) throw nothingToSave(folder, problem);
    const partsOf = (table: string) => parts.get(table) ?? [];
    return { connection: openUnsafely(file), partsOf, version, problems: [problem] };
  } catch (error) {
    if (!isDamage(error)) throw error;
    throw nothingToSave(folder, problem);
  }
}

/** With a schema that may be written SQLite opens also what it finds malformed. */
function openUnsafely(file: string): Database {
  const connection = new Sqlite(file);
  try {
    connection.unsafeMode(true);
    connection.pragma('writable_schema = ON');
    connection.prepare('SELECT count(*) FROM sqlite_schema').get();
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** What it says of itself, or, where no version says that, the latest of which its tables are. */
function versionOf(connection: Database): number {
  const said = databaseVersion(connection);
  const versions = readMigrations().map(({ version }) => version);
  if (versions.includes(said)) return said;
  return versions.findLast((version) => schemaProblems(connection, version).length === 0) ?? versions.length;
}

/** From version 1 on. */
function tablesByVersion(): TableShape[][] {
  const right = new Sqlite(':memory:');
  try {
    const migrations = readMigrations();
    return migrations.map(({ version }) => {
      migrate(right, migrations, version);
      return shapesOf(right, tableNames(right));
    });
  } finally {
    right.close();
  }
}

function problemsFound(damaged: Database): string[] {
  try {
    return problemsOf(damaged, true, 20);
  } catch (error) {
    return [(error as Error).message];
  }
}

/** In the order in which migrations made them: what is referred to comes first. */
export function tableNames(connection: Database): string[] {
  return connection
    .prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid",
    )
    .pluck()
    .all() as string[];
}

export function nothingToSave(folder: string, how: string): Error {
  return fail(
    'project.beyond-repair',
    `Nothing could be read from project.db: ${how}.`,
    databaseFile(folder),
    'Put project.db back from a backup: the project’s folder “backups” may hold one. Prepared samples and checkpoints are untouched.',
  );
}
