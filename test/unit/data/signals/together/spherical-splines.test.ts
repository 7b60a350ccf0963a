import { describe, expect, it } from 'vitest';
import type { Position } from '../../../../../src/data/signals/together/electrode-positions.ts';
import { interpolationWeights } from '../../../../../src/data/signals/together/spherical-splines.ts';
import measured from '../../../../fixtures/together/electrodes.json' with { type: 'json' };

describe('electrodes interpolated by spherical splines', () => {
  it.each(measured.cases)('have the weights that MNE gives them, within 1e-6', ({ from, to, weights }) => {
    const found = interpolationWeights(from as unknown as Position[], to as unknown as Position[]);
    found.forEach((row, at) =>
      row.forEach((weight, channel) => expect(Math.abs(weight - weights[at]![channel]!)).toBeLessThan(1e-6)),
    );
  });

  it('find a constant constant, and a measured electrode nearly itself', () => {
    const from = measured.cases[0]!.from as unknown as Position[];
    const [own] = interpolationWeights(from, [from[3]!]);
    expect(own!.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9);
    expect(own![3]).toBeGreaterThan(0.9);
  });
});
