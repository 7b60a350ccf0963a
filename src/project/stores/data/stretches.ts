/** Deleting a million rows: a stretch at a time, so that nobody waits long for the database or for an answer. */
import type { WritableProject } from '../../database.ts';

/** Of samples with their indices, about a tenth of a second. */
export const ROWS_AT_ONCE = 5_000;

/** Runs a piece of a change in a transaction of its own, then lets others have their turn. */
export type Piece = <T>(work: () => T) => Promise<T>;

export interface Rows {
  table: string;
  /** SQL over the first columns of the table's key, such as `dataset_key = ?`. */
  where: string;
  values: readonly (string | number)[];
  /** The rest of its key. */
  key: readonly string[];
}

/** Each stretch is a transaction of its own. False: the project was closed meanwhile, and rows are left. */
export async function deleteInStretches(
  { connection }: WritableProject,
  { table, where, values, key }: Rows,
): Promise<boolean> {
  const columns = key.join(', ');
  const next = connection
    .prepare(
      `SELECT ${columns} FROM ${table} WHERE ${where} ORDER BY ${columns} LIMIT 1 OFFSET ${ROWS_AT_ONCE}`,
    )
    .raw();
  const before = connection.prepare(
    `DELETE FROM ${table} WHERE ${where} AND (${columns}) < (${key.map(() => '?').join(', ')})`,
  );
  for (let end = next.get(...values); end !== undefined; end = next.get(...values)) {
    before.run(...values, ...(end as unknown[]));
    await new Promise((resolve) => setImmediate(resolve));
    if (!connection.open) return false;
  }
  connection.prepare(`DELETE FROM ${table} WHERE ${where}`).run(...values);
  return true;
}
