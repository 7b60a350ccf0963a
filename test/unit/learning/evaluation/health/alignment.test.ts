import { describe, expect, it } from 'vitest';
import { alignment, uniformity } from '../../../../../src/learning/evaluation/health/alignment.ts';
import { effectiveRank } from '../../../../../src/learning/evaluation/health/collapse.ts';
import type { FeatureMatrix } from '../../../../../src/learning/evaluation/probes/features.ts';

// alignment-values.py makes the same data and gives the numbers below.
const formula = (i: number, k: number) => Math.sin(1.7 * i + 0.9 * k * k) + 0.3 * Math.cos(0.31 * i * k);
function data(from: number, to: number, columns = 5): FeatureMatrix {
  const rows = to - from;
  const values = Float32Array.from({ length: rows * columns }, (_, at) =>
    formula(from + Math.floor(at / columns), at % columns),
  );
  return { values, rows, columns };
}
const matrix = (...rows: number[][]): FeatureMatrix => ({
  values: Float32Array.from(rows.flat()),
  rows: rows.length,
  columns: rows[0]!.length,
});

describe('alignment', () => {
  it('is what PyTorch gives for the formula of the paper’s own code', () => {
    expect(alignment(data(0, 60), data(60, 120))).toBeCloseTo(1.7084272716376463, 6);
  });

  it('is 0 for views alike, 2 for orthogonal ones, 4 for opposite ones, whatever their length', () => {
    const first = matrix([3, 0], [0, 0.5]);
    expect(alignment(first, matrix([1, 0], [0, 7]))).toBe(0);
    expect(alignment(first, matrix([0, 2], [-4, 0]))).toBe(2);
    expect(alignment(first, matrix([-2, 0], [0, -1]))).toBe(4);
  });
});

describe('uniformity', () => {
  it('is what PyTorch gives for the formula of the paper’s own code', () => {
    expect(uniformity(data(0, 60))).toBeCloseTo(-1.7550517131255219, 6);
  });

  it('is 0 for features all alike, −4 for orthogonal ones, −8 for two opposite ones', () => {
    expect(uniformity(matrix([1, 2], [2, 4], [3, 6]))).toBeCloseTo(0, 12);
    expect(uniformity(matrix([5, 0, 0], [0, 1, 0], [0, 0, 2]))).toBeCloseTo(-4, 12);
    expect(uniformity(matrix([1, 0], [-3, 0]))).toBeCloseTo(-8, 12);
  });
});

describe('the effective rank of few samples', () => {
  it('is what NumPy gives with more columns than rows', () => {
    expect(effectiveRank(data(0, 6, 20))).toBeCloseTo(3.9978002224721525, 6);
  });
});
