/** Recordings of a dataset: where each lies in the shard, what is marked in it, and the windows cut from it. */
import type {
  DatasetRecording,
  RecordedMark,
  RecordedWindow,
  RecordingPlace,
} from '../../../contract/data/recordings/recordings.ts';
import { SPLIT_NAMES } from '../../../contract/data/splits/split.ts';
import { inTransaction, type ReadableProject, type WritableProject } from '../../database.ts';
import { labeledSamples, readingOf } from './labeled-samples.ts';
import { parseDocument } from '../../stored-document.ts';

export interface StoredPlace extends DatasetRecording {
  /** Its first byte in the shard. */
  byteOffset: number;
}

interface Row {
  number: number;
  path: string;
  byte_offset: number;
  row_count: number;
  begun: string | null;
  subject: string | null;
  stretches: string;
}

/** In one transaction; those that are there already stay. */
export function insertRecordings(
  project: WritableProject,
  datasetKey: number,
  first: number,
  places: readonly RecordingPlace[],
): void {
  const insert = project.connection.prepare(
    `INSERT OR IGNORE INTO recordings (dataset_key, number, path, byte_offset, row_count, begun, subject, stretches)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const mark = project.connection.prepare(
    `INSERT OR IGNORE INTO recording_marks (dataset_key, recording, position, kind, name, channel, first_row, end_row)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  inTransaction(project, () => {
    places.forEach(({ path, start, rows, begun, subject, stretches, marks }, index) => {
      const number = first + index;
      insert.run(datasetKey, number, path, start, rows, begun, subject, JSON.stringify(stretches));
      marks.forEach(({ kind, name, channel, start: from, end }, position) =>
        mark.run(datasetKey, number, position, kind, name, channel, from, end),
      );
    });
  });
}

const COLUMNS = 'number, path, byte_offset, row_count, begun, subject, stretches';

/** In the order of the shard. */
export function listRecordings(project: ReadableProject, datasetKey: number): StoredPlace[] {
  const rows = project
    .prepare(`SELECT ${COLUMNS} FROM recordings WHERE dataset_key = ? ORDER BY number`)
    .all(datasetKey) as Row[];
  return rows.map(toPlace);
}

/** Null where there is none of that number. */
export function findRecording(
  project: ReadableProject,
  datasetKey: number,
  number: number,
): StoredPlace | null {
  const row = project
    .prepare(`SELECT ${COLUMNS} FROM recordings WHERE dataset_key = ? AND number = ?`)
    .get(datasetKey, number) as Row | undefined;
  return row ? toPlace(row) : null;
}

/** Of datasets of earlier versions none are known. */
export const countRecordings = (project: ReadableProject, datasetKey: number): number =>
  project.prepare('SELECT COUNT(*) FROM recordings WHERE dataset_key = ?').pluck().get(datasetKey) as number;

/** Rows of the recording in the middle of all by their length, of two the mean; null where there is none. */
export function readMedianRows(project: ReadableProject, datasetKey: number): number | null {
  const counted = '(SELECT COUNT(*) FROM recordings WHERE dataset_key = @key)';
  const { median } = project
    .prepare(
      `SELECT AVG(row_count) AS median FROM (
         SELECT row_count FROM recordings WHERE dataset_key = @key
         ORDER BY row_count LIMIT 2 - ${counted} % 2 OFFSET (${counted} - 1) / 2
       )`,
    )
    .get({ key: datasetKey }) as { median: number | null };
  return median;
}

const toPlace = ({ byte_offset, row_count, stretches, ...row }: Row): StoredPlace => ({
  ...row,
  byteOffset: byte_offset,
  rows: row_count,
  stretches: parseDocument<DatasetRecording['stretches']>(stretches, 'stretches'),
});

/** Where the windows of each recording of an earlier version's dataset begin and end, by the number in its samples. */
export function findRecordedWindows(
  project: ReadableProject,
  datasetKey: number,
): { source: string; first: number; last: number }[] {
  return project
    .prepare(
      `SELECT min(source) AS source, min(byte_offset) AS first, max(byte_offset) AS last FROM samples
       WHERE dataset_key = ? AND recording IS NOT NULL GROUP BY recording ORDER BY first`,
    )
    .all(datasetKey) as { source: string; first: number; last: number }[];
}

/** Marks that touch these rows, and how many there are; of too many every so-manieth. */
export function readMarks(
  project: ReadableProject,
  datasetKey: number,
  { recording, from, to, limit }: { recording: number; from: number; to: number; limit: number },
): { marks: RecordedMark[]; count: number } {
  const where = 'dataset_key = ? AND recording = ? AND first_row < ? AND end_row >= ?';
  const given = [datasetKey, recording, to, from];
  const count = project
    .prepare(`SELECT count(*) FROM recording_marks WHERE ${where}`)
    .pluck()
    .get(given) as number;
  const marks = project
    .prepare(
      `SELECT kind, name, channel, first_row AS start, end_row AS end FROM recording_marks
       WHERE ${where} AND position % ? = 0 ORDER BY position LIMIT ?`,
    )
    .all([...given, Math.ceil(count / limit) || 1, limit]) as RecordedMark[];
  return { marks, count };
}

/** Where the first sample lies that begins at this byte or later. Samples stand in the order of the shard. */
function firstFrom(project: ReadableProject, datasetKey: number, count: number, byte: number): number {
  const offsetAt = project
    .prepare('SELECT byte_offset FROM samples WHERE dataset_key = ? AND position = ?')
    .pluck();
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((offsetAt.get(datasetKey, middle) as number) < byte) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Windows that begin between two bytes, as they are labeled now; of too many every so-manieth. */
export function readWindows(
  project: ReadableProject,
  dataset: { key: number; sampleCount: number; classNames: readonly string[]; labelVersion: number },
  { begin, end, limit }: { begin: number; end: number; limit: number },
): { windows: (Omit<RecordedWindow, 'start'> & { byteOffset: number })[]; count: number } {
  const first = firstFrom(project, dataset.key, dataset.sampleCount, begin);
  const last = firstFrom(project, dataset.key, dataset.sampleCount, end);
  const step = Math.max(1, Math.ceil((last - first) / limit));
  const rows = project
    .prepare(
      `SELECT position, byte_offset, class_id, number, split FROM ${labeledSamples(readingOf(project, dataset.key, dataset.labelVersion))}
       WHERE dataset_key = ? AND position >= ? AND position < ? AND position % ? = 0 ORDER BY position`,
    )
    .all(dataset.key, first, last, step) as {
    position: number;
    byte_offset: number;
    class_id: number;
    number: number | null;
    split: number;
  }[];
  return {
    count: last - first,
    windows: rows.map(({ position, byte_offset, class_id, number, split }) => ({
      index: position,
      byteOffset: byte_offset,
      label: number === null ? (dataset.classNames[class_id] ?? null) : String(number),
      split: SPLIT_NAMES[split]!,
    })),
  };
}
