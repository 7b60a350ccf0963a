/**
 * Samples: where each stands in the shard and what is known of it.
 *
 * Written with a million rows in mind: inserted by one prepared statement, a transaction a chunk; browsed by
 * indices only; read for training into typed arrays, chunk by chunk so that the service stays answering.
 */
import type { Sample } from '../../../contract/entities.ts';
import { LEFT_OUT_CODE, SPLIT_CODE, SPLIT_NAMES } from '../../../contract/data/splits/split.ts';
import { targetsText, type Target } from '../../../contract/data/target.ts';
import { inTransaction, type ReadableProject, type WritableProject } from '../../database.ts';
import { eachSample } from './each-sample.ts';
import { labeledSamples, readingOf } from './labeled-samples.ts';
import { SAMPLE_COLUMNS, samplePageQuery, type SampleFilter } from './sample-page.ts';
import { targetBytes, targetsOf } from './sample-targets.ts';

export interface NewSample {
  source: string;
  byteOffset: number;
  /** -1: unlabeled, or the target is a number. */
  classId: number;
  number: number | null;
  group: string | null;
  /** 0 train, 1 validation, 2 test. */
  split: number;
  /** Which recording it is a part of, by number; left out: of none. */
  recording?: number | null;
  /** Several labels or numbers, NaN for unknown; `number` is then how many are known. */
  targets?: Float32Array | null;
  /** How much it counts, above 0; left out: as much as the others. */
  weight?: number | null;
}

/** What training needs to know of all samples of a dataset, in the order of their positions. */
export interface SampleArrays {
  offsets: Float64Array<ArrayBuffer>;
  splits: Uint8Array<ArrayBuffer>;
  classIds: Int32Array<ArrayBuffer>;
  numbers: Float32Array<ArrayBuffer>;
  /** Several labels or numbers, row-major; null where samples have one. */
  targets: Float32Array<ArrayBuffer> | null;
  /** How much each counts; null where all count alike. */
  weights: Float32Array<ArrayBuffer> | null;
}

interface SampleRow {
  position: number;
  source: string;
  class_id: number;
  number: number | null;
  group_name: string | null;
  split: number;
  imported_class_id: number;
  imported_number: number | null;
  imported_split: number;
  left_out: 0 | 1;
  targets: Buffer | null;
  target: Target | null;
}

