/**
 * Finding the tables of a file whose own description of them cannot be read.
 *
 * What is left of the description says where tables begin; for the others, every tree of pages that no other page
 * refers to is compared with the kinds of values that a table's rows have. The file then gets a new description that
 * names each tree that was found, and SQLite reads it as always. Rows that had been deleted may be among them.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import Sqlite, { type Database } from 'better-sqlite3';
import { hasHeader, kindsOf, readPages, valuesOf, type Kind, type Page, type Pages } from './pages.ts';

/** A table as a version of the program makes it. */
export interface TableShape {
  name: string;
  byRowid: boolean;
  /** In the order in which records hold them. */
  columns: Column[];
}

interface Column {
  name: string;
  type: string;
  required: boolean;
  /** SQL; null where there is none. */
  byDefault: string | null;
  /** Its place in the key, from 1; 0: it is not part of it. */
  key: number;
}

/** The parts of tables, by the table's name: each is a table of its own in the salvaged file. */
export type Parts = ReadonlyMap<string, string[]>;

const LOOKED_AT = 20;
/** Where the file's header has the number of its version (user_version). */
const VERSION_AT = 60;
const DESCRIPTION: Kind[] = ['text', 'text', 'text', 'integer', 'text'];

/**
 * Writes the file anew, under its own name, with its log taken in.
 *
 * @param versions the tables of each version of the program, from 1 on: in a file of an earlier one they are others
 * @returns the version of the tables that were found, and where they are
 */
export function salvage(
  file: string,
  versions: readonly (readonly TableShape[])[],
): { version: number; parts: Parts } {
  const log = existsSync(`${file}-wal`) ? readFileSync(`${file}-wal`) : null;
  const pages = readPages(readFileSync(file), log);
  for (const suffix of ['-wal', '-shm', '-journal']) rmSync(file + suffix, { force: true });
  writeFileSync(file, pages.bytes);
  const { version, roots } = likeliest(pages, versions);
  writeFileSync(file, withFirstPage(pages, firstPage(file, pages)));
  return { version, parts: describe(file, versions[version - 1]!, roots) };
}

export function shapesOf(connection: Database, names: readonly string[]): TableShape[] {
  return names.map((name) => {
    const columns = connection
      .prepare(
        'SELECT name, type, "notnull" AS required, dflt_value AS byDefault, pk AS key FROM pragma_table_info(?)',
      )
      .all(name) as (Omit<Column, 'required'> & { required: 0 | 1 })[];
    const { sql } = connection.prepare('SELECT sql FROM sqlite_schema WHERE name = ?').get(name) as {
      sql: string;
    };
    const byRowid = !/WITHOUT ROWID\s*$/i.test(sql);
    const keys = columns.filter(({ key }) => key > 0).toSorted((one, other) => one.key - other.key);
    const stored = byRowid ? columns : [...keys, ...columns.filter(({ key }) => key === 0)];
    return {
      name,
      byRowid,
      columns: stored.map(({ required, ...column }) => ({ ...column, required: required === 1 })),
    };
  });
}

type Roots = ReadonlyMap<string, number[]>;

/** The version of which most tables were found: of several the one that the file names, or else the latest. */
function likeliest(
  pages: Pages,
  versions: readonly (readonly TableShape[])[],
): { version: number; roots: Roots } {
  const rootsOf = finder(pages);
  const found = versions.map((shapes, place) => {
    const roots = new Map(shapes.map((shape) => [shape.name, rootsOf(shape)]));
    const count = [...roots.values()].filter((numbers) => numbers.length > 0).length;
    return { version: place + 1, roots, count };
  });
  const most = Math.max(...found.map(({ count }) => count));
  const likely = found.filter(({ count }) => count === most);
  const said = hasHeader(pages.bytes) ? pages.bytes.readUInt32BE(VERSION_AT) : 0;
  return likely.find(({ version }) => version === said) ?? likely.at(-1)!;
}

/** Trees of a table: where its description says, if it does, and all that look like a piece of it. */
function finder(pages: Pages): (shape: TableShape) => number[] {
  const below = new Set([...pages.pages.values()].flatMap(({ children }) => children));
  const described = describedRoots(pages);
  const taken = new Set(described.values());
  const loose = [...pages.pages.values()].filter(
    ({ number }) => number > 1 && !below.has(number) && !taken.has(number) && !pages.free.has(number),
  );
  // Most tables are the same in many versions.
  const known = new Map<string, number[]>();
  return (shape) => {
    const which = JSON.stringify(shape);
    const before = known.get(which);
    if (before) return before;
    const own = pages.pages.get(described.get(shape.name) ?? 0);
    const first = own && fits(pages, own, shape) !== false ? [own.number] : [];
    const pieces = loose.filter((page) => fits(pages, page, shape)).map(({ number }) => number);
    known.set(which, [...first, ...pieces]);
    return [...first, ...pieces];
  };
}

