import { describe, expect, it } from 'vitest';
import {
  geometryFor,
  patchPosition,
  POSITIONS,
  samplePatchStarts,
  sideNeeded,
} from '../../../../../src/learning/pretext/tasks/patch-position.ts';
import { pretextOptions } from '../../../../../src/learning/pretext/registry.ts';
import { tf } from '../../../../../src/tensor/index.ts';
import { seed } from '../../helpers.ts';

const geometry = { patch: 5, gap: 2, jitter: 1 };

describe('the nine patches', () => {
  const starts = samplePatchStarts(seed(1), 300, [24, 30], geometry).arraySync() as number[][][];

  it('lie within the image, on whole pixels, and never touch', () => {
    for (const patches of starts)
      patches.forEach(([row, column], index) => {
        expect(Number.isInteger(row) && Number.isInteger(column)).toBe(true);
        expect(Math.min(row!, column!)).toBeGreaterThanOrEqual(0);
        expect(row! + geometry.patch).toBeLessThanOrEqual(24);
        expect(column! + geometry.patch).toBeLessThanOrEqual(30);
        for (const [otherRow, otherColumn] of patches.slice(index + 1)) {
          const apart = Math.max(Math.abs(otherRow! - row!), Math.abs(otherColumn! - column!));
          expect(apart).toBeGreaterThanOrEqual(geometry.patch + geometry.gap - 2 * geometry.jitter);
        }
      });
  });

  it('move by their jitter and with the whole grid, over all places there are', () => {
    const columns = new Set(starts.map((patches) => patches[0]![1]!));
    // From 0 to 30 − (3 · 5 + 2 · 2) − … : the first patch begins in columns 0 to 11.
    expect([...columns].toSorted((a, b) => a - b)).toEqual([...Array(12).keys()]);
    const steps = starts.map((patches) => patches[1]![1]! - patches[0]![1]!);
    expect(new Set(steps)).toEqual(new Set([5, 6, 7, 8, 9]));
  });
});

describe('the pseudo-label', () => {
  it('says on which side the second patch lies', () => {
    // Every pixel tells its own place: its row in red, its column in green.
    const side = 40;
    const rows = tf.tile(tf.reshape(tf.range(0, side), [1, side, 1, 1]), [30, 1, side, 1]);
    const columns = tf.tile(tf.reshape(tf.range(0, side), [1, 1, side, 1]), [30, side, 1, 1]);
    const { columns: shown, pseudoLabels } = patchPosition.preview({
      modality: 'image',
      options: pretextOptions(
        'patch-position',
        { colorDrop: 0, imageViews: { cropMinimum: 1, flipProbability: 0, jitterProbability: 0 } },
        { modality: 'image', inputShape: [side, side, 2], sampleCount: 100 },
      ),
      channelStatistics: { mean: [0, 0], standardDeviation: [1, 1] },
      samples: tf.concat([rows, columns], 3),
      seed: seed(4),
    });
    const placesOf = (index: number) => tf.mean(shown[index]!.values, [1, 2]).arraySync() as number[][];
    const [first, second] = [placesOf(1), placesOf(2)];
    const word = (difference: number, less: string, more: string) =>
      Math.abs(difference) < 5 ? '' : difference < 0 ? less : more;
    pseudoLabels.forEach((label, sample) => {
      const down = second[sample]![0]! - first[sample]![0]!;
      const right = second[sample]![1]! - first[sample]![1]!;
      const expected = [word(down, 'above', 'below'), word(right, 'left', 'right')].filter(Boolean);
      expect(label).toBe(`the second patch lies ${expected.join(' ')}`);
    });
    expect(new Set(pseudoLabels).size).toBeGreaterThan(5);
    expect(POSITIONS).toHaveLength(8);
  });
});

describe('the geometry', () => {
  it('fits any image from 11 pixels on, with patches as large as can be', () => {
    for (const side of [11, 12, 16, 28, 32, 64, 96, 224]) {
      const found = geometryFor(side);
      expect(sideNeeded(found)).toBeLessThanOrEqual(side);
      expect(3.2 * (found.patch + 2) + 5).toBeGreaterThan(side * 0.8);
    }
    expect(geometryFor(28)).toEqual({ patch: 7, gap: 2, jitter: 1 });
  });

  it('that does not fit is an error that says what would', () => {
    const context = { modality: 'image' as const, inputShape: [28, 28, 1], sampleCount: 100 };
    expect(() => pretextOptions('patch-position', { patch: 12 }, context)).toThrow(
      'Nine patches of 12 pixels with gap 2 and jitter 1 need images of at least 42 pixels a side. Found: 28 × 28.',
    );
    expect(() => pretextOptions('patch-position', {}, { ...context, inputShape: [10, 40, 1] })).toThrow(
      /at least 11 pixels a side. Found: 10 × 40/,
    );
  });
});
