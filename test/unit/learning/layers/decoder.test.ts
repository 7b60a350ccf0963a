import { describe, expect, it } from 'vitest';
import { enlargingDecoder, patchDecoder } from '../../../../src/learning/layers/decoder.ts';
import { createPass, initialState } from '../../../../src/learning/layers/layer.ts';
import { tf } from '../../../../src/tensor/index.ts';
import { bytesOf, maxDifference } from '../helpers.ts';

describe('the light decoder', () => {
  it('puts the numbers of each place where its patch lies', () => {
    const [height, width, channels] = [8, 6, 2];
    const images = tf.cast(bytesOf([3, height, width, channels]), 'float32');
    // Each place of the maps holds its own patch of 4 × 3 pixels, and the convolution passes it on.
    const apart = tf.reshape(images, [3, 2, 4, 2, 3, channels]);
    const maps = tf.reshape(tf.transpose(apart, [0, 1, 3, 2, 4, 5]), [3, 2, 2, 24]);
    const decoder = patchDecoder({ mapShape: [2, 2, 24], sides: [height, width], channels });
    const parameters = {
      'decoder/kernel': tf.reshape(tf.eye(24), [1, 1, 24, 24]),
      'decoder/bias': tf.zeros([24]),
    };
    const found = decoder.apply(maps, createPass({ parameters, statistics: {} }, true));
    expect(maxDifference(found, images)).toBeLessThan(1e-3);
  });
});

describe('decoders', () => {
  it.each([
    { mapShape: [4, 4, 32], sides: [28, 28], channels: 1 },
    { mapShape: [2, 3, 8], sides: [7, 12], channels: 3 },
    { mapShape: [16, 12, 8], sides: [16, 12], channels: 3 },
    { mapShape: [5, 8], sides: [40], channels: 2 },
    { mapShape: [13, 20], sides: [100], channels: 4 },
  ])('of maps $mapShape give samples of sides $sides', ({ mapShape, sides, channels }) => {
    for (const make of [patchDecoder, enlargingDecoder]) {
      const decoder = make({ mapShape, sides, channels });
      const state = {
        parameters: initialState(decoder.parameters, 1),
        statistics: initialState(decoder.statistics, 1),
      };
      const found = decoder.apply(tf.ones([2, ...mapShape]), createPass(state, true));
      expect(found.shape).toEqual([2, ...sides, channels]);
    }
  });
});
