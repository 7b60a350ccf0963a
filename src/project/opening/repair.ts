/**
 * Saving what can still be read of a damaged database.
 *
 * Every table is read row by row from both ends, so that a damaged page costs only what lies on it; where it is not even
 * known any more what tables there are, they are looked for page by page (salvage.ts). What was read goes
 * into a new database of the damaged one's version, which is migrated, checked, and only then takes the place of the
 * damaged file, which is kept.
 */
import { copyFileSync, existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import { flushAtOnce, giveNameAtOnce } from '../../machine/replace-file.ts';
import type { RepairReport } from '../../contract/repair.ts';
import { clearAway, databaseInMaking, fillDatabase } from './creating.ts';
import { columnsIn, isDamage, readRows, ROWS_AT_ONCE, type Row } from './damaged-rows.ts';
import { DOCUMENTS } from './documents.ts';
import type { WritableProject } from '../database.ts';
import { isPlainName, NAME_COLUMNS } from '../files/file-names.ts';
import {
  databaseFile,
  defaultProjectName,
  fail,
  isProject,
  makeParts,
  withPermission,
} from '../files/folder.ts';
import { timestamp } from '../identity.ts';
import { isAlive, thisProcess } from '../../machine/processes.ts';
import { databaseVersion, migrate, readMigrations } from '../migrate.ts';
import { adoptModels } from './models-on-disk.ts';
import { salvage, shapesOf, type TableShape } from './salvage.ts';
import { problemsOf, schemaProblems } from './soundness.ts';

/** What processes leave each other; nobody misses it. */
const PASSING = ['lease', 'imports', 'requests', 'changes'];

/** Throws a PretextError when there is no project, when somebody has it open, or when nothing could be read. */
export function repairProject(folder: string, programVersion: string): RepairReport {
  const absolute = resolve(folder);
  if (!isProject(absolute))
    throw fail(
      'project.not-a-project',
      'This folder is not a project: it holds no project.db.',
      absolute,
      'Choose the folder of a project (usually named ….pretext).',
    );
  return withPermission(absolute, () => repair(absolute, programVersion));
}

function repair(folder: string, programVersion: string): RepairReport {
  clearAway(folder);
  const made = databaseInMaking(folder);
  const source = `${made}.source`;
  try {
    copyDatabase(databaseFile(folder), source);
    const damaged = openDamaged(source, folder);
    let report: Omit<RepairReport, 'kept'>;
    try {
      requireFree(damaged, folder);
      report = save(folder, damaged, made, programVersion);
    } finally {
      damaged.connection.close();
    }
    const kept = keepDamaged(folder);
    giveNameAtOnce(made, databaseFile(folder));
    makeParts(folder);
    return { ...report, kept };
  } finally {
    for (const suffix of ['', '-wal', '-shm', '-journal']) {
      rmSync(source + suffix, { force: true });
      rmSync(made + suffix, { force: true });
    }
  }
}

function copyDatabase(from: string, to: string): void {
  for (const suffix of ['', '-wal']) if (existsSync(from + suffix)) copyFileSync(from + suffix, to + suffix);
}

interface Damaged {
  connection: Database;
  /** Under which names the rows of a table are found: its own, or those of its pieces. */
  partsOf(table: string): readonly string[];
  /** Of its tables. */
  version: number;
  problems: string[];
}

/** Where the database's description of its tables is damaged as well, they are looked for without it. */
function openDamaged(file: string, folder: string): Damaged {
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

/** Somebody who has it open would go on writing into the damaged file. */
function requireFree(damaged: Damaged, folder: string): void {
  const leases = damaged
    .partsOf('lease')
    .flatMap((part) => [...readRows(damaged.connection, part)])
    .filter((row) => row !== 'unreadable');
  const lease = leases.find(
    (row) =>
      row['host'] === thisProcess().host &&
      isAlive({ pid: Number(row['pid']), birth: (row['birth'] as string | null) ?? null }),
  );
  if (!lease) return;
  throw fail(
    'project.in-use',
    `Another program (process ${String(lease['pid'])}) has this project open.`,
    folder,
    'Close it there, then repair the project.',
  );
}

function save(
  folder: string,
  damaged: Damaged,
  made: string,
  programVersion: string,
): Omit<RepairReport, 'kept'> {
  const tables: RepairReport['tables'] = [];
  const lostDatasets: string[] = [];
  const adoptedModels: string[] = [];
  fillDatabase(
    folder,
    made,
    (project) => {
      for (const table of tableNames(project.connection).filter((name) => !PASSING.includes(name))) {
        const counts = saveTable(damaged, project.connection, table);
        if (counts.saved + counts.lost > 0) tables.push({ table, ...counts });
      }
      if (tables.every(({ saved }) => saved === 0))
        throw nothingToSave(folder, damaged.problems[0] ?? 'no row was read');
      migrate(project.connection);
      keepProjectRow(project, folder, programVersion);
      lostDatasets.push(...dropIncomplete(project));
      adoptedModels.push(...adoptModels(project));
      const left = problemsOf(project.connection, true);
      if (left.length > 0) throw new Error(`the repaired database is not sound: ${left[0]}`);
    },
    damaged.version,
  );
  return { problems: damaged.problems, tables, lostDatasets, adoptedModels };
}

function problemsFound(damaged: Database): string[] {
  try {
    return problemsOf(damaged, true, 20);
  } catch (error) {
    return [(error as Error).message];
  }
}

/** In the order in which migrations made them: what is referred to comes first. */
function tableNames(connection: Database): string[] {
  return connection
    .prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid",
    )
    .pluck()
    .all() as string[];
}

function saveTable(damaged: Damaged, into: Database, table: string) {
  let [saved, lost] = [0, 0];
  damaged.partsOf(table).forEach((part, place) => {
    const counts = savePart({ from: damaged.connection, part }, { into, table });
    saved += counts.saved;
    // What a piece holds that others held before it is no loss.
    lost += place === 0 ? counts.lost : counts.unreadable;
  });
  return { saved, lost };
}

function savePart(
  { from, part }: { from: Database; part: string },
  { into, table }: { into: Database; table: string },
): { saved: number; lost: number; unreadable: number } {
  const there = new Set(columnsIn(from, part));
  const shared = columnsIn(into, table).filter((column) => there.has(column));
  const counts = { saved: 0, lost: 0, unreadable: 0 };
  if (shared.length === 0) return counts;
  const insert = into.prepare(
    `INSERT INTO ${table} (${shared.map((column) => `"${column}"`).join()}) VALUES (${shared.map(() => '?').join()})`,
  );
  const rows = readRows(from, part);
  const write = into.transaction((some: readonly (Row | 'unreadable')[]) => {
    for (const row of some) {
      if (row === 'unreadable') counts.unreadable += 1;
      const kept = row !== 'unreadable' && isPossible(table, row) && tryInsert(insert, shared, row);
      if (kept) counts.saved += 1;
      else counts.lost += 1;
    }
  });
  for (let some = take(rows, ROWS_AT_ONCE); some.length > 0; some = take(rows, ROWS_AT_ONCE)) write(some);
  return counts;
}

/** A row that breaks a rule (a doubled key, a reference to what was lost) is lost as well. */
function tryInsert(insert: Sqlite.Statement, columns: readonly string[], row: Row): boolean {
  try {
    insert.run(columns.map((column) => row[column]));
    return true;
  } catch (error) {
    if (/^SQLITE_(CONSTRAINT|MISMATCH)/.test((error as { code?: string }).code ?? '')) return false;
    throw error;
  }
}

/** Names must stay inside the folder, and what looks like a document must be one. */
function isPossible(table: string, row: Row): boolean {
  const names = NAME_COLUMNS.filter((one) => one.table === table).map(({ column }) => row[column]);
  const documents = Object.entries(row).filter(([column]) => DOCUMENTS.has(`${table}.${column}`));
  return names.every(isPlainName) && documents.every(([, value]) => value === null || isDocument(value));
}

function isDocument(text: unknown): boolean {
  try {
    JSON.parse(String(text));
    return true;
  } catch {
    return false;
  }
}

function take<T>(rows: Iterator<T>, count: number): T[] {
  const taken: T[] = [];
  while (taken.length < count) {
    const { value, done } = rows.next();
    if (done) break;
    taken.push(value as T);
  }
  return taken;
}

function keepProjectRow({ connection }: WritableProject, folder: string, programVersion: string): void {
  connection
    .prepare('INSERT OR IGNORE INTO project (id, name, created_at, created_with) VALUES (1, ?, ?, ?)')
    .run(defaultProjectName(folder), timestamp(), programVersion);
}

/** A dataset is its samples in their places: one that lacks some cannot be trained on. Returns their names. */
function dropIncomplete({ connection }: WritableProject): string[] {
  const incomplete = connection
    .prepare(
      `SELECT key, name FROM datasets WHERE removed_at IS NULL
       AND sample_count <> (SELECT count(*) FROM samples WHERE dataset_key = datasets.key)`,
    )
    .all() as { key: number; name: string }[];
  for (const { key } of incomplete) connection.prepare('DELETE FROM datasets WHERE key = ?').run(key);
  return incomplete.map(({ name }) => name);
}

/** The damaged file and its log, under a name of their own: `project.db.broken-1`. */
function keepDamaged(folder: string): string {
  const names = readdirSync(folder);
  let number = 1;
  while (names.includes(`project.db.broken-${number}`)) number += 1;
  const kept = join(folder, `project.db.broken-${number}`);
  const file = databaseFile(folder);
  copyFileSync(file, kept);
  flushAtOnce(kept);
  if (existsSync(`${file}-wal`)) renameSync(`${file}-wal`, `${kept}-wal`);
  rmSync(`${file}-shm`, { force: true });
  return kept;
}

function nothingToSave(folder: string, how: string): Error {
  return fail(
    'project.beyond-repair',
    `Nothing could be read from project.db: ${how}.`,
    databaseFile(folder),
    'Put project.db back from a backup: the project’s folder “backups” may hold one. Prepared samples and checkpoints are untouched.',
  );
}
