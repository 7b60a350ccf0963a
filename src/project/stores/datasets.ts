/** Datasets: what was imported, under which name, and whether it is waiting to be deleted. */
import { and, asc, eq, isNotNull, isNull } from 'drizzle-orm';
import type { Dataset } from '../../contract/entities.ts';
import { PretextError } from '../../contract/errors.ts';
import type { ImportOptions } from '../../contract/recipe/recipe.ts';
import { inTransaction, type ReadableProject, type WritableProject } from '../database.ts';
import { timestamp } from '../identity.ts';
import { datasetTable } from '../schema.ts';

/** In place of the time of removal: its samples are being deleted, so it cannot be brought back. */
export const ERASING = 'erasing';
const ROWS_AT_ONCE = 10_000;
/** Tables that hold rows for each sample, with what numbers them. What else refers to a dataset goes with it. */
const MANY_ROWS = [
  ['copies', 'held_out'],
  ['issues', 'position'],
  ['labels', 'position'],
  ['samples', 'position'],
] as const;

type Row = typeof datasetTable.$inferSelect;

/** A dataset with what only the service needs: its key in `samples`, its shard, how it was imported. */
export interface StoredDataset {
  key: number;
  dataset: Dataset;
  /** File name in the project's shards folder. */
  shard: string;
  importOptions: ImportOptions;
  removedAt: string | null;
  /** Which labels it is read with: the newest, unless those of an earlier version were asked for. */
  labelVersion: number;
}

export function listDatasets(project: ReadableProject): Dataset[] {
  const rows = project.database
    .select()
    .from(datasetTable)
    .where(isNull(datasetTable.removedAt))
    .orderBy(asc(datasetTable.key))
    .all();
  return rows.map((row) => toStored(row).dataset);
}

export function findDataset(project: ReadableProject, name: string): StoredDataset | null {
  const row = project.database
    .select()
    .from(datasetTable)
    .where(and(eq(datasetTable.name, name), isNull(datasetTable.removedAt)))
    .get();
  return row ? toStored(row) : null;
}

/** A dataset by id, also while it waits to be deleted. Throws `dataset.missing`. */
export function getDataset(project: ReadableProject, datasetId: string): StoredDataset {
  const found = findDatasetById(project, datasetId);
  if (!found) throw missingDataset(datasetId);
  return found;
}

/** Null when it is gone. */
export function findDatasetById(project: ReadableProject, datasetId: string): StoredDataset | null {
  const row = project.database.select().from(datasetTable).where(eq(datasetTable.id, datasetId)).get();
  return row ? toStored(row) : null;
}

export interface NewDataset {
  dataset: Dataset;
  shard: string;
  importOptions: ImportOptions;
  /** How many groups stand in more than one split; left out: it is counted when it is asked for. */
  partedGroups?: number;
}

/**
 * Adds a dataset that nobody sees yet, as its samples follow in chunks; `showDataset` ends it.
 *
 * Returns the key under which samples and issues are stored.
 */
export function insertHiddenDataset(
  project: WritableProject,
  { dataset, shard, importOptions, partedGroups }: NewDataset,
): number {
  const { issueCounts, channelNames, samplingRate, columns, ...rest } = dataset;
  const row = project.database
    .insert(datasetTable)
    .values({
      ...rest,
      channelNames: channelNames ?? null,
      samplingRate: samplingRate ?? null,
      columns: columns ?? null,
      leftOutCount: issueCounts.leftOut,
      notedCount: issueCounts.noted,
      importOptions,
      shard,
      partedGroups: partedGroups ?? null,
      removedAt: timestamp(),
    })
    .returning({ key: datasetTable.key })
    .get();
  return row.key;
}

/**
 * Makes a hidden or removed dataset visible. Throws `dataset.exists` when its name was taken meanwhile, and
 * `dataset.missing` when its samples are being deleted.
 */
