import { buildEncoder } from '../../../../src/learning/encoders/registry.ts';
import { describe, expect, it } from 'vitest';
import { samplePatchMask } from '../../../../src/learning/views/mask.ts';
import { previewItems } from '../../../../src/learning/pretext/preview.ts';
import { findPretextTask } from '../../../../src/learning/pretext/registry.ts';
import { rotate, sampleTurns } from '../../../../src/learning/pretext/tasks/rotation.ts';
import { parseOptions } from '../../../../src/contract/fields.ts';
import { bytesOf, maxDifference, seed, signalsOf } from '../helpers.ts';
import { tf, type Tensor } from '../../../../src/tensor/index.ts';

const values = (tensor: Tensor) => Array.from(tensor.dataSync());

describe('turning', () => {
  const images = tf.cast(bytesOf([4, 5, 5, 3]), 'float32');

  it('by quarter turns moves every pixel to its place, against the clock', () => {
    const turned = rotate(images, tf.tensor1d([0, 1, 2, 3], 'int32'));
    const one = (i: number) => tf.slice(images, [i, 0, 0, 0], [1, 5, 5, 3]);
    // Against the clock: columns become rows, the last column first.
    const quarter = (x: Tensor) => tf.reverse(tf.transpose(x, [0, 2, 1, 3]), 1);
    const expected = tf.concat([
      one(0),
      quarter(one(1)),
      quarter(quarter(one(2))),
      quarter(quarter(quarter(one(3)))),
    ]);
    expect(maxDifference(turned, expected)).toBe(0);
  });

  it('takes all four turns about equally often', () => {
    const turns = values(sampleTurns(seed(1), 4000));
    for (const turn of [0, 1, 2, 3]) {
      const count = turns.filter((value) => value === turn).length;
      expect(Math.abs(count - 1000)).toBeLessThan(5 * Math.sqrt(750));
    }
  });

  it('refuses what is not square', () => {
    expect(() => rotate(tf.zeros([1, 4, 5, 1]), tf.tensor1d([1], 'int32'))).toThrow(
      /only square images.*4 × 5/,
    );
  });
});

describe('the mask', () => {
  it('covers whole patches, the same number in every sample', () => {
    const mask = samplePatchMask(seed(2), 16, [12, 8], 4, 0.5);
    expect(mask.shape).toEqual([16, 12, 8, 1]);
    expect(new Set(values(mask))).toEqual(new Set([0, 1]));
    for (const covered of values(tf.sum(mask, [1, 2, 3]))) expect(covered).toBe(3 * 16);
    const patches = tf.reshape(mask, [16, 3, 4, 2, 4]);
    expect(maxDifference(tf.max(patches, [2, 4]), tf.min(patches, [2, 4]))).toBe(0);
  });

  it('cuts patches that reach over the edge, and leaves at least one patch visible', () => {
    expect(samplePatchMask(seed(2), 3, [10], 4, 0.5).shape).toEqual([3, 10, 1]);
    const visible = values(tf.sum(tf.sub(1, samplePatchMask(seed(2), 8, [16], 4, 0.95)), [1, 2]));
    for (const points of visible) expect(points).toBe(4);
  });

  it('differs from sample to sample', () => {
    const rows = tf.reshape(samplePatchMask(seed(4), 20, [32], 2, 0.5), [20, 32]);
    expect(new Set(tf.unstack(rows).map((row) => values(row).join(''))).size).toBeGreaterThan(15);
  });
});

describe('the preview', () => {
  const preview = (task: string, modality: 'image' | 'signal') => {
    const definition = findPretextTask(task, modality);
    const channels = modality === 'image' ? 1 : 3;
    return previewItems(
      definition,
      {
        modality,
        options: parseOptions(definition.options, {}, 'options'),
        channelStatistics: {
          mean: new Array(channels).fill(0),
          standardDeviation: new Array(channels).fill(1),
        },
        samples: modality === 'image' ? bytesOf([3, 8, 8, 1]) : signalsOf(3, 32, 3),
        seed: seed(1),
      },
      [10, 20, 30],
    );
  };

  it('shows the turned image with its pseudo-label', () => {
    const items = preview('rotation', 'image');
    expect(items.map(({ sampleIndex }) => sampleIndex)).toEqual([10, 20, 30]);
    for (const item of items) {
      expect(item.pseudoLabel).toMatch(/^turned by (0|90|180|270)°$/);
      expect(item.panels.map(({ role }) => role)).toEqual(['input', 'view']);
      expect(item.panels[0]!.values).toHaveLength(64);
    }
  });

  it('shows two different views of a signal, and leaves no tensors behind', () => {
    const before = tf.memory().numTensors;
    const [item] = preview('simclr', 'signal');
    // The samples and the seed, which the test made.
    expect(tf.memory().numTensors - before).toBe(2);
    expect(item!.panels.map(({ title }) => title)).toEqual(['Sample', 'First view', 'Second view']);
    expect(item!.panels[1]!.values).not.toEqual(item!.panels[2]!.values);
    expect(item!.panels[1]!.shape).toEqual([32, 3]);
  });

  it('shows what is covered and what is to be found: together they are the view', () => {
    const [item] = preview('masked-reconstruction', 'signal');
    const [sample, covered, target] = item!.panels.map((panel) => panel.values);
    for (let i = 0; i < sample!.length; i++) {
      expect(covered![i]! + target![i]!).toBeCloseTo(sample![i]!, 4);
      expect(Math.min(Math.abs(covered![i]!), Math.abs(target![i]!))).toBe(0);
    }
  });

  it('covers whole tokens where the encoder reads tokens, and says how large', () => {
    const definition = findPretextTask('masked-reconstruction', 'image');
    const covered = (patch: number, imagePatch: number) => {
      const encoder = buildEncoder({ family: 'vit', options: { patch } }, 'image', [24, 24, 1]);
      const request = {
        modality: 'image',
        options: parseOptions(definition.options, { imagePatch }, 'options'),
        channelStatistics: { mean: [0], standardDeviation: [1] },
        samples: tf.ones([1, 24, 24, 1]),
        seed: seed(1),
        encoder,
      };
      const [item] = previewItems(definition, request, [0]);
      return { label: item!.pseudoLabel, shown: item!.panels[1]!.values };
    };
    // Tokens of 6 pixels: each is either shown or covered, never a part of it, whatever side was asked for.
    for (const wished of [4, 5, 7, 8]) {
      const { label, shown } = covered(6, wished);
      expect(label).toContain('in patches of 6');
      for (let token = 0; token < 16; token++) {
        const [row, column] = [6 * Math.floor(token / 4), 6 * (token % 4)];
        const inside = Array.from(
          { length: 36 },
          (_, i) => shown[(row + Math.floor(i / 6)) * 24 + column + (i % 6)]!,
        );
        expect(new Set(inside).size).toBe(1);
      }
    }
    expect(covered(2, 5).label).toContain('in patches of 6');
    expect(covered(8, 2).label).toContain('in patches of 8');
  });
});
