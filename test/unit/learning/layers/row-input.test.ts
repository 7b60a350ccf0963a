import { describe, expect, it } from 'vitest';
import type { StoredColumn } from '../../../../src/contract/data/columns.ts';
import { createPass, initialState } from '../../../../src/learning/layers/layer.ts';
import {
  rowTokens,
  rowVector,
  type RowInput,
  type RowInputOptions,
} from '../../../../src/learning/layers/row-input.ts';
import { tf, type State } from '../../../../src/tensor/index.ts';
import '../helpers.ts';

const number = (name: string): StoredColumn => ({
  name,
  kind: 'number',
  missing: 0,
  mean: 0,
  standardDeviation: 1,
  quantiles: [-2, -1, 0, 1, 2],
});
const category = { name: 'work', kind: 'category', missing: 0, categories: ['a', 'b'], counts: [1, 1] };
// A category stands between two numbers.
const columns = [number('age'), category as unknown as StoredColumn, number('height')];
const options: RowInputOptions = {
  name: 'in',
  columns,
  code: 'scaled',
  bins: 4,
  frequencies: 2,
  frequencyDeviation: 1,
};
/** The categories a, b and unknown. */
const table = tf.tensor2d([
  [10, 11],
  [20, 21],
  [30, 31],
]);
const apply = (input: RowInput, rows: number[][], parameters: State) =>
  input.apply(tf.tensor2d(rows), createPass({ parameters, statistics: {} }, true)).arraySync();

describe('a row as one vector', () => {
  const input = rowVector({ ...options, embedding: 2 });

  it('is its numbers, which of them are unknown, and the vectors of its categories', () => {
    expect(input.width).toBe(2 + 2 + 2);
    expect(
      apply(
        input,
        [
          [0.5, 0, -1],
          [NaN, 1, 3],
          [1, NaN, NaN],
        ],
        { 'in/categories/table': table },
      ),
    ).toEqual([
      [0.5, -1, 0, 0, 10, 11],
      [0, 3, 1, 0, 20, 21],
      [1, 0, 0, 1, 30, 31],
    ]);
  });

  it('lets no outlier tell more than eight deviations', () => {
    const [row] = apply(input, [[1e9, 0, -1e9]], { 'in/categories/table': table }) as number[][];
    expect(row!.slice(0, 2)).toEqual([8, -8]);
  });

  it('tells numbers by their rank where quantiles are the code', () => {
    const ranked = rowVector({ ...options, code: 'quantile', embedding: 2 });
    const rows = [
      [-2, 0, 0],
      [1, 0, 2],
    ];
    const found = apply(ranked, rows, { 'in/categories/table': table }) as number[][];
    // Ranks 0, 1/2, 3/4 and 1, brought to mean 0 and the deviation of a uniform distribution.
    const code = (rank: number) => (rank - 0.5) * Math.sqrt(12);
    for (const [row, ranks] of [
      [0, [0, 0.5]],
      [1, [0.75, 1]],
    ] as const)
      ranks.forEach((rank, at) => expect(found[row]![at]).toBeCloseTo(code(rank), 5));
  });

  it('has a vector of its own for every unknown number where numbers have vectors', () => {
    const embedded = rowVector({ ...options, code: 'periodic', embedding: 2 });
    const parameters = initialState(embedded.parameters, 1);
    parameters['in/numbers/unknown'] = tf.tensor2d([
      [1, 2],
      [3, 4],
    ]);
    parameters['in/categories/table'] = table;
    const found = apply(embedded, [[NaN, 1, NaN]], parameters) as number[][];
    expect(found).toEqual([[1, 2, 3, 4, 1, 1, 20, 21]]);
    expect(embedded.width).toBe(found[0]!.length);
  });

  it('of numbers alone, or of categories alone, has nothing of the other', () => {
    const numbers = rowVector({ ...options, columns: [number('a')], embedding: 2 });
    expect([numbers.width, numbers.parameters]).toEqual([2, []]);
    expect(apply(numbers, [[2]], {})).toEqual([[2, 0]]);
    const categories = rowVector({ ...options, columns: [columns[1]!], embedding: 2 });
    expect(apply(categories, [[1]], { 'in/categories/table': table })).toEqual([[20, 21]]);
  });
});

describe('a row as tokens', () => {
  const weights: State = {
    'in/numbers/weight': tf.tensor2d([
      [1, 2],
      [3, 4],
    ]),
    'in/numbers/unknown': tf.tensor2d([
      [-1, -2],
      [-3, -4],
    ]),
    'in/categories/table': table,
    'in/bias': tf.tensor2d([
      [100, 0],
      [200, 0],
      [300, 0],
    ]),
  };

  it('has one for each column, numbers first: its number times its vector, or what stands for unknown', () => {
    const input = rowTokens({ ...options, width: 2 });
    expect(Object.fromEntries(input.parameters.map(({ name, shape }) => [name, shape]))).toEqual({
      'in/numbers/weight': [2, 2],
      'in/numbers/unknown': [2, 2],
      'in/categories/table': [3, 2],
      'in/bias': [3, 2],
    });
    expect(apply(input, [[2, 1, NaN]], weights)).toEqual([
      [
        [102, 4],
        [197, -4],
        [320, 21],
      ],
    ]);
  });

  it('has embeddings of its numbers in place of vectors where the code is one', () => {
    const input = rowTokens({ ...options, code: 'piecewise-linear', width: 2 });
    expect(input.parameters.map(({ name }) => name)).not.toContain('in/numbers/weight');
    const parameters = {
      ...initialState(input.parameters, 1),
      'in/numbers/unknown': weights['in/numbers/unknown']!,
    };
    const found = apply(input, [[NaN, NaN, NaN]], {
      ...parameters,
      'in/categories/table': table,
      'in/bias': weights['in/bias']!,
    });
    expect(found).toEqual([
      [
        [99, -2],
        [197, -4],
        [330, 31],
      ],
    ]);
  });
});
