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
import { flushAtOnce, giveNameAtOnce } from '../../machine/replace-file.ts';
import type { RepairReport } from '../../contract/repair.ts';
import { clearAway, databaseInMaking, fillDatabase } from './creating.ts';
import { nothingToSave, openDamaged, tableNames, type Damaged } from './damaged-database.ts';
import { readRows } from './damaged-rows.ts';
import type { WritableProject } from '../database.ts';
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
import { migrate } from '../migrate.ts';
import { adoptModels } from './models-on-disk.ts';
import { saveTable } from './saved-rows.ts';
import { problemsOf } from './soundness.ts';

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
  const emptiedNotes: string[] = [];
  fillDatabase(
    folder,
    made,
    (project) => {
      for (const table of tableNames(project.connection).filter((name) => !PASSING.includes(name))) {
        const { saved, lost, emptied } = saveTable(damaged, project.connection, table);
        if (saved + lost > 0) tables.push({ table, saved, lost });
        for (const [column, count] of Object.entries(emptied))
          emptiedNotes.push(`${table}.${column}: ${count}`);
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
  return { problems: damaged.problems, tables, lostDatasets, adoptedModels, emptiedNotes };
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
