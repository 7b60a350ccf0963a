/**
 * Samples: where each stands in the shard and what is known of it.
 *
 * Written with a million rows in mind: inserted by one prepared statement, a transaction a chunk; browsed by
 * indices only; read for training into typed arrays, chunk by chunk so that the service stays answering.
 */
import type { Sample, SplitName } from '../../contract/entities.ts';
import { LEFT_OUT_CODE, SPLIT_CODE } from '../../contract/messages/trainer.ts';
import { inTransaction, type ReadableProject, type WritableProject } from '../database.ts';

export interface NewSample {
  source: string;
  byteOffset: number;
  /** -1: unlabeled, or the target is a number. */
  classId: number;
  number: number | null;
  group: string | null;
  /** 0 train, 1 validation, 2 test. */
  split: number;
}

export interface SampleFilter {
  split?: SplitName | undefined;
  /** -1 for unlabeled samples of a dataset of classes. */
  classId?: number | undefined;
}

/** What training needs to know of all samples of a dataset, in the order of their positions. */
export interface SampleArrays {
  offsets: Float64Array<ArrayBuffer>;
  splits: Uint8Array<ArrayBuffer>;
  classIds: Int32Array<ArrayBuffer>;
  numbers: Float32Array<ArrayBuffer>;
}

interface SampleRow {
  position: number;
  source: string;
  class_id: number;
  number: number | null;
  group_name: string | null;
  split: number;
}

