import { describe, expect, it } from 'vitest';
import { sharesOf } from '../../../../src/contract/recipe/together.ts';

describe('the shares of datasets in a batch', () => {
  const sizes = [900, 100];
  it.each([
    ['balanced', 2, [0.5, 0.5]],
    ['proportional', 2, [0.9, 0.1]],
    // 30 : 10
    ['temperature', 2, [0.75, 0.25]],
    ['temperature', 1, [0.9, 0.1]],
  ] as const)('are %s at temperature %d', (sampling, temperature, expected) => {
    sharesOf(sizes, { sampling, temperature }).forEach((share, at) =>
      expect(share).toBeCloseTo(expected[at]!, 12),
    );
  });
});
