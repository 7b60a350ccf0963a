/** A table, a view or the answer of a query of an SQLite database, which is only read. */
import type { Database } from 'better-sqlite3';
import { breathe } from '../../breathe.ts';
import { FileProblem } from '../../problem.ts';
import type { ListedFile } from '../../reading/listing.ts';
import { broken } from '../../recordings/problem.ts';
import type { Cell, SourceRow } from '../source.ts';
import { cellOf } from './cells.ts';
import { namesOf, rowsAtOnce, whichOf, type StoredTable } from './stored.ts';

export interface SqliteChoice {
  table?: string | undefined;
  query?: string | undefined;
}

const MARK = 'SQLite format 3\0';
export const looksLikeSqlite = (head: Uint8Array): boolean =>
  Buffer.from(head.subarray(0, MARK.length)).toString('latin1') === MARK;

export async function openSqliteFile(
  { path, absolute }: ListedFile,
  { table, query }: SqliteChoice,
): Promise<StoredTable> {
  const database = await openDatabase(absolute);
  try {
    const names = tablesOf(database);
    const chosen = table === undefined ? names[0] : names.find((name) => name === table);
    if (query === undefined && chosen === undefined)
      throw table === undefined
        ? new FileProblem('empty', 'The database holds no table.')
        : new FileProblem('no-table', `There is no table “${table}”. There are: ${names.join(', ')}.`);
    const asked = query ?? `SELECT * FROM "${chosen!.replaceAll('"', '""')}"`;
    const titles = orBroken(() => columnsOf(database, asked));
    const isOpen = query === undefined && table === undefined && names.length > 1;
    return {
      path,
      ...namesOf(titles),
      units: titles.map(() => null),
      doubts: isOpen ? [whichOf('tables', 'options.table', names, path)] : [],
      rows: () => rowsOf(absolute, asked, titles.length),
    };
  } finally {
    database.close();
  }
}

async function openDatabase(absolute: string): Promise<Database> {
  const { default: Sqlite } = await import('better-sqlite3');
  return orBroken(() => {
    const database = new Sqlite(absolute, { readonly: true, fileMustExist: true });
    // Numbers beyond 2^53 keep their digits.
    return database.defaultSafeIntegers(true);
  });
}

const tablesOf = (database: Database): string[] =>
  orBroken(() =>
    database
      .prepare<[], { name: string }>(
        `SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid`,
      )
      .all()
      .map(({ name }) => name),
  );

/** @throws FileProblem for a query that changes something or gives no rows */
function columnsOf(database: Database, query: string): string[] {
  const statement = database.prepare(query);
  if (!statement.reader || !statement.readonly)
    throw new FileProblem(
      'query',
      'The query gives no rows, or would change something: only a SELECT is read.',
    );
  return statement.columns().map(({ name }) => name);
}

async function* rowsOf(absolute: string, query: string, width: number): AsyncGenerator<SourceRow[]> {
  const database = await openDatabase(absolute);
  try {
    const atOnce = rowsAtOnce(width);
    const rows = orBroken(() => database.prepare<[], unknown[]>(query).raw(true).iterate());
    let line = 0;
    let block: SourceRow[] = [];
    for (;;) {
      const next = orBroken(() => rows.next());
      if (next.done) break;
      block.push({ line: ++line, cells: next.value.map((value): Cell => cellOf(value)) });
      if (block.length < atOnce) continue;
      yield block;
      block = [];
      await breathe();
    }
    if (block.length > 0) yield block;
  } finally {
    database.close();
  }
}

/** What the database says of a damaged file, or of a query that it does not understand. */
function orBroken<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof FileProblem) throw error;
    const { code = '', message } = error as { code?: string; message: string };
    if (code === 'SQLITE_ERROR')
      throw new FileProblem('query', `The database refuses the query: ${message}.`);
    if (code === 'SQLITE_BUSY' || code === 'SQLITE_LOCKED')
      throw new FileProblem('busy', 'Another program writes the database. Close it there, or copy the file.');
    throw broken(`The database is damaged, protected or cut off (${message}). Copy it again.`);
  }
}
