import Sqlite from 'better-sqlite3';
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import {
  looksLikeSqlite,
  openSqliteFile,
  type SqliteChoice,
} from '../../../../../src/data/tables/stored/sqlite.ts';
import { folderOf } from '../../../../fixtures/imports.ts';
import { allRows, listed } from './made.ts';

async function made(...statements: string[]) {
  const absolute = join(await folderOf(), 'a.db');
  const database = new Sqlite(absolute);
  for (const statement of statements) database.exec(statement);
  database.close();
  return { path: 'a.db', absolute };
}
const ONE = [
  'CREATE TABLE visits (age INTEGER, size REAL, kind TEXT, blob BLOB)',
  `INSERT INTO visits VALUES (5, 1.5, ' a ', x'0102'), (1152921504606846976, NULL, '', NULL)`,
];
const open = async (statements: string[], choice: SqliteChoice = {}) =>
  openSqliteFile(await made(...statements), choice);

it('reads a table: whole numbers keep their digits, what is missing is empty', async () => {
  const opened = await open(ONE);
  expect(opened).toMatchObject({ path: 'a.db', names: ['age', 'size', 'kind', 'blob'], doubts: [] });
  const { cells, lines } = await allRows(opened);
  expect(cells).toEqual([
    [5, 1.5, 'a', '(2 bytes)'],
    ['1152921504606846976', '', '', ''],
  ]);
  expect(lines).toEqual([1, 2]);
});

it('asks which of several tables and views is meant, or reads the one that is named, whatever it is called', async () => {
  const statements = [
    ...ONE,
    'CREATE TABLE "odd ""name""" (x)',
    'INSERT INTO "odd ""name""" VALUES (9)',
    'CREATE VIEW young AS SELECT age FROM visits WHERE age < 9',
  ];
  const asked = await open(statements);
  expect(asked.doubts).toMatchObject([
    {
      code: 'table.which',
      message: '“a.db” holds 3 tables: visits, odd "name", young.',
      remedy: 'Name the one to read (options.table).',
    },
  ]);
  const odd = await open(statements, { table: 'odd "name"' });
  expect([odd.doubts, (await allRows(odd)).cells]).toEqual([[], [[9]]]);
  expect((await allRows(await open(statements, { table: 'young' }))).cells).toEqual([[5]]);
  await expect(open(statements, { table: 'gone' })).rejects.toMatchObject({
    reason: 'no-table',
    message: 'There is no table “gone”. There are: visits, odd "name", young.',
  });
});

it('reads the answer of a query, and none that changes something or that the database refuses', async () => {
  const query = 'SELECT kind, count(*) AS n FROM visits GROUP BY kind ORDER BY kind';
  const opened = await open(ONE, { query });
  expect([opened.names, (await allRows(opened)).cells]).toEqual([
    ['kind', 'n'],
    [
      ['', 1],
      ['a', 1],
    ],
  ]);
  for (const changing of [
    'DELETE FROM visits',
    'DELETE FROM visits RETURNING age',
    'PRAGMA user_version = 5',
  ])
    await expect(open(ONE, { query: changing }), changing).rejects.toMatchObject({
      reason: 'query',
      message: 'The query gives no rows, or would change something: only a SELECT is read.',
    });
  await expect(open(ONE, { query: 'SELECT weight FROM visits' })).rejects.toMatchObject({
    reason: 'query',
    message: 'The database refuses the query: no such column: weight.',
  });
});

it('changes nothing in the file', async () => {
  const file = await made(...ONE);
  const before = readFileSync(file.absolute);
  await allRows(await openSqliteFile(file, {}));
  expect(readFileSync(file.absolute).equals(before)).toBe(true);
});

it('says what is no database, damaged or empty', async () => {
  await expect(open([])).rejects.toMatchObject({ reason: 'empty', message: 'The database holds no table.' });
  const damaged = Buffer.from(readFileSync((await made(...ONE)).absolute));
  damaged.fill(0xff, 100, 4096);
  await expect(
    (async () => allRows(await openSqliteFile(await listed('a.db', damaged), {})))(),
  ).rejects.toMatchObject({ reason: 'broken' });
  expect(looksLikeSqlite(damaged)).toBe(true);
  expect(looksLikeSqlite(Buffer.from('SQLite format 2'))).toBe(false);
});
