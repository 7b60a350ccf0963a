/** The extract of “adult income” that `trees-fixture.py` makes: rows of codes and numbers, and the outcome. */
import { readFileSync } from 'node:fs';
import type { FeatureMatrix } from '../../../../src/learning/evaluation/probes/features.ts';
import fixture from './trees-fixture.json' with { type: 'json' };

const lines = readFileSync(new URL('adult-extract.csv', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .slice(1);
const table = lines.map((line) => line.split(',').map((cell) => (cell === '' ? NaN : Number(cell))));
export const outcomeColumn = fixture.columns.length;

/** Some columns of the training rows, or of those that are tested. */
export function rowsOf(part: 'train' | 'test', columns: readonly number[]): FeatureMatrix {
  const rows = part === 'train' ? table.slice(0, fixture.training) : table.slice(fixture.training);
  const values = Float32Array.from(rows.flatMap((row) => columns.map((column) => row[column]!)));
  return { values, rows: rows.length, columns: columns.length };
}

export const columnOf = (part: 'train' | 'test', column: number): number[] => [
  ...rowsOf(part, [column]).values,
];
