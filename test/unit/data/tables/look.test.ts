import { expect, it } from 'vitest';
import { lookAtTables } from '../../../../src/data/tables/look.ts';
import { FORM, optionsOf, ownOf, people, sourceOf } from './sources.ts';

const look = (sources: ReturnType<typeof sourceOf>[], options = {}, own = {}, watch = {}) =>
  lookAtTables(sources, optionsOf(options), ownOf(own), FORM, '/data', watch);

it('says what columns are, of all files together', async () => {
  const found = await look([people()], { labelColumn: 'ill' });
  expect(found.rows).toBe(40);
  expect(found.columns.map(({ found: { name, kind, use } }) => [name, kind, use])).toEqual([
    ['age', 'number', 'feature'],
    ['town', 'category', 'feature'],
    ['name', 'text', 'left-out'],
    ['ill', 'yes-no', 'target'],
  ]);
  expect([found.target, found.cut, found.ragged, found.same, found.givesAway]).toEqual([
    'ill',
    false,
    null,
    [],
    [],
  ]);
});

it('takes columns that a file lacks for missing in its rows', async () => {
  const other = sourceOf(
    'b.csv',
    ['age', 'size'],
    [
      ['1.5', '3.5'],
      ['2.5', '4.5'],
    ],
  );
  const { columns, rows } = await look([people(10), other]);
  expect(rows).toBe(12);
  const of = (name: string) => columns.find(({ found }) => found.name === name)!.found;
  expect([of('age').missing, of('town').missing, of('size').missing]).toEqual([0, 2, 10]);
});

it('counts rows that have other cells than columns, and names the first', async () => {
  const ragged = sourceOf('a.csv', ['x', 'y'], [['1', '2'], ['3'], ['4', '5', '6'], ['7', '8']]);
  expect(await look([ragged])).toMatchObject({
    rows: 2,
    ragged: { count: 2, first: { path: 'a.csv', line: 3, cells: 1, names: 2 } },
  });
});

it('looks at no more rows than it is told, block by block, and stops where that is wished', async () => {
  const counted: number[] = [];
  const found = await look(
    [people(40), people(40)],
    {},
    {},
    { most: 30, onRows: (count: number) => counted.push(count) },
  );
  expect([found.rows, found.cut, counted]).toEqual([40, true, [40]]);
  const stop = new AbortController();
  stop.abort(new Error('enough'));
  await expect(look([people()], {}, {}, { signal: stop.signal })).rejects.toThrow('enough');
});

it('finds features that are the same in every row, and those that tell the target', async () => {
  const rows = Array.from({ length: 60 }, (_, at) => {
    const value = String(((at * 7) % 53) + 0.25);
    return [value, value, at % 3 === 0 ? 'a' : 'b', at % 3 === 0 ? 'no' : 'yes', String((at * 11) % 17)];
  });
  const found = await look([sourceOf('a.csv', ['size', 'again', 'code', 'ill', 'other'], rows)], {
    labelColumn: 'ill',
  });
  expect(found.same).toEqual([['size', 'again']]);
  expect(found.givesAway.map(({ name, target }) => [name, target])).toEqual([['code', 'ill']]);
});

it('refuses columns that there are not', async () => {
  await expect(look([people()], { labelColumn: 'sick' })).rejects.toMatchObject({
    failure: { message: expect.stringContaining('“sick”') as string },
  });
});
