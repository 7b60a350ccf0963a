/** Rows of a damaged database that are put into a new one, table by table: as many as can be read and may stand there. */
import type Sqlite from 'better-sqlite3';
import type { Database } from 'better-sqlite3';
import { isPlainName, NAME_COLUMNS } from '../files/file-names.ts';
import type { Damaged } from './damaged-database.ts';
import { columnsIn, readRows, ROWS_AT_ONCE, type Row } from './damaged-rows.ts';
import { DOCUMENTS, NOTES } from './documents.ts';

export interface SavedRows {
  saved: number;
  lost: number;
  /** Notes that were no JSON, by column: their rows are saved without them. */
  emptied: Readonly<Record<string, number>>;
}

/** How many there are now, and how many are not. */
export function saveTable(damaged: Damaged, into: Database, table: string): SavedRows {
  let [saved, lost] = [0, 0];
  const emptied: Record<string, number> = {};
  damaged.partsOf(table).forEach((part, place) => {
    const counts = savePart({ from: damaged.connection, part }, { into, table });
    saved += counts.saved;
    for (const [column, count] of Object.entries(counts.emptied))
      emptied[column] = (emptied[column] ?? 0) + count;
    // What a piece holds that others held before it is no loss.
    lost += place === 0 ? counts.lost : counts.unreadable;
  });
  return { saved, lost, emptied };
}

function savePart(
  { from, part }: { from: Database; part: string },
  { into, table }: { into: Database; table: string },
): SavedRows & { unreadable: number } {
  const there = new Set(columnsIn(from, part));
  const shared = columnsIn(into, table).filter((column) => there.has(column));
  const emptied: Record<string, number> = {};
  const counts = { saved: 0, lost: 0, unreadable: 0, emptied };
  if (shared.length === 0) return counts;
  const insert = into.prepare(
    `INSERT INTO ${table} (${shared.map((column) => `"${column}"`).join()}) VALUES (${shared.map(() => '?').join()})`,
  );
  const rows = readRows(from, part);
  const write = into.transaction((some: readonly (Row | 'unreadable')[]) => {
    for (const row of some) {
      if (row === 'unreadable') counts.unreadable += 1;
      const broken = row === 'unreadable' ? [] : brokenNotes(table, row);
      const whole = row === 'unreadable' ? null : without(row, broken);
      if (whole && isPossible(table, whole) && tryInsert(insert, shared, whole)) {
        counts.saved += 1;
        for (const column of broken) emptied[column] = (emptied[column] ?? 0) + 1;
      } else counts.lost += 1;
    }
  });
  for (let some = take(rows, ROWS_AT_ONCE); some.length > 0; some = take(rows, ROWS_AT_ONCE)) write(some);
  return counts;
}

/** A row that breaks a rule (a doubled key, a reference to what was lost) is lost as well. */
function tryInsert(insert: Sqlite.Statement, columns: readonly string[], row: Row): boolean {
  try {
    insert.run(columns.map((column) => row[column]));
    return true;
  } catch (error) {
    if (/^SQLITE_(CONSTRAINT|MISMATCH)/.test((error as { code?: string }).code ?? '')) return false;
    throw error;
  }
}

/** A dataset is not lost for what somebody noted of it. */
const brokenNotes = (table: string, row: Row): string[] =>
  Object.keys(row).filter(
    (column) => NOTES.has(`${table}.${column}`) && row[column] !== null && !isDocument(row[column]),
  );

const without = (row: Row, columns: readonly string[]): Row => ({
  ...row,
  ...Object.fromEntries(columns.map((column) => [column, null])),
});

/** Names must stay inside the folder, and what looks like a document must be one. */
function isPossible(table: string, row: Row): boolean {
  const names = NAME_COLUMNS.filter((one) => one.table === table).map(({ column }) => row[column]);
  const documents = Object.entries(row).filter(([column]) => DOCUMENTS.has(`${table}.${column}`));
  return names.every(isPlainName) && documents.every(([, value]) => value === null || isDocument(value));
}

function isDocument(text: unknown): boolean {
  try {
    JSON.parse(String(text));
    return true;
  } catch {
    return false;
  }
}

function take<T>(rows: Iterator<T>, count: number): T[] {
  const taken: T[] = [];
  while (taken.length < count) {
    const { value, done } = rows.next();
    if (done) break;
    taken.push(value as T);
  }
  return taken;
}
