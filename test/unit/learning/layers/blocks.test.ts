import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { convNextBlock } from '../../../../src/learning/layers/convnext-block.ts';
import { createPass, initialState, type Layer } from '../../../../src/learning/layers/layer.ts';
import { fromPatches, patchGrid, pickRows, toPatches } from '../../../../src/learning/layers/patches.ts';
import { stretching, waves } from '../../../../src/learning/layers/positions.ts';
import { transformerBlock } from '../../../../src/learning/layers/transformer.ts';
import { tf, type Scalar, type State, type Tensor } from '../../../../src/tensor/index.ts';
import { gradientError, tensor } from '../../tensor/helpers.ts';
import { maxDifference } from '../helpers.ts';

interface Values {
  shape: number[];
  values: number[];
}
const fixtures = JSON.parse(readFileSync(new URL('pytorch-blocks.json', import.meta.url), 'utf8')) as Record<
  string,
  { parameters: Record<string, Values>; input: Values; output: Values }
>;
const tensorOf = ({ shape, values }: Values) => tf.tensor(values, shape);

const blocks: Record<string, Layer> = {
  'convnext of images': convNextBlock({ name: 'block', dimensions: 2, channels: 6, kernelSize: 3 }),
  'convnext of signals': convNextBlock({ name: 'block', dimensions: 1, channels: 4, kernelSize: 5 }),
  transformer: transformerBlock({ name: 'block', width: 8, heads: 2, expansion: 2 }),
};
const run = (layer: Layer, parameters: State, x: Tensor) =>
  layer.apply(x, createPass({ parameters, statistics: {} }, true));

describe.each(Object.entries(blocks))('the block: %s', (name, layer) => {
  const { parameters, input, output } = fixtures[name]!;
  const state = Object.fromEntries(Object.entries(parameters).map(([key, value]) => [key, tensorOf(value)]));

  it('equals PyTorch’s layers with the same weights', () => {
    expect(layer.parameters.map((spec) => [spec.name, spec.shape])).toEqual(
      layer.parameters.map((spec) => [spec.name, parameters[spec.name]?.shape]),
    );
    const found = run(layer, state, tensorOf(input));
    expect(found.shape).toEqual(output.shape);
    expect(maxDifference(found, tensorOf(output))).toBeLessThan(2e-5);
  });

  it('has the slopes of central differences, along directions of its input and of every variable', () => {
    const names = Object.keys(state);
    const inputs = [tensorOf(input), ...Object.values(state)];
    const total = (...[x, ...values]: Tensor[]) =>
      tf.tidy(() => {
        const y = run(layer, Object.fromEntries(names.map((key, i) => [key, values[i]!])), x!);
        return tf.sum(tf.mul(y, tensor(y.shape, 0.5, 1.5, 7))) as Scalar;
      });
    const slopes = tf.grads(total as never)(inputs) as Tensor[];
    inputs.forEach((value, place) => {
      for (const start of [1, 50, 100]) {
        const direction = tensor(value.shape, -1, 1, start);
        const moved = (step: number) =>
          total(...inputs.map((other, i) => (i === place ? tf.add(value, tf.mul(direction, step)) : other)));
        const numeric = (moved(0.01).dataSync()[0]! - moved(-0.01).dataSync()[0]!) / 0.02;
        const found = tf.sum(tf.mul(slopes[place]!, direction)).dataSync()[0]!;
        const size = tf.norm(slopes[place]!).dataSync()[0]! * tf.norm(direction).dataSync()[0]!;
        expect(Math.abs(found - numeric) / Math.max(1, size), ['input', ...names][place]).toBeLessThan(2e-3);
      }
    });
  });
});

describe('the first values of a block', () => {
  it('let it change its input only a little', () => {
    const layer = convNextBlock({ name: 'block', dimensions: 2, channels: 8, kernelSize: 7 });
    const x = tf.randomNormal([2, 8, 8, 8], 0, 1, 'float32', 1);
    const change = tf.sub(run(layer, initialState(layer.parameters, 1), x), x);
    const deviation = tf.moments(change).variance.dataSync()[0]! ** 0.5;
    expect(deviation).toBeGreaterThan(0.01);
    expect(deviation).toBeLessThan(0.3);
  });
});

describe('patches', () => {
  it('are cut row by row, with zeros beyond the edge', () => {
    const x = tf.reshape(tf.range(1, 16), [1, 3, 5, 1]);
    expect(patchGrid([3, 5], 2)).toEqual([2, 3]);
    expect(toPatches(x, 2).arraySync()).toEqual([
      [
        [1, 2, 6, 7],
        [3, 4, 8, 9],
        [5, 0, 10, 0],
        [11, 12, 0, 0],
        [13, 14, 0, 0],
        [15, 0, 0, 0],
      ],
    ]);
  });

  it('of signals hold all channels of a stretch of time', () => {
    const x = tf.reshape(tf.range(0, 10), [1, 5, 2]);
    expect(toPatches(x, 3).arraySync()).toEqual([
      [
        [0, 1, 2, 3, 4, 5],
        [6, 7, 8, 9, 0, 0],
      ],
    ]);
  });

  it('are put together again without what lay beyond the edge', () => {
    for (const shape of [
      [2, 5, 7, 3],
      [2, 8, 4, 1],
      [2, 10, 3],
    ]) {
      const x = tf.randomNormal(shape, 0, 1, 'float32', 1);
      expect(maxDifference(fromPatches(toPatches(x, 4), shape.slice(1, -1), 4), x)).toBe(0);
    }
  });

  it('are picked from each sample’s own list', () => {
    const rows = tf.reshape(tf.range(0, 12), [2, 3, 2]);
    const picked = pickRows(rows, tf.tensor2d([2, 0, 1, 1], [2, 2], 'int32'));
    expect(picked.arraySync()).toEqual([
      [
        [4, 5],
        [0, 1],
      ],
      [
        [8, 9],
        [8, 9],
      ],
    ]);
  });

  it('pass their gradients back to where they were picked', () => {
    const indices = tf.tensor2d([2, 0, 1, 1], [2, 2], 'int32');
    const [error] = gradientError((x) => pickRows(x, indices), [tensor([2, 3, 2])]);
    expect(error).toBeLessThan(1e-3);
  });
});

describe('positions', () => {
  it('are waves: sines, then cosines, of the place over 10000 to the power of each share', () => {
    const codes = waves([5], [5], 4).arraySync() as number[][];
    codes.forEach((row, at) => {
      const expected = [Math.sin(at), Math.sin(at / 100), Math.cos(at), Math.cos(at / 100)];
      row.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5));
    });
  });

  it('of two sides tell the row in the first half and the column in the second', () => {
    const codes = waves([2, 3], [2, 3], 8).arraySync() as number[][];
    const side = waves([3], [3], 4).arraySync() as number[][];
    expect(codes.map((row) => row.slice(0, 4))).toEqual([0, 0, 0, 1, 1, 1].map((row) => side[row]));
    expect(codes.map((row) => row.slice(4))).toEqual([0, 1, 2, 0, 1, 2].map((column) => side[column]));
  });

  it('on another grid lie between those of the grid they were made for', () => {
    expect(stretching([2, 3], [2, 3]).arraySync()).toEqual(tf.eye(6).arraySync());
    const wider = stretching([4], [2]).arraySync();
    expect(wider).toEqual([
      [1, 0],
      [0.75, 0.25],
      [0.25, 0.75],
      [0, 1],
    ]);
    const sums = tf.sum(stretching([3, 5], [7, 4]), 1);
    expect(maxDifference(sums, tf.ones([15]))).toBeLessThan(1e-6);
  });
});
