/** The copies of rows are all those that comparing each with each finds, and no others. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SPLIT_CODE } from '../../../../../src/contract/data/splits/split.ts';
import { findCopies, groupCopies } from '../../../../../src/data/copies/find.ts';
import { createRandom } from '../../../../../src/data/shards/random.ts';
import { folderOf } from '../../../../fixtures/imports.ts';

type Row = number[];
const unitOf = (seed: number) => {
  const random = createRandom(seed);
  return () => random.below(2 ** 30) / 2 ** 30;
};

async function sourceOf(rows: readonly Row[]) {
  const width = rows[0]!.length;
  const shardFile = join(await folderOf(), 'rows.shard');
  await writeFile(shardFile, new Uint8Array(Float32Array.from(rows.flat()).buffer));
  const offsets = Float64Array.from(rows, (_, at) => at * 4 * width);
  return { modality: 'table' as const, shape: [width], dtype: 'float32' as const, shardFile, offsets };
}

/** The rule in one line each, of pairs within a ten-thousandth of a number or of the middle half of its column. */
function pairsByForce(rows: readonly Row[]): [number, number][] {
  const values = rows.map((row) => [...Float32Array.from(row)]);
  const scales = values[0]!.map((_, column) => {
    const known = values.map((row) => row[column]!).filter((value) => !Number.isNaN(value));
    const at = (share: number) =>
      known.toSorted((a, b) => a - b)[Math.floor(share * (known.length - 1))] ?? 0;
    return at(0.75) - at(0.25);
  });
  const agree = (a: number, b: number, scale: number) =>
    Object.is(a, b) ||
    a === b ||
    (!(Number.isInteger(a) && Number.isInteger(b)) &&
      Math.abs(a - b) <= 1e-4 * Math.max(Math.abs(a), Math.abs(b), scale));
  return values.flatMap((one, first) =>
    values.flatMap((other, second): [number, number][] =>
      first < second && one.every((value, at) => agree(value, other[at]!, scales[at]!))
        ? [[first, second]]
        : [],
    ),
  );
}

function setsOf(pairs: readonly [number, number][], count: number): number[] {
  const first = Array.from({ length: count }, (_, at) => at);
  for (const [one, other] of pairs) {
    const [from, to] = [first[other]!, first[one]!];
    first.forEach((root, at) => root === from && (first[at] = Math.min(from, to)));
    first.forEach((root, at) => root === to && (first[at] = Math.min(from, to)));
  }
  return first;
}

/** Half of the rows are others again, each number but codes moved by at most so much. */
function withCopies(rows: readonly Row[], seed: number, most: number, codes: number): Row[] {
  const unit = unitOf(seed);
  const copies = rows.map((row) =>
    row.map((value, column) =>
      column < codes ? value : value + 2 * most * (unit() - 0.5) * Math.abs(value),
    ),
  );
  return [...rows, ...copies];
}

