/**
 * The one home of what a sample is labeled with: the import's label, unless a later version of the labels has another.
 *
 * Whatever reads labels or splits of samples reads them from `labeledSamples()` in place of the table.
 */
import type { SplitName } from '../../../contract/entities.ts';
import { LEFT_OUT_CODE, SPLIT_CODE } from '../../../contract/data/splits/split.ts';
import type { ReadableProject } from '../../database.ts';

/**
 * What counts of what is stored of a dataset's samples. Changes are written beside it, in pieces, and count once this
 * says so.
 */
export interface Reading {
  /** Of the labels. */
  version: number;
  /** Copies of held-out samples are left out of training. */
  copiesAreOut: boolean;
}

/** @param version of the labels; left out: the newest */
export function readingOf(project: ReadableProject, datasetKey: number, version?: number): Reading {
  const found = project
    .prepare(
      `SELECT coalesce(labels ->> '$.version', 0) AS newest, copies ->> '$.leftOutAt' AS leftOutAt
       FROM datasets WHERE key = ?`,
    )
    .get(datasetKey) as { newest: number; leftOutAt: string | null } | undefined;
  const leftOutAt = found?.leftOutAt ?? null;
  return { version: version ?? found?.newest ?? 0, copiesAreOut: leftOutAt !== null };
}

/**
 * SQL in place of the table `samples`, with its columns. `class_id`, `number` and `split` are as they are by the labels
 * of a version; `imported_…` as they were before any change; `left_out` is 1 where somebody left the sample out by hand.
 */
export function labeledSamples(reading: Reading): string {
  return `(SELECT s.dataset_key, s.position, s.source, s.byte_offset, s.group_name, s.targets, s.weight,
    s.class_id AS imported_class_id, s.number AS imported_number, ${splitOf('s', reading)} AS imported_split,
    iif(l.version IS NULL, s.class_id, l.class_id) AS class_id,
    iif(l.version IS NULL, s.number, l.number) AS number,
    iif(l.left_out = 1, ${LEFT_OUT_CODE}, ${splitOf('s', reading)}) AS split,
    coalesce(l.left_out, 0) AS left_out
    FROM samples AS s
    LEFT JOIN labels AS l ON l.dataset_key = s.dataset_key AND l.position = s.position AND ${inForce('l', reading.version)})`;
}

/** The split of a row of `samples` before any change by hand: a copy is a training sample unless copies are left out. */
export const splitOf = (alias: string, { copiesAreOut }: Pick<Reading, 'copiesAreOut'>) =>
  copiesAreOut
    ? `${alias}.split`
    : `iif(${alias}.split = ${LEFT_OUT_CODE}, ${SPLIT_CODE.train}, ${alias}.split)`;

/** Codes in `samples` that are read as train, validation or test. */
export const storedCodes = (split: SplitName, { copiesAreOut }: Pick<Reading, 'copiesAreOut'>): number[] =>
  split === 'train' && !copiesAreOut ? [SPLIT_CODE.train, LEFT_OUT_CODE] : [SPLIT_CODE[split]];

/** Which rows of `labels` count by the labels of a version. */
export function inForce(alias: string, version: number): string {
  if (!Number.isInteger(version) || version < 0) throw new RangeError(`no version of labels: ${version}`);
  return `${alias}.version <= ${version} AND (${alias}.until IS NULL OR ${alias}.until > ${version})`;
}

/** What is said of one sample, and what the import said of it. */
export interface LabeledSample {
  position: number;
  classId: number;
  number: number | null;
  /** 1: by hand. */
  leftOut: 0 | 1;
  importedClassId: number;
  importedNumber: number | null;
  importedSplit: number;
}

/**
 * Reads single samples by the same rule, for whoever reads many one by one: SQLite prepares a join anew whenever its
 * parameters change, which takes ten times as long as two looks. Null where there is no such sample.
 */
export function labeledSampleReader(
  project: ReadableProject,
  datasetKey: number,
  reading: Reading,
): (position: number) => LabeledSample | null {
  const imported = project
    .prepare(
      `SELECT class_id, number, ${splitOf('samples', reading)} FROM samples WHERE dataset_key = ? AND position = ?`,
    )
    .raw();
  const changed = project
    .prepare(
      `SELECT class_id, number, left_out FROM labels WHERE dataset_key = ? AND position = ? AND ${inForce('labels', reading.version)}`,
    )
    .raw();
  type Said = [classId: number, number: number | null, splitOrLeftOut: number];
  return (position) => {
    const found = imported.get(datasetKey, position) as Said | undefined;
    if (!found) return null;
    const [importedClassId, importedNumber, importedSplit] = found;
    const label = changed.get(datasetKey, position) as Said | undefined;
    const [classId, number, leftOut] = label ?? [importedClassId, importedNumber, 0];
    return {
      position,
      classId,
      number,
      leftOut: leftOut === 1 ? 1 : 0,
      importedClassId,
      importedNumber,
      importedSplit,
    };
  };
}
