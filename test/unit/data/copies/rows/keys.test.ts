import { describe, expect, it } from 'vitest';
import { createRowKeys } from '../../../../../src/data/copies/rows/keys.ts';
import { likenessOfRows } from '../../../../../src/data/copies/rows/likeness.ts';
import { findRowRule } from '../../../../../src/data/copies/rows/rule.ts';
import { createRandom } from '../../../../../src/data/shards/random.ts';

const random = createRandom(8);
const unit = () => random.below(2 ** 30) / 2 ** 30;

/** A code, and numbers of all sizes. */
const rowOf = (width: number) =>
  Float32Array.from({ length: width }, (_, column) =>
    column === 0 ? random.below(9) : column % 3 === 0 ? Math.exp(9 * (unit() - 0.5)) : unit() - 0.5,
  );

function keysFor(width: number, count = 500) {
  const rows = Array.from({ length: count }, () => rowOf(width));
  const sample = Float32Array.from(rows.flatMap((row) => [...row]));
  const found = findRowRule(sample, new Uint8Array(width).fill(1, 1), count);
  // Wherever the cells begin: those that were found keep their borders away from these very rows.
  const rule = { ...found, grid: { ...found.grid, starts: found.grid.starts.map(() => 0.37) } };
  return { rows, rule, keys: createRowKeys(rule) };
}

describe('the cells of a row', () => {
  it.each([3, 12, 50, 200])('are among those looked at for every near copy of it, in %i columns', (width) => {
    const { rows, rule, keys } = keysFor(width);
    let [met, borders, lookedAt] = [0, 0, 0];
    for (const row of rows) {
      const copy = row.map((value, column) =>
        column === 0
          ? value
          : value + 1.98e-4 * (unit() - 0.5) * Math.max(Math.abs(value), rule.scales[column]!),
      );
      if (likenessOfRows(row, copy, rule.scales) === null) continue;
      met++;
      keys.read(copy);
      const cells = keys.nearCells();
      lookedAt += cells.length;
      keys.read(row);
      expect(cells).toContain(keys.cells());
      if (cells[0] !== keys.cells()) borders++;
    }
    expect(met).toBeGreaterThan(450);
    // A grid alone would have missed these.
    expect(borders).toBeGreaterThan(met / 50);
    expect(lookedAt / met).toBeLessThan(2);
  });

  it('are those of few other rows', () => {
    const { rows, keys } = keysFor(12);
    const own = rows.map((row) => (keys.read(row), keys.cells()));
    expect(new Set(own).size).toBe(rows.length);
  });

  it('are told apart by codes, and by what is missing, but not by the sign of 0', () => {
    const { rows, keys } = keysFor(3);
    const cellsOf = (...row: number[]) => (keys.read(row), keys.cells());
    const [, one = 0, two = 0] = rows[0]!;
    expect(cellsOf(0, one, two)).toBe(cellsOf(-0, one, two));
    expect(cellsOf(0, one, two)).not.toBe(cellsOf(1, one, two));
    expect(cellsOf(0, one, two)).not.toBe(cellsOf(NaN, one, two));
  });
});

it('has one key of all values for rows that are the very same', () => {
  const { rows, keys } = keysFor(12);
  const exactOf = (row: Float32Array) => (keys.read(row), keys.exact());
  expect(new Set(rows.map(exactOf)).size).toBe(rows.length);
  expect(exactOf(rows[3]!.slice())).toBe(exactOf(rows[3]!));
});

it('goes by all values where near copies are not looked for', () => {
  const rule = findRowRule(
    Float32Array.from({ length: 200 }, (_, at) => at % 7),
    new Uint8Array(2),
    100,
  );
  const keys = createRowKeys(rule);
  const keyOf = (...row: number[]) => (keys.read(row), [keys.cells(), keys.exact()]);
  expect(keyOf(1, 2)).toEqual(keyOf(1, 2));
  expect(keyOf(1, 2)[0]).not.toBe(keyOf(2, 1)[0]);
  expect(keyOf(1, 2)[0]).not.toBe(keyOf(1, 2)[1]);
});
