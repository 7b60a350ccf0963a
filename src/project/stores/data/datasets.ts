/** Datasets: what was imported, under which name, and whether it is waiting to be deleted. */
import { and, asc, eq, isNotNull, isNull } from 'drizzle-orm';
import { signalKindOf } from '../../../contract/data/recordings/find-kind.ts';
import { presetIn, type KindChoice } from '../../../contract/data/recordings/signal-kinds.ts';
import { modalities } from '../../../contract/data/modality.ts';
import type { Dataset } from '../../../contract/entities.ts';
import { PretextError } from '../../../contract/errors.ts';
import { knownFields } from '../../../contract/known-fields.ts';
import {
  importSchema,
  splitSchema,
  type ImportOptions,
  type SplitRule,
} from '../../../contract/recipe/recipe.ts';
import { inTransaction, type ReadableProject, type WritableProject } from '../../database.ts';
import { timestamp } from '../../identity.ts';
import { datasetTable } from '../../schema.ts';
import { deleteInStretches, type Rows } from './stretches.ts';

/** In place of the time of removal: what belongs to it is being deleted, so it cannot be brought back. */
export const ERASING = 'erasing';

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
  const { issueCounts, channelNames, channelUnits, samplingRate, columns, ...known } = dataset;
  const { weightedBy: _weightedBy, signalKind: _signalKind, ...rest } = known;
  const row = project.database
    .insert(datasetTable)
    .values({
      ...rest,
      channelNames: channelNames ?? null,
      channelUnits: channelUnits ?? null,
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
  for (const rows of manyRows(project, key)) if (!(await deleteInStretches(project, rows))) return;
  project.database.delete(datasetTable).where(ofDataset).run();
}

/** What there may be a row of for each sample, or for each pair of them. What else refers to a dataset goes with it. */
function manyRows(project: ReadableProject, key: number): Rows[] {
  const ofDataset = { where: 'dataset_key = ?', values: [key] };
  const searches = project
    .prepare('SELECT held_out_key, seen_key FROM copy_searches WHERE held_out_key = ? OR seen_key = ?')
    .raw()
    .all(key, key) as [number, number][];
  return [
    ...searches.map((values) => ({
      table: 'copies_between',
      where: 'held_out_key = ? AND seen_key = ?',
      values,
      key: ['search', 'held_out', 'seen'],
    })),
    { table: 'copies', ...ofDataset, key: ['search', 'held_out', 'training'] },
    { table: 'issues', ...ofDataset, key: ['position'] },
    { table: 'labels', ...ofDataset, key: ['position', 'version'] },
    { table: 'samples', ...ofDataset, key: ['position'] },
    { table: 'group_levels', ...ofDataset, key: ['level', 'group_name'] },
    { table: 'recording_marks', ...ofDataset, key: ['recording', 'position'] },
  ];
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

/** What its format was told is kept with it. */
function weightOf({ options }: ImportOptions): Pick<Dataset, 'weightedBy'> {
  const weight = options?.['weight'];
  return typeof weight === 'string' ? { weightedBy: weight } : {};
}

/** Found anew whenever it is asked for, so that datasets of earlier versions have one, too; what a person said stays. */
function kindOf(
  { modality, channelNames, channelUnits, samplingRate, source }: Row,
  { signals, options }: ImportOptions,
): Pick<Dataset, 'signalKind'> {
  // A damaged or crafted project may name a kind of data that there is not; it is tidied up all the same.
  if (!modalities.some(({ id, lasts }) => id === modality && lasts)) return {};
  const known = {
    channelNames: channelNames ?? [],
    channelUnits: channelUnits ?? [],
    samplingRate: samplingRate ?? undefined,
    preparedAs: presetIn(options),
    source,
  };
  return { signalKind: signalKindOf(known, signals.kind) };
}

/** Says what the signals of a dataset are of; `auto`: what is found. Throws `dataset.missing`, `dataset.no-signals`. */
export function setSignalKind(project: WritableProject, datasetId: string, kind: KindChoice): Dataset {
  return inTransaction(project, () => {
    const { dataset, importOptions } = getDataset(project, datasetId);
    if (!dataset.signalKind)
      throw new PretextError({
        code: 'dataset.no-signals',
        message: `“${dataset.name}” holds no signals, so there is no kind of signal to say.`,
        place: dataset.name,
        remedy: 'Name a dataset of recordings.',
      });
    const { kind: _earlier, ...signals } = importOptions.signals;
    const said = { ...importOptions, signals: kind === 'auto' ? signals : { ...signals, kind } };
    project.database
      .update(datasetTable)
      .set({ importOptions: said })
      .where(eq(datasetTable.id, datasetId))
      .run();
    return getDataset(project, datasetId).dataset;
  });
}

function toStored(row: Row): StoredDataset {
  const {
    key,
    shard,
    importOptions: written,
    split,
    removedAt,
    leftOutCount,
    notedCount,
    channelNames,
    channelUnits,
    samplingRate,
    columns,
    copies,
    labels,
    partedGroups: _partedGroups,
    copySearch: _copySearch,
    ...rest
  } = row;
  const importOptions = knownFields(importSchema, written) as ImportOptions;
  const dataset: Dataset = {
    ...rest,
    split: { ...split, rule: knownFields(splitSchema, split.rule) as SplitRule },
    ...(channelNames && { channelNames }),
    ...(channelUnits && { channelUnits }),
    ...(samplingRate !== null && { samplingRate }),
    ...kindOf(row, importOptions),
    ...(columns && { columns }),
    ...weightOf(importOptions),
    issueCounts: { leftOut: leftOutCount, noted: notedCount },
    ...(copies && { copies }),
    ...(labels && { labels }),
  };
  return { key, dataset, shard, importOptions, removedAt, labelVersion: labels?.version ?? 0 };
}
