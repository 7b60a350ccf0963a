import { expect, it } from 'vitest';
import '../../helpers.ts';
import { forEachNearest } from '../../../../../src/learning/evaluation/probes/neighbors.ts';

const matrix = (rows: number[][]) => ({
  values: Float32Array.from(rows.flat()),
  rows: rows.length,
  columns: rows[0]!.length,
});
const bank = matrix([
  [1, 0],
  [0, 5],
  [-2, 0],
  [3, 3],
]);
const nearest = (queries: number[][], options: { count: number; batchSize?: number }) => {
  const found: { query: number; rows: number[]; likeness: number[] }[] = [];
  forEachNearest(bank, matrix(queries), options, (query, rows, likeness) =>
    found.push({ query, rows: [...rows], likeness: [...likeness].map((value) => Number(value.toFixed(5))) }),
  );
  return found;
};

it('ranks by the cosine, whatever the lengths', () => {
  expect(nearest([[0, 0.1]], { count: 4 })).toEqual([
    { query: 0, rows: [1, 3, 0, 2], likeness: [1, Number(Math.SQRT1_2.toFixed(5)), 0, 0] },
  ]);
});

it('gives the same however many queries are compared at once', () => {
  const queries = [
    [2, 0.1],
    [-1, 0.2],
    [1, 1.1],
  ];
  const all = nearest(queries, { count: 2 });
  expect(all.map(({ query, rows }) => [query, rows[0]])).toEqual([
    [0, 0],
    [1, 2],
    [2, 3],
  ]);
  expect(nearest(queries, { count: 2, batchSize: 2 })).toEqual(all);
});

it('asks for no more neighbours than there are', () => {
  expect(nearest([[1, 0]], { count: 9 })[0]!.rows).toHaveLength(4);
});
