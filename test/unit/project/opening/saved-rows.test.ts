import Sqlite, { type Database } from 'better-sqlite3';
import { afterAll, expect, it } from 'vitest';
import { NAME_COLUMNS } from '../../../../src/project/files/file-names.ts';
import { saveTable } from '../../../../src/project/opening/saved-rows.ts';

const open: Database[] = [];
afterAll(() => open.forEach((one) => one.close()));
function databaseOf(sql: string): Database {
  const made = new Sqlite(':memory:');
  open.push(made);
  made.exec(sql);
  return made;
}
const from = (connection: Database, parts: readonly string[]) => ({
  connection,
  partsOf: () => parts,
  version: 1,
  problems: [],
});

it('puts the rows of all pieces of a table into it, once, with the columns that both have', () => {
  const pieces = databaseOf(`
    CREATE TABLE first (a, b, gone); INSERT INTO first VALUES (1, 'x', 0), (2, 'y', 0), (2, 'again', 0);
    CREATE TABLE second (a, b); INSERT INTO second VALUES (2, 'y'), (3, 'z');`);
  const into = databaseOf('CREATE TABLE kept (a INTEGER PRIMARY KEY, b, added)');
  // The doubled key of the first piece is lost; what the second has once more is not.
  expect(saveTable(from(pieces, ['first', 'second']), into, 'kept')).toEqual({
    saved: 3,
    lost: 1,
    emptied: {},
  });
  expect(into.prepare('SELECT a, b FROM kept ORDER BY a').raw().all()).toEqual([
    [1, 'x'],
    [2, 'y'],
    [3, 'z'],
  ]);
  expect(saveTable(from(pieces, []), into, 'kept')).toEqual({ saved: 0, lost: 0, emptied: {} });
});

it('takes no name of a file that leads out of the project', () => {
  const { table, column } = NAME_COLUMNS.find((one) => one.table === 'answers')!;
  const rows = `CREATE TABLE ${table} (${column}); INSERT INTO ${table} VALUES ('../evil'), ('plain.bin');`;
  const into = databaseOf(`CREATE TABLE ${table} (${column})`);
  expect(saveTable(from(databaseOf(rows), [table]), into, table)).toEqual({ saved: 1, lost: 1, emptied: {} });
  expect(into.prepare(`SELECT ${column} FROM ${table}`).pluck().all()).toEqual(['plain.bin']);
});

it('keeps a dataset whose units are no JSON without them, and none whose columns are not', () => {
  const columns = 'id TEXT PRIMARY KEY, channel_units TEXT, columns TEXT, shard TEXT';
  const rows = databaseOf(`CREATE TABLE datasets (${columns});
    INSERT INTO datasets VALUES ('whole', '["uV"]', '[]', 'w'), ('cut', '["u', '[]', 'c'), ('gone', '["uV"]', '[{', 'g');`);
  const into = databaseOf(`CREATE TABLE datasets (${columns})`);
  expect(saveTable(from(rows, ['datasets']), into, 'datasets')).toEqual({
    saved: 2,
    lost: 1,
    emptied: { channel_units: 1 },
  });
  expect(into.prepare('SELECT * FROM datasets ORDER BY id').raw().all()).toEqual([
    ['cut', null, '[]', 'c'],
    ['whole', '["uV"]', '[]', 'w'],
  ]);
});
