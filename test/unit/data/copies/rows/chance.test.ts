import { describe, expect, it } from 'vitest';
import { agreementsOf } from '../../../../../src/data/copies/rows/agreement.ts';
import { chanceOfCopies } from '../../../../../src/data/copies/rows/chance.ts';
import { createRandom } from '../../../../../src/data/shards/random.ts';

const random = createRandom(21);
const unit = () => random.below(2 ** 30) / 2 ** 30;
const table = (row: () => number[], count = 2000) => Array.from({ length: count }, row);

/** What is measured, what each column says, and what they would say were they independent. */
function chancesOf(rows: readonly number[][], whole: readonly number[] = []) {
  const columns = rows[0]!.map((_, column) => {
    const ascending = Float64Array.from(rows, (row) => Math.fround(row[column]!)).sort();
    const at = (share: number) => ascending[Math.floor(share * (rows.length - 1))]!;
    const scale = at(0.75) - at(0.25);
    const isWhole = whole.includes(column);
    return { isWhole, scale, agreements: agreementsOf(ascending, isWhole, scale) };
  });
  const each = columns.map(({ agreements }) => agreements[0]!);
  return {
    measured: chanceOfCopies(Float32Array.from(rows.flat()), columns, [...columns.keys()]),
    least: Math.min(...each),
    product: each.reduce((product, chance) => product * chance, 1),
  };
}

describe('the chance that two rows agree in all columns', () => {
  it.each([1, 2, 3, 8])('is exactly the product of those of %i columns that are independent', (width) => {
    const { measured, product } = chancesOf(table(() => Array.from({ length: width }, unit)));
    expect(measured).toBe(product);
  });

  it('is so beside codes, too', () => {
    const rows = table(() => [random.below(3), random.below(90), random.below(2), unit()], 1000);
    const { measured, product } = chancesOf(rows, [0, 1, 2]);
    expect(measured).toBe(product);
  });

  it('is that of one column where all others follow from it', () => {
    const temperatures = chancesOf(
      table(() => {
        const celsius = 40 * unit() - 5;
        return [celsius, 1.8 * celsius + 32, celsius + 273.15];
      }),
    );
    const sizes = chancesOf(
      table(() => {
        const size = Math.exp(9 * unit());
        return [size, Math.log(size), Math.sqrt(size)];
      }),
    );
    for (const { measured, least } of [temperatures, sizes]) {
      expect(measured).toBeGreaterThan(least / 4);
      expect(measured).toBeLessThanOrEqual(least);
    }
  });

  it.each([
    ['a third column that follows', () => [], 1e-8],
    ['one more that is free', () => [unit()], 1e-12],
  ])('is about that of two columns beside %s', (_, more, about) => {
    const rows = table(() => {
      const [gross, share] = [1000 + 5000 * unit(), 0.7 + 0.2 * unit()];
      return [gross, gross * share, gross * (1 - share), ...more()];
    });
    const { measured, product } = chancesOf(rows);
    expect(measured).toBeGreaterThan(about / 10);
    expect(measured).toBeLessThan(about * 20);
    expect(product).toBeLessThan(about / 1000);
  });

  it('is not that of copies, and of copies of copies, among the rows', () => {
    const rows = table(() => [unit(), unit(), unit()], 600);
    const again = rows.map((row) => row.map((value) => value * (1 + 9e-5 * (unit() - 0.5))));
    const chain = Array.from({ length: 12 }, (_, at) =>
      rows[0]!.map((value, column) => (column === 1 ? value * (1 + 8e-5 * at) : value)),
    );
    expect(chancesOf([...rows, ...again, ...chain]).measured).toBeLessThan(1e-6);
  });
});