/** Of the description's own rows, as far as they can be read: where tables and indices begin. */
function describedRoots(pages: Pages): Map<string, number> {
  const found = new Map<string, number>();
  for (const page of pages.pages.values()) {
    if (page.by !== 'rowid' || !page.isLeaf || pages.free.has(page.number)) continue;
    for (const at of page.records) {
      const kinds = kindsOf(pages, at);
      if (kinds?.length !== DESCRIPTION.length || DESCRIPTION.some((kind, i) => i < 4 && kinds[i] !== kind))
        continue;
      const [type, name, , root] = valuesOf(pages, at, 4);
      if ((type === 'table' || type === 'index') && typeof name === 'string' && typeof root === 'number')
        found.set(name, root);
    }
  }
  return found;
}

/** Whether rows of a tree are rows of a table; null where it has none to look at. */
function fits(pages: Pages, root: Page, shape: TableShape): boolean | null {
  if (root.by !== (shape.byRowid ? 'rowid' : 'key')) return false;
  const records = someRecords(pages, root);
  if (records.length === 0) return null;
  return records.every((at) => isRow(kindsOf(pages, at), shape));
}

function someRecords(pages: Pages, page: Page, seen = new Set<number>()): number[] {
  if (seen.has(page.number)) return [];
  seen.add(page.number);
  const found = page.records.slice(0, LOOKED_AT);
  for (const child of page.children) {
    if (found.length >= LOOKED_AT) break;
    const below = pages.pages.get(child);
    if (below) found.push(...someRecords(pages, below, seen));
  }
  return found.slice(0, LOOKED_AT);
}

/** Rows from before a column was added end earlier. */
function isRow(kinds: Kind[] | null, shape: TableShape): boolean {
  const { byRowid, columns } = shape;
  if (!kinds || kinds.length > columns.length) return false;
  const last = columns.findLastIndex((column) => isRequired(column) || column.key > 0);
  if (kinds.length <= last) return false;
  return kinds.every((kind, index) => {
    const { type, required, key } = columns[index]!;
    if (isRowNumber(columns[index]!, shape)) return kind === 'null';
    if (kind === 'null') return !required && (byRowid || key === 0);
    return kind === type.toLowerCase() || (type === 'REAL' && kind === 'integer');
  });
}

/** It stands in the place of the row in its tree, and not in its record. */
const isRowNumber = ({ type, key }: Column, { byRowid, columns }: TableShape) =>
  byRowid && type === 'INTEGER' && key === 1 && columns.every((column) => column.key < 2);

const isRequired = ({ required, byDefault }: Column) => required && byDefault === null;

/** The first page of an empty database of this size of pages. */
function firstPage(file: string, { size }: Pages): Buffer {
  const empty = `${file}.empty`;
  rmSync(empty, { force: true });
  try {
    const connection = new Sqlite(empty);
    connection.pragma(`page_size = ${size}`);
    connection.pragma('user_version = 1');
    connection.close();
    return readFileSync(empty);
  } finally {
    rmSync(empty, { force: true });
  }
}

function withFirstPage({ bytes, size }: Pages, first: Buffer): Buffer {
  const made = Buffer.from(bytes.subarray(0, Math.floor(bytes.length / size) * size));
  first.copy(made, 0, 0, size);
  made.writeUInt32BE(made.length / size, 28);
  return made;
}

/** Names every tree that was found, without any rule that its rows might break. */
function describe(file: string, shapes: readonly TableShape[], roots: Roots): Parts {
  const connection = new Sqlite(file);
  try {
    connection.unsafeMode(true);
    connection.pragma('writable_schema = ON');
    const insert = connection.prepare(
      "INSERT INTO sqlite_schema (type, name, tbl_name, rootpage, sql) VALUES ('table', ?, ?, ?, ?)",
    );
    const parts = new Map<string, string[]>();
    for (const shape of shapes) {
      const names = (roots.get(shape.name) ?? []).map((root, place) => {
        const name = `${shape.name}_${place + 1}`;
        insert.run(name, name, root, descriptionOf(name, shape));
        return name;
      });
      parts.set(shape.name, names);
    }
    return parts;
  } finally {
    connection.close();
  }
}

function descriptionOf(name: string, shape: TableShape): string {
  const { byRowid, columns } = shape;
  const lines = columns.map((column) =>
    isRowNumber(column, shape)
      ? `"${column.name}" INTEGER PRIMARY KEY`
      : `"${column.name}"${column.byDefault === null ? '' : ` DEFAULT ${column.byDefault}`}`,
  );
  if (byRowid) return `CREATE TABLE "${name}" (${lines.join(', ')})`;
  const keys = columns.filter(({ key }) => key > 0).map((column) => `"${column.name}"`);
  return `CREATE TABLE "${name}" (${lines.join(', ')}, PRIMARY KEY (${keys.join(', ')})) WITHOUT ROWID`;
}