const SPLIT_NAMES = ['train', 'validation', 'test', 'left-out'] as const satisfies Sample['split'][];
const CHUNK = 20_000;
const pause = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Appends samples at `firstPosition`, in one transaction. */
export function insertSamples(
  project: WritableProject,
  datasetKey: number,
  firstPosition: number,
  samples: readonly NewSample[],
): void {
  const insert = project.connection.prepare(
    `INSERT INTO samples (dataset_key, position, source, byte_offset, class_id, number, group_name, split)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  inTransaction(project, () => {
    samples.forEach(({ source, byteOffset, classId, number, group, split }, index) =>
      insert.run(datasetKey, firstPosition + index, source, byteOffset, classId, number, group, split),
    );
  });
}

/** The SQL of the browser's page, exported so that a test can look at its query plan. */
export function samplePageQuery(filter: SampleFilter): { rows: string; count: string; values: number[] } {
  const conditions = ['dataset_key = ?'];
  const values: number[] = [];
  if (filter.split !== undefined) {
    conditions.push('split = ?');
    values.push(SPLIT_CODE[filter.split]);
  }
  if (filter.classId !== undefined) {
    conditions.push('class_id = ?');
    values.push(filter.classId);
  }
  const where = conditions.join(' AND ');
  return {
    // The inner query walks an index alone; only the rows of the page are fetched.
    rows: `SELECT position, source, class_id, number, group_name, split FROM samples WHERE dataset_key = ? AND position IN (SELECT position FROM samples WHERE ${where} ORDER BY position LIMIT ? OFFSET ?) ORDER BY position`,
    count: `SELECT count(*) AS total FROM samples WHERE ${where}`,
    values,
  };
}

/** One page of samples in their stored order, and how many there are in all. */
export function readSamplePage(
  project: ReadableProject,
  datasetKey: number,
  filter: SampleFilter & { offset: number; limit: number },
  classNames: readonly string[],
): { total: number; samples: Sample[] } {
  const { rows, count, values } = samplePageQuery(filter);
  const { total } = project.prepare(count).get(datasetKey, ...values) as { total: number };
  const found = project
    .prepare(rows)
    .all(datasetKey, datasetKey, ...values, filter.limit, filter.offset) as SampleRow[];
  return { total, samples: found.map((row) => toSample(row, classNames)) };
}

/** One sample that is known to be there. */
export function readSample(
  project: ReadableProject,
  datasetKey: number,
  position: number,
  classNames: readonly string[],
): Sample {
  const row = project
    .prepare(
      'SELECT position, source, class_id, number, group_name, split FROM samples WHERE dataset_key = ? AND position = ?',
    )
    .get(datasetKey, position) as SampleRow;
  return toSample(row, classNames);
}

/** Byte offsets of a few samples, in the order asked for; positions that do not exist are left out. */
export function readOffsets(
  project: ReadableProject,
  datasetKey: number,
  positions: readonly number[],
): number[] {
  const query = project
    .prepare('SELECT byte_offset FROM samples WHERE dataset_key = ? AND position = ?')
    .pluck();
  return positions
    .map((position) => query.get(datasetKey, position) as number | undefined)
    .filter((offset) => offset !== undefined);
}

/** Everything that training needs to know of a dataset's samples. */
export async function readSampleArrays(
  project: ReadableProject,
  datasetKey: number,
  count: number,
): Promise<SampleArrays> {
  const arrays: SampleArrays = {
    offsets: new Float64Array(count),
    splits: new Uint8Array(count),
    classIds: new Int32Array(count),
    numbers: new Float32Array(count),
  };
  const query = project
    .prepare(
      `SELECT byte_offset, split, class_id, number FROM samples
       WHERE dataset_key = ? AND position >= ? AND position < ? ORDER BY position`,
    )
    .raw();
  for (let first = 0; first < count; first += CHUNK) {
    const rows = query.all(datasetKey, first, first + CHUNK) as [number, number, number, number | null][];
    rows.forEach(([offset, split, classId, number], index) => {
      arrays.offsets[first + index] = offset;
      arrays.splits[first + index] = split;
      arrays.classIds[first + index] = classId;
      arrays.numbers[first + index] = number ?? Number.NaN;
    });
    await pause();
  }
  return arrays;
}

/** The group of every sample by number, in the order in which groups first appear; -1 where it has none. */
export async function readGroups(
  project: ReadableProject,
  datasetKey: number,
  count: number,
): Promise<Int32Array<ArrayBuffer>> {
  const groups = new Int32Array(count);
  const numbers = new Map<string, number>();
  const query = project
    .prepare(
      'SELECT group_name FROM samples WHERE dataset_key = ? AND position >= ? AND position < ? ORDER BY position',
    )
    .pluck();
  for (let first = 0; first < count; first += CHUNK) {
    const names = query.all(datasetKey, first, first + CHUNK) as (string | null)[];
    names.forEach((name, index) => {
      if (name !== null && !numbers.has(name)) numbers.set(name, numbers.size);
      groups[first + index] = name === null ? -1 : numbers.get(name)!;
    });
    await pause();
  }
  return groups;
}

/** By connection, then by dataset and by what was left out of training since. */
const partedGroups = new WeakMap<ReadableProject, Map<string, number>>();

/**
 * How many groups stand in more than one split: 0 for a sound split. Looked up once, as that takes a second or two of a
 * million samples: groups and splits stay as they were imported, but for copies that are left out of training.
 *
 * @param leftOutAt when copies were left out of training, null where they are in it
 */
export function countPartedGroups(
  project: ReadableProject,
  datasetKey: number,
  leftOutAt: string | null,
): number {
  const known = partedGroups.get(project) ?? new Map<string, number>();
  partedGroups.set(project, known);
  const state = `${datasetKey} ${leftOutAt ?? ''}`;
  const counted = known.get(state) ?? queryPartedGroups(project, datasetKey);
  known.set(state, counted);
  return counted;
}

function queryPartedGroups(project: ReadableProject, datasetKey: number): number {
  return project
    .prepare(
      `SELECT count(*) FROM (
         SELECT group_name FROM samples WHERE dataset_key = ? AND group_name IS NOT NULL AND split < ${LEFT_OUT_CODE}
         GROUP BY group_name HAVING count(DISTINCT split) > 1
       )`,
    )
    .pluck()
    .get(datasetKey) as number;
}

function toSample(row: SampleRow, classNames: readonly string[]): Sample {
  const label = row.number === null ? (classNames[row.class_id] ?? null) : String(row.number);
  return {
    index: row.position,
    source: row.source,
    label,
    group: row.group_name,
    split: SPLIT_NAMES[row.split]!,
  };
}