/** Appends samples at `firstPosition`, in one transaction; each is asked for when its turn comes, and forgotten. */
export function insertSamples(
  project: WritableProject,
  datasetKey: number,
  firstPosition: number,
  samples: Iterable<NewSample>,
): void {
  const insert = project.connection.prepare(
    `INSERT INTO samples (dataset_key, position, source, byte_offset, class_id, number, group_name, split, recording, targets, weight)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  inTransaction(project, () => {
    let position = firstPosition;
    for (const sample of samples) {
      const { source, byteOffset, classId, number, group, split, weight = null } = sample;
      const { recording = null, targets = null } = sample;
      const place = [datasetKey, position++, source, byteOffset];
      const bytes = targets && targetBytes(targets);
      insert.run(...place, classId, number, group, split, recording, bytes, weight);
    }
  });
}

/** One page of samples in their stored order, and how many there are in all. */
export function readSamplePage(
  project: ReadableProject,
  datasetKey: number,
  filter: SampleFilter & { offset: number; limit: number },
  classNames: readonly string[],
): { total: number; samples: Sample[] } {
  const { rows, count, values } = samplePageQuery(filter, readingOf(project, datasetKey));
  const given = { key: datasetKey, ...values };
  const { total } = project.prepare(count).get(given) as { total: number };
  const { offset, limit } = filter;
  const found = project.prepare(rows).all({ ...given, offset, limit }) as SampleRow[];
  return { total, samples: found.map((row) => toSample(row, classNames)) };
}

/**
 * Samples in their stored order from a position on, as many as asked for.
 *
 * @param labelVersion whose labels and left-out samples; left out: the newest
 */
export function readSampleRange(
  project: ReadableProject,
  datasetKey: number,
  first: number,
  count: number,
  classNames: readonly string[],
  labelVersion?: number,
): Sample[] {
  const rows = project
    .prepare(
      `SELECT ${SAMPLE_COLUMNS} FROM ${labeledSamples(readingOf(project, datasetKey, labelVersion))} WHERE dataset_key = ? AND position >= ? AND position < ? ORDER BY position`,
    )
    .all(datasetKey, first, first + count) as SampleRow[];
  return rows.map((row) => toSample(row, classNames));
}

/** One sample; null where there is none at that position. */
export function findSample(
  project: ReadableProject,
  datasetKey: number,
  position: number,
  classNames: readonly string[],
): Sample | null {
  const row = project
    .prepare(
      `SELECT ${SAMPLE_COLUMNS} FROM ${labeledSamples(readingOf(project, datasetKey))} WHERE dataset_key = ? AND position = ?`,
    )
    .get(datasetKey, position) as SampleRow | undefined;
  return row ? toSample(row, classNames) : null;
}

/** One sample that is known to be there. */
export const readSample = (...asked: Parameters<typeof findSample>): Sample => findSample(...asked)!;

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

/**
 * Everything that training needs to know of a dataset's samples.
 *
 * @param labelVersion whose labels and left-out samples; left out: the newest
 */
export async function readSampleArrays(
  project: ReadableProject,
  datasetKey: number,
  count: number,
  labelVersion?: number,
): Promise<SampleArrays> {
  const arrays: SampleArrays = {
    offsets: new Float64Array(count),
    splits: new Uint8Array(count),
    classIds: new Int32Array(count),
    numbers: new Float32Array(count),
    targets: null,
    weights: null,
  };
  const from = labeledSamples(readingOf(project, datasetKey, labelVersion));
  type Row = [number, number, number, number | null, Buffer | null, number | null];
  const columns = 'byte_offset, split, class_id, number, targets, weight';
  await eachSample<Row>(
    project,
    { datasetKey, count, columns, from },
    ([offset, split, classId, number, several, weight], position) => {
      arrays.offsets[position] = offset;
      arrays.splits[position] = split;
      arrays.classIds[position] = classId;
      arrays.numbers[position] = number ?? Number.NaN;
      if (weight !== null) {
        arrays.weights ??= new Float32Array(count).fill(1);
        arrays.weights[position] = weight;
      }
      if (several) {
        const values = targetsOf(several);
        arrays.targets ??= new Float32Array(count * values.length).fill(Number.NaN);
        arrays.targets.set(values, position * values.length);
      }
    },
  );
  return arrays;
}

/** What a person finds each sample by, in the order of their places. */
export async function readSources(
  project: ReadableProject,
  datasetKey: number,
  count: number,
): Promise<string[]> {
  const sources: string[] = [];
  await eachSample<[string]>(project, { datasetKey, count, columns: 'source' }, ([source]) => {
    sources.push(source);
  });
  return sources;
}

/** Where windows stand in their recordings, in the order of the samples. */
export interface RecordingPlaces {
  /** Number of the recording; -1 where that is not known. */
  recordings: Int32Array<ArrayBuffer>;
  /** Bytes in the shard since the first window of the recording. */
  bytes: Float64Array<ArrayBuffer>;
  /** First byte in the shard. */
  offsets: Float64Array<ArrayBuffer>;
}

/** Whether samples are known to be parts of recordings: all of a dataset are, or none. */
export function hasRecordings(project: ReadableProject, datasetKey: number): boolean {
  const first = project
    .prepare('SELECT recording FROM samples WHERE dataset_key = ? ORDER BY position LIMIT 1')
    .pluck()
    .get(datasetKey);
  return typeof first === 'number';
}

/** Null where no sample is known to be part of a recording. */
export async function readRecordings(
  project: ReadableProject,
  datasetKey: number,
  count: number,
): Promise<RecordingPlaces | null> {
  const places: RecordingPlaces = {
    recordings: new Int32Array(count),
    bytes: new Float64Array(count),
    offsets: new Float64Array(count),
  };
  const begins = new Map<number, number>();
  await eachSample<[number | null, number]>(
    project,
    { datasetKey, count, columns: 'recording, byte_offset' },
    ([recording, offset], position) => {
      places.recordings[position] = recording ?? -1;
      places.offsets[position] = offset;
      if (recording !== null) begins.set(recording, Math.min(offset, begins.get(recording) ?? Infinity));
    },
  );
  if (begins.size === 0) return null;
  places.offsets.forEach((offset, index) => {
    places.bytes[index] = offset - (begins.get(places.recordings[index]!) ?? offset);
  });
  return places;
}

/**
 * How many groups stand in more than one split: 0 for a sound split. It was counted at the import; leaving samples out
 * makes it no larger, so only where it was not 0 are the samples looked through.
 *
 * @param labelVersion whose left-out samples; left out: the newest
 */
export function countPartedGroups(
  project: ReadableProject,
  datasetKey: number,
  labelVersion?: number,
): number {
  const imported = project
    .prepare('SELECT parted_groups FROM datasets WHERE key = ?')
    .pluck()
    .get(datasetKey) as number | null;
  if (imported === 0) return 0;
  if (imported === null) keepPartedGroups(project, datasetKey);
  return queryPartedGroups(project, datasetKey, labelVersion);
}

/** Of a dataset from before this was counted at the import, once. */
function keepPartedGroups(project: ReadableProject, datasetKey: number): void {
  if (project.readOnly) return;
  // Copies that are left out were training samples.
  const parted = `SELECT count(*) FROM (
    SELECT group_name FROM samples WHERE dataset_key = ? AND group_name IS NOT NULL
    GROUP BY group_name HAVING count(DISTINCT iif(split = ${LEFT_OUT_CODE}, ${SPLIT_CODE.train}, split)) > 1)`;
  project
    .prepare(`UPDATE datasets SET parted_groups = (${parted}) WHERE key = ?`)
    .run(datasetKey, datasetKey);
}

function queryPartedGroups(project: ReadableProject, datasetKey: number, labelVersion?: number): number {
  return project
    .prepare(
      `SELECT count(*) FROM (
         SELECT group_name FROM ${labeledSamples(readingOf(project, datasetKey, labelVersion))}
         WHERE dataset_key = ? AND group_name IS NOT NULL AND split < ${LEFT_OUT_CODE}
         GROUP BY group_name HAVING count(DISTINCT split) > 1
       )`,
    )
    .pluck()
    .get(datasetKey) as number;
}

function toSample(row: SampleRow, classNames: readonly string[]): Sample {
  const label = row.targets
    ? targetsText(targetsOf(row.targets), classNames, row.target!)
    : labelText(row.class_id, row.number, classNames);
  const importedLabel = row.targets
    ? label
    : labelText(row.imported_class_id, row.imported_number, classNames);
  const before = SPLIT_NAMES[row.imported_split]!;
  return {
    index: row.position,
    source: row.source,
    label,
    group: row.group_name,
    split: SPLIT_NAMES[row.split]!,
    ...(importedLabel !== label && { importedLabel }),
    ...(row.left_out === 1 && before !== 'left-out' && { leftOutOf: before }),
  };
}

const labelText = (classId: number, number: number | null, classNames: readonly string[]) =>
  number === null ? (classNames[classId] ?? null) : String(number);