export function showDataset(project: WritableProject, datasetId: string): Dataset {
  return inTransaction(project, () => {
    const { dataset, removedAt } = getDataset(project, datasetId);
    if (removedAt === ERASING) throw missingDataset(dataset.name);
    if (findDataset(project, dataset.name)) throw datasetExists(dataset.name);
    project.database
      .update(datasetTable)
      .set({ removedAt: null })
      .where(eq(datasetTable.id, datasetId))
      .run();
    return dataset;
  });
}

export function hideDataset(project: WritableProject, datasetId: string): void {
  project.database
    .update(datasetTable)
    .set({ removedAt: timestamp() })
    .where(eq(datasetTable.id, datasetId))
    .run();
}

export function renameDataset(project: WritableProject, datasetId: string, name: string): Dataset {
  return inTransaction(project, () => {
    const { dataset } = getDataset(project, datasetId);
    const other = findDataset(project, name);
    if (other && other.dataset.id !== datasetId) throw datasetExists(name);
    project.database.update(datasetTable).set({ name }).where(eq(datasetTable.id, datasetId)).run();
    return { ...dataset, name };
  });
}

export function listHiddenDatasets(project: ReadableProject): StoredDataset[] {
  return project.database
    .select()
    .from(datasetTable)
    .where(isNotNull(datasetTable.removedAt))
    .all()
    .map(toStored);
}

/**
 * Deletes the rows of a dataset, its samples and issues. The shard is the caller's.
 *
 * A stretch at a time, as there may be a million: nobody waits long for the database. A deletion that is broken off
 * leaves the dataset hidden for good, and whoever tidies up next goes on with it.
 */
export async function deleteDataset(project: WritableProject, datasetId: string): Promise<void> {
  const { key } = getDataset(project, datasetId);
  const ofDataset = eq(datasetTable.id, datasetId);
  project.database.update(datasetTable).set({ removedAt: ERASING }).where(ofDataset).run();
  for (const [table, column] of MANY_ROWS) {
    const some = project.connection.prepare(
      `DELETE FROM ${table} WHERE dataset_key = ? AND ${column} IN
         (SELECT ${column} FROM ${table} WHERE dataset_key = ? ORDER BY ${column} LIMIT ${ROWS_AT_ONCE})`,
    );
    while (some.run(key, key).changes > 0) {
      await new Promise((resolve) => setImmediate(resolve));
      if (!project.connection.open) return;
    }
  }
  project.database.delete(datasetTable).where(ofDataset).run();
}

/** File names of all shards that some dataset, visible or not, refers to. */
export function referencedShards(project: ReadableProject): Set<string> {
  const rows = project.database.select({ shard: datasetTable.shard }).from(datasetTable).all();
  return new Set(rows.map((row) => row.shard));
}

export function datasetExists(name: string): PretextError {
  return new PretextError({
    code: 'dataset.exists',
    message: `There is a dataset named “${name}” already.`,
    place: name,
    remedy: 'Choose another name, or remove the other dataset first.',
  });
}

export function missingDataset(idOrName: string): PretextError {
  return new PretextError({
    code: 'dataset.missing',
    message: `There is no dataset “${idOrName}” in this project.`,
    place: idOrName,
    remedy: 'Look at the list of datasets, or import it first.',
  });
}

function toStored(row: Row): StoredDataset {
  const {
    key,
    shard,
    importOptions,
    removedAt,
    leftOutCount,
    notedCount,
    channelNames,
    samplingRate,
    columns,
    copies,
    labels,
    partedGroups: _partedGroups,
    ...rest
  } = row;
  const dataset: Dataset = {
    ...rest,
    ...(channelNames && { channelNames }),
    ...(samplingRate !== null && { samplingRate }),
    ...(columns && { columns }),
    issueCounts: { leftOut: leftOutCount, noted: notedCount },
    ...(copies && { copies }),
    ...(labels && { labels }),
  };
  return { key, dataset, shard, importOptions, removedAt, labelVersion: labels?.version ?? 0 };
}
