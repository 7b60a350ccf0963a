import { describe, expect, it } from 'vitest';
import { buildEncoder, proposedOptions, reachOf } from '../../../../src/learning/encoders/registry.ts';
import { tf, type Tensor } from '../../../../src/tensor/index.ts';
import { chooseKernels } from '../../tensor/own-kernels.ts';
import '../helpers.ts';

/** Points of the input that change the middle place of the last maps, from first to last: measured. */
function measuredReach(options: object, length: number): number {
  // Our own convolutions share work between neighbours: by rounding, a little of a point is found beside it.
  chooseKernels(false);
  const encoder = buildEncoder({ family: 'residual', options }, 'signal', [length, 1]);
  // All weights positive: nothing is cut off on the way.
  const parameters = Object.fromEntries(
    Object.entries(encoder.parameters(1)).map(([name, value]) => [
      name,
      name.endsWith('/kernel') ? (tf.fill(value.shape, 0.5) as Tensor) : value,
    ]),
  );
  const state = { parameters, statistics: encoder.statistics() };
  const each = tf.reshape(tf.eye(length), [length, length, 1]);
  const maps = encoder.apply(state, each, { training: false }).stages.at(-1)!;
  const middle = Math.floor(maps.shape[1]! / 2);
  const seen = tf.sum(tf.slice(maps, [0, middle, 0], [-1, 1, -1]), [1, 2]).dataSync();
  const points = Array.from(seen, (value, at) => (value > 0 ? at : -1)).filter((at) => at >= 0);
  return points.at(-1)! - points[0]! + 1;
}

describe('the receptive field of the residual network along time', () => {
  it.each([
    [{}, 400, 95],
    [{ stages: 4 }, 800, 191],
    [{ stages: 2, depth: 2, kernelSize: 7, stemStride: 1 }, 300, 73],
    [{ stages: 3, stemStride: 5, stemKernel: 11 }, 900, 231],
  ])('is what was measured: %o', (options, length, points) => {
    const small = { ...options, width: 4, features: 8 };
    expect(reachOf({ family: 'residual', options: small }, 'signal')).toBe(points);
    expect(measuredReach(small, length)).toBe(points);
  });

  it.each([
    [128, 200, { stages: 3, stemStride: 2, stemKernel: 0 }],
    [600, 200, { stages: 5, stemStride: 2, stemKernel: 0 }],
    [3000, 100, { stages: 8, stemStride: 1, stemKernel: 0 }],
    [2560, 512, { stages: 6, stemStride: 5, stemKernel: 11 }],
    [50, undefined, { stages: 3, stemStride: 2, stemKernel: 0 }],
  ])('reaches over half of a window of %i points at %s Hz as proposed', (length, samplingRate, options) => {
    const about = samplingRate === undefined ? {} : { samplingRate };
    const choice = { family: 'residual', options: {} };
    const found = proposedOptions(choice, 'signal', [length, 8], about);
    expect(found).toEqual(options);
    expect(reachOf({ family: 'residual', options: found }, 'signal')).toBeGreaterThanOrEqual(length / 2);
    expect(
      proposedOptions({ ...choice, options: { stages: 2 } }, 'signal', [length, 8], about),
    ).toMatchObject({
      stages: 2,
    });
  });
});