describe('the copies among rows', () => {
  const sizes = (unit: () => number, column: number) =>
    column % 3 === 0 ? Math.exp(12 * (unit() - 0.5)) : column % 3 === 1 ? unit() + unit() - 1 : 1000 + unit();

  it.each([
    ['few columns', 4, 1],
    ['many columns', 50, 3],
    ['more columns than have cells', 130, 10],
  ])('are all found in %s, whichever side of a border they lie', async (_, width, codes) => {
    const unit = unitOf(width);
    const rows = Array.from({ length: 150 }, () =>
      Array.from({ length: width }, (_, at) =>
        unit() < 0.03 ? NaN : at < codes ? Math.floor(40 * unit()) : sizes(unit, at),
      ),
    );
    const all = withCopies(rows, 5, 0.99e-4, codes);
    const pairs = pairsByForce(all);
    expect(pairs.length).toBeGreaterThanOrEqual(140);
    expect([...(await groupCopies(await sourceOf(all)))]).toEqual(setsOf(pairs, all.length));
  });

  it('are sets, by way of others, beside many that are the very same', async () => {
    const unit = unitOf(2);
    const row = [3, unit(), unit(), 20 * unit(), unit()];
    const chain = Array.from({ length: 12 }, (_, at) =>
      row.map((value, column) => (column === 1 ? value * (1 + 8e-5 * at) : value)),
    );
    const others = Array.from({ length: 300 }, () => [3, unit(), unit(), 20 * unit(), unit()]);
    const all = [...Array.from({ length: 40 }, () => row), ...others, ...others, ...chain.toReversed()];
    const found = await groupCopies(await sourceOf(all));
    expect([...found]).toEqual(setsOf(pairsByForce(all), all.length));
    expect([...found].filter((root) => root === 0)).toHaveLength(52);
  });

  it('are numbers written with four digits behind the point', async () => {
    const unit = unitOf(6);
    const rows = Array.from({ length: 400 }, () =>
      Array.from({ length: 30 }, () => unit() + unit() + unit() - 1.5),
    );
    const rounded = rows.map((row) => row.map((value) => Number(value.toFixed(4))));
    const found = await groupCopies(await sourceOf([...rows, ...rounded]));
    expect([...found.subarray(400)]).toEqual(rows.map((_, at) => at));
  });

  it('are the very same alone where nothing but codes, counts and few values tells rows apart', async () => {
    const unit = unitOf(9);
    const whole = Array.from({ length: 300 }, () => [Math.floor(90 * unit()), Math.floor(1e6 * unit()), 7]);
    const counts = [...whole, ...whole.map(([a, b, c]) => [a!, b! + 1, c!])];
    expect([...(await groupCopies(await sourceOf(counts)))]).toEqual([...counts.keys()]);
    // Of 2,000 numbers in one column, each is near to some by chance.
    const column = Array.from({ length: 2000 }, () => [0.5 + unit() / 2]);
    column[1999] = column[3]!;
    const found = await groupCopies(await sourceOf(column));
    expect([...found].flatMap((root, at) => (root === at ? [] : [[root, at]]))).toEqual([[3, 1999]]);
  });

  it.each([
    [
      'temperatures on three scales',
      (unit: () => number) => {
        const celsius = 40 * unit() - 5;
        return [celsius, 1.8 * celsius + 32, celsius + 273.15];
      },
    ],
    [
      'amounts with and without a tax, and the tax',
      (unit: () => number) => {
        const net = 100 + 4900 * unit();
        return [1.19 * net, net, 0.19 * net];
      },
    ],
  ])('are none among %s, unless other columns tell rows apart', async (_, rowOf) => {
    const unit = unitOf(12);
    const rows = Array.from({ length: 2000 }, () => rowOf(unit));
    expect(pairsByForce(rows.slice(0, 600)).length).toBeGreaterThan(10);
    expect([...(await groupCopies(await sourceOf(rows)))]).toEqual([...rows.keys()]);
    const told = withCopies(
      rows.slice(0, 500).map((row) => [...row, unit(), unit()]),
      13,
      0.9e-4,
      0,
    );
    expect([...(await groupCopies(await sourceOf(told)))]).toEqual(setsOf(pairsByForce(told), told.length));
  });

  it('are found where one column holds by far the largest numbers', async () => {
    // As a weight of a survey does: every two rows correlate by more than 0.99.
    const rows = Array.from({ length: 400 }, (_, at) => [at % 7, at % 5, 200_000 + 13 * at, (at % 11) + 0.5]);
    rows[300] = [...rows[20]!];
    rows[399] = [rows[40]![0]!, rows[40]![1]!, rows[40]![2]!, rows[40]![3]! + 1e-5];
    const first = await groupCopies(await sourceOf(rows));
    expect([...first].flatMap((root, at) => (root === at ? [] : [[root, at]]))).toEqual([
      [20, 300],
      [40, 399],
    ]);
  });
});

it('finds the copies of held-out rows among training rows, on all cores, with their likeness', async () => {
  const unit = unitOf(4);
  const rows = Array.from({ length: 6000 }, () => Array.from({ length: 20 }, () => unit() * 50));
  const all = [...rows, ...withCopies(rows.slice(0, 2500), 7, 0.9e-4, 0).slice(2500), rows[17]!];
  const splits = Uint8Array.from(all, (_, at) => (at < 6000 ? SPLIT_CODE.train : SPLIT_CODE.test));
  const pairs = await findCopies({ ...(await sourceOf(all)), splits });
  expect(pairs.map(({ heldOut, training }) => [heldOut, training])).toEqual([
    ...Array.from({ length: 2500 }, (_, at) => [6000 + at, at]),
    [8500, 17],
  ]);
  for (const { exact, likeness } of pairs.slice(0, -1)) {
    expect(exact).toBe(false);
    expect(likeness).toBeGreaterThanOrEqual(1 - 1e-4);
    expect(likeness).toBeLessThan(1);
  }
  expect(pairs.at(-1)).toMatchObject({ exact: true, likeness: 1 });
});

it('tells each step to its end', async () => {
  const unit = unitOf(1);
  const rows = Array.from({ length: 9000 }, () => [unit(), unit()]);
  const told = new Map<string, number[]>();
  await groupCopies(await sourceOf(rows), {
    onProgress: (step, done, total) => told.set(step, [done, total]),
  });
  expect([...told]).toEqual([
    ['describe', [9000, 9000]],
    ['compare', [9000, 9000]],
  ]);
});
