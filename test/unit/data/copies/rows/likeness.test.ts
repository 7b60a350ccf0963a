import { describe, expect, it } from 'vitest';
import { likenessOfRows } from '../../../../../src/data/copies/rows/likeness.ts';

describe('two rows', () => {
  const none = [0, 0, 0];

  it('are near copies where numbers differ by their last digits alone', () => {
    expect(likenessOfRows([1, 0.12345, NaN], [1, 0.12345, NaN], none)).toBe(1);
    expect(likenessOfRows([1, 0.12345, NaN], [1, 0.12346, NaN], none)).toBeCloseTo(1 - 0.00001 / 0.12346, 9);
    expect(likenessOfRows([1, 0.12345, NaN], [1, 0.1236, NaN], none)).toBeNull();
  });

  it('are none where a code, a count or what is missing differs', () => {
    expect(likenessOfRows([100_000, 0.5], [100_001, 0.5], [1, 1])).toBeNull();
    expect(likenessOfRows([1, NaN], [1, 0.5], [1, 1])).toBeNull();
  });

  it('are compared near 0 by how wide their column is, as four digits behind the point are', () => {
    expect(likenessOfRows([0.00304, 0.5], [0.003, 0.5], none)).toBeNull();
    expect(likenessOfRows([0.00304, 0.5], [0.003, 0.5], [1.35, 1])).toBeCloseTo(1 - 0.00004 / 1.35, 9);
    expect(likenessOfRows([0.00304, 0.5], [-0.0001, 0.5], [1.35, 1])).toBeNull();
  });
});
