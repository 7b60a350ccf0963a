import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDelimited } from '../../../../src/data/tables/delimited.ts';
import { folderOf } from '../../../fixtures/imports.ts';
import { optionsOf } from './sources.ts';
import { allRows } from './stored/made.ts';

async function open(files: Record<string, string>, options: object = {}) {
  const folder = await folderOf(files);
  return openDelimited(
    Object.keys(files).map((path) => ({ path, absolute: join(folder, path) })),
    optionsOf(options),
  );
}
const PEOPLE = 'name,age,size\nAda,36,1.5\nBob,7,2.5\nEve,40,0.5\n';

it('reads names and rows with their lines', async () => {
  const { sources, doubts, unreadable, notes } = await open({ 'a.csv': PEOPLE });
  expect([sources[0]!.names, doubts, unreadable, notes]).toEqual([['name', 'age', 'size'], [], [], []]);
  expect(await allRows(sources[0]!)).toMatchObject({
    cells: [
      ['Ada', '36', '1.5'],
      ['Bob', '7', '2.5'],
      ['Eve', '40', '0.5'],
    ],
    lines: [2, 3, 4],
  });
});

it('makes names of columns different, and names those that have none', async () => {
  const { sources, notes } = await open({ 'a.csv': 'x,x,,y\n1,2,3,4\n5,6,7,8\n9,10,11,12\n' });
  expect(sources[0]!.names).toEqual(['x', 'x (2)', 'column 3', 'y']);
  expect(notes).toEqual([
    {
      path: 'a.csv',
      reason: 'duplicate-name',
      message: 'Column 2 has the name “x”, which another has too; it is called “x (2)”.',
    },
  ]);
});

it('drops empty cells behind a row and comments, and keeps what is too long to be told', async () => {
  const text = `${PEOPLE}# a remark\nKim,1,2,,\nLee,3,4,5\n\n`;
  const { cells } = await allRows((await open({ 'a.csv': text })).sources[0]!);
  expect(cells.slice(3)).toEqual([
    ['Kim', '1', '2'],
    ['Lee', '3', '4', '5'],
  ]);
});

it('tells of a quote that is never closed', async () => {
  const { problems } = await allRows(
    (await open({ 'a.csv': `${PEOPLE}"Kim,1,2\n${'Lee,3,4\n'.repeat(120)}` })).sources[0]!,
  );
  expect(problems).toEqual([
    ['open-quote', 'Row 5 has a quote that is never closed; the row is read without it.', 5],
  ]);
});

it('decides once for all files how numbers are written', async () => {
  const german = await open({ 'a.csv': 'x;y\n1;2\n3;4\n', 'b.csv': 'x;y\n1,5;2\n2,25;4\n' });
  expect(german.format).toMatchObject({ decimal: ',' });
  const told = await open({ 'a.csv': 'x;y\n1,234;2\n2,500;4\n' }, { text: { decimal: 'point' } });
  expect([told.format.decimal, told.format.thousands]).toEqual(['.', ',']);
});

describe('what can be read in two ways', () => {
  it('is asked: a comma, and two lines of names', async () => {
    expect((await open({ 'a.csv': 'x;y\n1,234;2\n2,500;4\n' })).doubts).toMatchObject([
      { code: 'delimited.comma', blocking: true },
    ]);
    const twice = `age,size\nyears,metres\n${Array.from({ length: 20 }, (_, at) => `${at + 20},${at}.5\n`).join('')}`;
    const { doubts } = await open({ 'a.csv': twice });
    expect(doubts).toMatchObject([
      {
        code: 'table.two-headers',
        message: 'Lines 1 and 2 of “a.csv” both look like names of columns.',
        blocking: true,
      },
    ]);
    const { sources } = await open({ 'a.csv': twice }, { text: { headerLine: 1 } });
    expect([sources[0]!.names, (await allRows(sources[0]!)).cells[0]]).toEqual([
      ['age', 'size'],
      ['20', '0.5'],
    ]);
  });

  it('is asked by the lines in which names begin, which can be told', async () => {
    const body = Array.from({ length: 20 }, (_, at) => `n${at},${at + 20}.5\n`).join('');
    const twice = `"first\nname",age\n\ntext,years\n${body}`;
    expect((await open({ 'a.csv': twice })).doubts).toMatchObject([
      {
        message: 'Lines 1 and 4 of “a.csv” both look like names of columns.',
        remedy: 'Say which one names them (text.headerLine: 1 or 4); the other is not read.',
      },
    ]);
    for (const [headerLine, names] of [
      [1, ['first name', 'age']],
      [2, ['first name', 'age']],
      [4, ['text', 'years']],
    ] as const) {
      const { sources } = await open({ 'a.csv': twice }, { text: { headerLine } });
      const { cells, lines } = await allRows(sources[0]!);
      expect([sources[0]!.names, cells[0], lines[0]]).toEqual([names, ['n0', '20.5'], 5]);
    }
    const { unreadable } = await open({ 'a.csv': twice }, { text: { headerLine: 3 } });
    expect(unreadable).toMatchObject([{ path: 'a.csv', reason: 'no-names' }]);
  });

  it('is no matter of windows: other columns in other files are nothing to ask', async () => {
    const { doubts } = await open({ 'a.csv': PEOPLE, 'b.csv': 'name,other\nAda,1\nBob,2\nEve,3\n' });
    expect(doubts).toEqual([]);
  });
});

it('lists what cannot be read, and goes on', async () => {
  const found = await open({ 'a.csv': PEOPLE, 'empty.csv': '', 'remarks.csv': '# nothing\n' });
  expect(found.sources.map(({ path }) => path)).toEqual(['a.csv']);
  expect(found.unreadable).toEqual([
    {
      path: 'empty.csv',
      reason: 'empty',
      message: 'The file is empty (0 bytes). Copy it again from its source.',
    },
    { path: 'remarks.csv', reason: 'empty', message: 'The file holds no rows.' },
  ]);
});
