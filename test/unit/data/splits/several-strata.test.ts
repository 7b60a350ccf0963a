import { describe, expect, it } from 'vitest';
import { strataOfTargets } from '../../../../src/data/splits/several-strata.ts';

describe('strata of several targets', () => {
  it('are of the rarest label that a sample has', () => {
    // a: 3 samples, b: 1
    const values = Float32Array.from([1, 0, 1, 0, 1, 1, 0, 0, NaN, NaN]);
    expect([...strataOfTargets({ names: ['a', 'b'], values }, 'labels')]).toEqual([0, 0, 1, 2, -1]);
  });

  it('hold numbers of like size together', () => {
    const values = Float32Array.from({ length: 80 }, (_, i) => Math.floor(i / 2));
    const strata = strataOfTargets({ names: ['a', 'b'], values }, 'numbers');
    expect([strata[0], strata[39], new Set(strata).size]).toEqual([0, 3, 4]);
  });
});
