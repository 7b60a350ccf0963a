/**
 * The one home of what a sample is labeled with: the import's label, unless a later version of the labels has another.
 *
 * Whatever reads labels or splits of samples reads them from `labeledSamples()` in place of the table.
 */
import { LEFT_OUT_CODE } from '../../contract/data/split.ts';

/**
 * SQL in place of the table `samples`, with its columns. `class_id`, `number` and `split` are as they are by the labels
 * of a version (left out: the newest); `imported_…` as they were before any change; `left_out` is 1 where somebody left
 * the sample out by hand.
 */
export function labeledSamples(version?: number): string {
  return `(SELECT s.dataset_key, s.position, s.source, s.byte_offset, s.group_name,
    s.class_id AS imported_class_id, s.number AS imported_number, s.split AS imported_split,
    iif(l.version IS NULL, s.class_id, l.class_id) AS class_id,
    iif(l.version IS NULL, s.number, l.number) AS number,
    iif(l.left_out = 1, ${LEFT_OUT_CODE}, s.split) AS split,
    coalesce(l.left_out, 0) AS left_out
    FROM samples AS s
    LEFT JOIN labels AS l ON l.dataset_key = s.dataset_key AND l.position = s.position AND ${inForce('l', version)})`;
}

/** Which rows of `labels` count by the labels of a version. */
export function inForce(alias: string, version?: number): string {
  if (version === undefined) return `${alias}.until IS NULL`;
  if (!Number.isInteger(version) || version < 0) throw new RangeError(`no version of labels: ${version}`);
  return `${alias}.version <= ${version} AND (${alias}.until IS NULL OR ${alias}.until > ${version})`;
}
