/** A page of samples, found by what they are labeled with: by indices alone, however many there are. */
import type { SplitName } from '../../../contract/entities.ts';
import { LEFT_OUT_CODE, SPLIT_CODE } from '../../../contract/data/splits/split.ts';
import { inForce, labeledSamples, splitOf, storedCodes, type Reading } from './labeled-samples.ts';

export interface SampleFilter {
  split?: SplitName | undefined;
  /** -1 for unlabeled samples of a dataset of classes. */
  classId?: number | undefined;
  /** Only those whose label is not the import's, or that are left out by hand. */
  changed?: boolean | undefined;
}

/** Of a sample as it is listed. */
export const SAMPLE_COLUMNS =
  'position, source, class_id, number, group_name, split, imported_class_id, imported_number, imported_split, left_out, targets, iif(targets IS NULL, NULL, (SELECT target FROM datasets WHERE key = dataset_key)) AS target';

/** The SQL of the browser's page, exported so that a test can look at its query plan. */
export function samplePageQuery(
  filter: SampleFilter,
  reading: Reading,
): {
  rows: string;
  count: string;
  values: { split?: number; classId?: number };
} {
  const { split, classId, changed } = filter;
  const values = {
    ...(split !== undefined && { split: SPLIT_CODE[split] }),
    ...(classId !== undefined && { classId }),
  };
  const inForceNow = inForce('l', reading.version);
  const codes = split === undefined ? [null] : storedCodes(split, reading);
  // One condition for each stored code: an index gives the samples of one code in their order.
  const eachImported = codes.map((code) =>
    whereText([
      's.dataset_key = @key',
      code !== null && `s.split = ${code}`,
      classId !== undefined && 's.class_id = @classId',
    ]),
  );
  const asChanged = whereText([
    `l.dataset_key = @key AND ${inForceNow}`,
    split !== undefined && `iif(l.left_out = 1, ${LEFT_OUT_CODE}, ${splitOf('s', reading)}) = @split`,
    classId !== undefined && 'l.class_id = @classId',
  ]);
  // CROSS JOIN: changed samples are few, so they come first, in their order.
  const changedSamples =
    'labels AS l CROSS JOIN samples AS s ON s.dataset_key = l.dataset_key AND s.position = l.position';
  const ofChanged = `SELECT l.position AS position FROM ${changedSamples} WHERE ${asChanged}`;
  const isUnchanged = `NOT EXISTS (SELECT 1 FROM labels AS l WHERE l.dataset_key = @key AND l.position = s.position AND ${inForceNow})`;
  const imported = (condition = '') =>
    eachImported
      .map((where) => `SELECT s.position AS position FROM samples AS s WHERE ${where}${condition}`)
      .join(' UNION ALL ');
  const isWhole = split === undefined && classId === undefined;
  // The inner query walks indices alone; only the rows of the page are fetched.
  const positions = changed
    ? ofChanged
    : isWhole
      ? imported()
      : `${imported(` AND ${isUnchanged}`)} UNION ALL ${ofChanged}`;
  const added = (counts: string[]) => counts.map((one) => `(${one})`).join(' + ');
  const counted = added(eachImported.map((where) => `SELECT count(*) FROM samples AS s WHERE ${where}`));
  const countedChanged = `SELECT count(*) FROM ${changedSamples} WHERE ${asChanged}`;
  const countedBefore = added(
    eachImported.map(
      (where) =>
        `SELECT count(*) FROM ${changedSamples} WHERE l.dataset_key = @key AND ${inForceNow} AND ${where}`,
    ),
  );
  return {
    rows: `SELECT ${SAMPLE_COLUMNS} FROM ${labeledSamples(reading)} WHERE dataset_key = @key AND position IN (${positions} ORDER BY position LIMIT @limit OFFSET @offset) ORDER BY position`,
    count: changed
      ? `SELECT (${countedChanged}) AS total`
      : isWhole
        ? `SELECT ${counted} AS total`
        : `SELECT ${counted} - (${countedBefore}) + (${countedChanged}) AS total`,
    values,
  };
}

const whereText = (conditions: (string | false)[]) =>
  conditions.filter((condition) => condition !== false).join(' AND ');
