/** A made-up table for tests: what its columns are, and rows in which some cells are unknown. */
import type { StoredColumn } from '../../../src/contract/data/columns.ts';

const number = (name: string, missing: number): StoredColumn => ({
  name,
  kind: 'number',
  missing,
  mean: 0,
  standardDeviation: 1,
  quantiles: [-2.5, -1, -0.5, 0, 0.5, 1, 2.5],
});

export const tableColumns: StoredColumn[] = [
  number('height', 0),
  { name: 'work', kind: 'category', missing: 0.1, categories: ['a', 'b', 'c'], counts: [5, 3, 2] },
  number('weight', 0.1),
  { name: 'smoker', kind: 'yes-no', missing: 0, categories: ['no', 'yes'], counts: [7, 3] },
  number('pressure', 0),
  { name: 'stage', kind: 'ordered-category', missing: 0, categories: ['I', 'II', 'III'], counts: [4, 4, 2] },
];

/** Rows [count, 6], row-major, in which columns tell of each other. */
export function tableRows(count: number): Float32Array {
  const rows = Array.from({ length: count }, (_, i) => {
    const hidden = Math.sin(1.3 * i);
    const other = Math.cos(2.1 * i + 1);
    return [
      hidden,
      i % 5 === 4 ? NaN : hidden > 0.4 ? 2 : hidden > -0.3 ? 1 : 0,
      i % 3 === 1 ? NaN : 0.8 * hidden + 0.3 * other,
      other > 0.2 ? 1 : 0,
      other - 0.2 * hidden,
      other + hidden > 0.5 ? 2 : other > 0 ? 1 : 0,
    ];
  });
  return Float32Array.from(rows.flat());
}
