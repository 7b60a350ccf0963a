/** Reading a table row by row from both ends, so that a damaged page costs only what lies on it. */
import type { Database } from 'better-sqlite3';
import { shapesOf } from './salvage.ts';

export type Row = Record<string, unknown>;

export const ROWS_AT_ONCE = 500;

/**
 * All rows that can be read, in both directions: from the first up to the damage, then from the last down to it. The
 * damage itself stands as one `unreadable`.
 */
export function* readRows(damaged: Database, table: string): Generator<Row | 'unreadable'> {
  const key = keyIn(damaged, table);
  if (key === null) return;
  const upward = yield* readFrom(damaged, table, key, 'ASC', null);
  if (upward.whole) return;
  yield 'unreadable';
  yield* readFrom(damaged, table, key, 'DESC', upward.last);
}

/** @param until the key at which the other direction stopped; null where nothing was read there */
function* readFrom(
  damaged: Database,
  table: string,
  key: readonly string[],
  direction: 'ASC' | 'DESC',
  until: unknown[] | null,
): Generator<Row, { whole: boolean; last: unknown[] | null }> {
  const columns = key.map(quoted).join();
  const order = key.map((column) => `${quoted(column)} ${direction}`).join();
  const sign = direction === 'ASC' ? '>' : '<';
  const places = key.map(() => '?').join();
  let last: unknown[] | null = null;
  for (let count = ROWS_AT_ONCE; ;) {
    const conditions = [
      ...(last ? [`(${columns}) ${sign} (${places})`] : []),
      ...(until ? [`(${columns}) > (${places})`] : []),
    ];
    const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
    try {
      const rows = damaged
        .prepare(
          `SELECT *${key[0] === 'rowid' ? ', rowid AS "rowid"' : ''} FROM ${table} ${where} ORDER BY ${order} LIMIT ${count}`,
        )
        .all([...(last ?? []), ...(until ?? [])]) as Row[];
      if (rows.length === 0) return { whole: true, last };
      yield* rows;
      last = key.map((column) => rows.at(-1)![column]);
    } catch (error) {
      if (!isDamage(error)) throw error;
      // Up to the last row that can be read.
      if (count === 1) return { whole: false, last };
      count = 1;
    }
  }
}

/**
 * What orders the pages of a table: an index of it may be damaged itself. Asked of the damaged database, as it may be of
 * a version in which the table was another; null where it has no such table.
 */
function keyIn(damaged: Database, table: string): string[] | null {
  if (columnsIn(damaged, table).length === 0) return null;
  const { byRowid, columns } = shapesOf(damaged, [table])[0]!;
  return byRowid ? ['rowid'] : columns.filter(({ key }) => key > 0).map(({ name }) => name);
}

/** Empty where there is no such table, or nothing can be known of it. */
export function columnsIn(connection: Database, table: string): string[] {
  try {
    const columns = connection.pragma(`table_info(${JSON.stringify(table)})`) as { name: string }[];
    return columns.map(({ name }) => name);
  } catch (error) {
    if (!isDamage(error)) throw error;
    return [];
  }
}

const quoted = (column: string) => (column === 'rowid' ? column : `"${column}"`);

/** A mistake in a query of ours (SQLITE_ERROR) is none. */
export const isDamage = (error: unknown) =>
  /^SQLITE_(CORRUPT|NOTADB|IOERR)/.test((error as { code?: string }).code ?? '');
