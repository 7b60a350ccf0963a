import { describe, expect, it } from 'vitest';
import { statisticsOfColumns } from '../../../../src/contract/data/columns.ts';
import {
  applyTableView,
  fromOtherRows,
  partOfRow,
  sampleTableView,
  tableViews,
} from '../../../../src/learning/views/table.ts';
import { tf, type Tensor } from '../../../../src/tensor/index.ts';
import { seed } from '../helpers.ts';
import { tableColumns } from '../tables.ts';

/** Cell [n, d] is 10 n + d, so that it says where it comes from; every seventh row has an unknown cell. */
const [count, columns] = [2000, 6];
const rows = tf.tensor2d(
  Array.from({ length: count }, (_, n) =>
    Array.from({ length: columns }, (_cell, d) => (n % 7 === 3 && d === 2 ? NaN : 10 * n + d)),
  ),
);
const statistics = statisticsOfColumns(tableColumns);
const view = (options: object, number = 1) => {
  const all = tableViews({ corruption: 0, ...options });
  return applyTableView(rows, sampleTableView(seed(number), count, columns, all), statistics);
};
const cells = (tensor: Tensor) => Array.from(tensor.dataSync());
const original = cells(rows);
const shareWhere = (tensor: Tensor, holds: (value: number, place: number) => boolean) =>
  cells(tensor).filter((value, place) => holds(value, place)).length / (count * columns);

describe('a view of rows', () => {
  it('replaces the share of cells that it should, each by a value of its own column', () => {
    const found = view({ corruption: 0.4 });
    const moved = shareWhere(found, (value, place) => !Object.is(value, original[place]));
    expect(moved).toBeGreaterThan(0.38);
    expect(moved).toBeLessThan(0.42);
    for (const [place, value] of cells(found).entries())
      if (!Number.isNaN(value)) expect(value % 10).toBe(place % columns);
  });

  it('draws from all rows alike, the marginal of the column', () => {
    const sources = cells(view({ corruption: 0.95 })).flatMap((value, place) =>
      Object.is(value, original[place]) || Number.isNaN(value) ? [] : [Math.floor(value / 10)],
    );
    const mean = sources.reduce((sum, source) => sum + source, 0) / sources.length;
    const variance = sources.reduce((sum, source) => sum + (source - mean) ** 2, 0) / sources.length;
    // Uniform over 2,000 rows: mean 999.5, deviation 577.
    expect(Math.abs(mean - 999.5)).toBeLessThan(25);
    expect(Math.abs(Math.sqrt(variance) - 577)).toBeLessThan(15);
  });

  it('empties cells, and adds noise to numbers alone', () => {
    const emptied = shareWhere(view({ missing: 0.25 }), (value) => Number.isNaN(value));
    expect(emptied).toBeGreaterThan(0.24);
    expect(emptied).toBeLessThan(0.3);
    const differences = cells(tf.sub(view({ noise: 0.5 }), rows));
    const of = (d: number) =>
      differences.filter((value, place) => place % columns === d && !Number.isNaN(value));
    for (const d of [1, 3, 5]) expect(new Set(of(d))).toEqual(new Set([0]));
    const noise = of(0);
    const deviation = Math.sqrt(noise.reduce((sum, value) => sum + value ** 2, 0) / noise.length);
    expect(deviation).toBeGreaterThan(0.47);
    expect(deviation).toBeLessThan(0.53);
  });

  it('is the same from the same seed, and another from another', () => {
    expect(cells(view({ corruption: 0.3 }, 4))).toEqual(cells(view({ corruption: 0.3 }, 4)));
    expect(cells(view({ corruption: 0.3 }, 4))).not.toEqual(cells(view({ corruption: 0.3 }, 5)));
  });

  it('changes nothing where nothing is asked, and shows a part where that is', () => {
    expect(cells(view({}))).toEqual(original);
    const shown = shareWhere(partOfRow(rows, seed(1), 0.5), (value) => !Number.isNaN(value));
    expect(shown).toBeGreaterThan(0.45);
    expect(shown).toBeLessThan(0.52);
  });
});

describe('values of other rows', () => {
  it('are taken from the row that was drawn, cell by cell', () => {
    const small = tf.tensor2d([
      [1, 2],
      [3, 4],
      [5, NaN],
    ]);
    const sources = tf.tensor2d(
      [
        [2, 0],
        [0, 2],
        [1, 1],
      ],
      undefined,
      'int32',
    );
    expect(cells(fromOtherRows(small, sources))).toEqual([5, 2, 1, NaN, 3, 4]);
  });
});
