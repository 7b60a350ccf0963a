import { describe, expect, it } from 'vitest';
import { inspectTables, sameWords } from '../../../../src/data/tables/inspect.ts';
import { FORM, optionsOf, ownOf, people, sourceOf } from './sources.ts';

const inspect = (sources: ReturnType<typeof sourceOf>[], options = {}, own = {}) =>
  inspectTables(sources, optionsOf(options), ownOf(own), FORM, '/data');
const doubtsOf = async (...args: Parameters<typeof inspect>) =>
  (await inspect(...args)).doubts!.map(({ code, message, blocking }) => [code, message, blocking]);
const column = (name: string, values: (string | number)[]) =>
  sourceOf(
    'a.csv',
    ['size', name],
    values.map((value, at) => [String(((at * 7) % 31) + 0.5), value]),
  );

it('tells columns, classes and rows, and shows the first', async () => {
  const found = await inspect([people()], { labelColumn: 'ill' });
  expect(found.classes).toEqual([
    { name: 'no', files: 30 },
    { name: 'yes', files: 10 },
  ]);
  expect(found).toMatchObject({
    columns: ['age', 'town', 'name', 'ill'],
    labelsFrom: 'column',
    unlabeled: 0,
  });
  expect(found.exampleRows).toHaveLength(6);
  expect(found.exampleRows![1]).toEqual(['27.5', 'Bonn', 'person 1', 'no']);
  expect(found.notes).toEqual(['40 rows, each a sample of its own.', 'The target is “ill”.']);
  expect(found.tableColumns!.find(({ name }) => name === 'town')).toMatchObject({
    kind: 'category',
    use: 'feature',
    rows: 40,
    missing: 0,
    distinct: 3,
    isMoreDistinct: false,
    isDoubtful: false,
  });
});

it('says that there are more different numbers than are told apart', async () => {
  const numbers = Array.from({ length: 1500 }, (_, at) => String(((at * 7) % 1501) / 4));
  const found = await inspect([column('x', numbers)]);
  expect(found.tableColumns!.find(({ name }) => name === 'x')).toMatchObject({
    distinct: 1000,
    isMoreDistinct: true,
  });
});

it('says that rows have no label where no target is named', async () => {
  const found = await inspect([
    sourceOf(
      'a.csv',
      ['x', 'y'],
      [
        [1.5, 2],
        [NaN, 3],
      ],
    ),
  ]);
  expect([found.labelsFrom, found.classes]).toEqual(['nothing', []]);
  expect(found.doubts).toContainEqual(expect.objectContaining({ code: 'table.no-target', blocking: false }));
  expect(found.exampleRows![1]).toEqual(['', '3']);
});

describe('a target', () => {
  it('of one value, or of none, is nothing to learn', async () => {
    expect(await doubtsOf([column('y', new Array(20).fill('a'))], { labelColumn: 'y' })).toContainEqual([
      'table.target',
      'The target “y” has one value alone: there is nothing to learn.',
      false,
    ]);
    expect(await doubtsOf([column('y', new Array(20).fill(''))], { labelColumn: 'y' })).toContainEqual([
      'table.target',
      'The target “y” has no value: there is nothing to learn.',
      false,
    ]);
  });

  it('of very many classes is doubted, and one of measured numbers', async () => {
    const many = column(
      'y',
      Array.from({ length: 300 }, (_, at) => `class ${at % 150}`),
    );
    expect(await doubtsOf([many], { labelColumn: 'y' })).toContainEqual([
      'table.target',
      'The target “y” has 150 different values, each taken as a class.',
      false,
    ]);
    const numbers = column(
      'y',
      Array.from({ length: 60 }, (_, at) => String(((at * 13) % 47) + 0.25)),
    );
    expect(await doubtsOf([numbers], { labelColumn: 'y' })).toContainEqual([
      'table.target',
      'The target “y” has 47 different values, each taken as a class.',
      false,
    ]);
    expect(await doubtsOf([numbers], { labelColumn: 'y', target: 'number' })).not.toContainEqual(
      expect.arrayContaining(['table.target']),
    );
  });

  it('of numbers tells of cells that are none', async () => {
    const numbers = column('y', [...Array.from({ length: 40 }, (_, at) => String(at + 0.5)), 'many', 'few']);
    expect(await doubtsOf([numbers], { labelColumn: 'y', target: 'number' })).toContainEqual([
      'table.target-cells',
      '2 of 42 known cells of the target “y” are no numbers: “many” in row 42 is the first.',
      false,
    ]);
  });

  it('of several at once has to be named', async () => {
    expect(await doubtsOf([people()], { target: 'labels' })).toContainEqual([
      'table.target',
      'Several labels are to be learned at once, and no column is named that holds one.',
      true,
    ]);
    const found = await inspect([people()], { target: 'labels', labelColumns: ['ill'] });
    expect(found.notes.at(-1)).toBe('The targets are “ill”.');
  });
});

describe('rows and columns', () => {
  it('that do not fit are told', async () => {
    const ragged = sourceOf('a.csv', ['x', 'y'], [['1', '2'], ['3'], ['4', '5'], ['6', '7', '8']]);
    expect(await doubtsOf([ragged])).toContainEqual([
      'table.ragged',
      '2 rows have other than one cell a column, and are left out: row 3 of “a.csv” has 1 and is the first; 2 columns are named.',
      false,
    ]);
    const one = sourceOf('a.csv', ['x', 'y'], [['1', '2'], ['3']]);
    expect(await doubtsOf([one])).toContainEqual([
      'table.ragged',
      'One row has other than one cell a column, and is left out: row 3 of “a.csv” has 1; 2 columns are named.',
      false,
    ]);
  });

  it('with odd cells, or the same as others, are told', async () => {
    const odd = column('y', [...Array.from({ length: 40 }, (_, at) => String(at + 0.5)), 'n.d.']);
    expect(await doubtsOf([odd])).toContainEqual([
      'table.column',
      '“y” is taken as number. One of 41 known cells is no number: “n.d.” in row 42. It counts as missing.',
      false,
    ]);
    const twice = sourceOf(
      'a.csv',
      ['x', 'y'],
      Array.from({ length: 40 }, (_, at) => [String(((at * 7) % 31) + 0.5), String(((at * 7) % 31) + 0.5)]),
    );
    expect(await doubtsOf([twice])).toContainEqual(['table.same-columns', sameWords(['x', 'y']), false]);
    expect(sameWords(['x', 'y'])).toBe('“x” and “y” hold the same in every row.');
  });
});
