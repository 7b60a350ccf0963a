/** Against sums written out in JavaScript's doubles. */
import { describe, expect, it } from 'vitest';
import {
  alongTime,
  electrodeDepthwise,
  electrodeMixing,
  timeConvolution,
  timeDepthwise,
  timeThenElectrodes,
} from '../../../../src/learning/layers/electrodes.ts';
import { createPass, functionLayer, type Layer } from '../../../../src/learning/layers/layer.ts';
import { tf, type State, type Tensor } from '../../../../src/tensor/index.ts';
import { difference, numbers, sizeOf } from '../../tensor/helpers.ts';

const [COUNT, ELECTRODES, LENGTH] = [2, 3, 7];

/** Values of every variable, and those of the layer. */
function prepared(layer: Layer) {
  const arrays = Object.fromEntries(
    layer.parameters.map(({ name, shape }, at) => [name, numbers(sizeOf(shape), -1, 1, 31 * at)]),
  );
  const parameters: State = Object.fromEntries(
    layer.parameters.map(({ name, shape }) => [name, tf.tensor(arrays[name]!, shape)]),
  );
  const run = (x: Tensor) => layer.apply(x, createPass({ parameters, statistics: {} }, true));
  return { arrays, run };
}

/** Numbers of x[sample][electrode][time][filter], and the tensor. */
function signals(filters: number) {
  const values = numbers(COUNT * ELECTRODES * LENGTH * filters, -2, 2, 5);
  const at = (n: number, e: number, t: number, f: number) =>
    t < 0 || t >= LENGTH ? 0 : values[((n * ELECTRODES + e) * LENGTH + t) * filters + f]!;
  return { x: tf.tensor(values, [COUNT, ELECTRODES, LENGTH, filters]), at };
}

/** Every place of a shape, in the order of its numbers. */
function filled(shape: number[], value: (...place: number[]) => number): number[] {
  const [first, ...rest] = shape;
  if (first === undefined) return [value()];
  return Array.from({ length: first }, (_, at) => filled(rest, (...place) => value(at, ...place))).flat();
}
const sum = (count: number, of: (at: number) => number) =>
  Array.from({ length: count }, (_, at) => of(at)).reduce((total, one) => total + one, 0);

describe('a convolution along time', () => {
  const [size, inputs, outputs] = [3, 2, 4];

  it('keeps electrodes apart, and the length where it pads', () => {
    const { arrays, run } = prepared(timeConvolution({ name: 'c', size, inputs, outputs }));
    const { x, at } = signals(inputs);
    const [kernel, bias] = [arrays['c/kernel']!, arrays['c/bias']!];
    const found = run(x);
    expect(found.shape).toEqual([COUNT, ELECTRODES, LENGTH, outputs]);
    const expected = filled(
      found.shape,
      (n, e, t, o) =>
        bias[o!]! +
        sum(size, (k) =>
          sum(inputs, (i) => at(n!, e!, t! + k - 1, i) * kernel[(k * inputs + i) * outputs + o!]!),
        ),
    );
    expect(difference(found.dataSync(), expected)).toBeLessThan(1e-6);
  });

  it('steps, and takes whole windows alone where it does not pad', () => {
    const options = { name: 'c', size, inputs, outputs, stride: 2, padding: 'valid', bias: false } as const;
    const layer = timeConvolution(options);
    expect(layer.parameters.map(({ name }) => name)).toEqual(['c/kernel']);
    const { arrays, run } = prepared(layer);
    const { x, at } = signals(inputs);
    const found = run(x);
    // Windows begin at 0, 2 and 4 of 7 points.
    expect(found.shape).toEqual([COUNT, ELECTRODES, 3, outputs]);
    const kernel = arrays['c/kernel']!;
    const expected = filled(found.shape, (n, e, t, o) =>
      sum(size, (k) =>
        sum(inputs, (i) => at(n!, e!, 2 * t! + k, i) * kernel[(k * inputs + i) * outputs + o!]!),
      ),
    );
    expect(difference(found.dataSync(), expected)).toBeLessThan(1e-6);
  });

  it('computes with weights within a norm', () => {
    const options = { name: 'c', size, inputs, outputs, bias: false };
    const free = prepared(timeConvolution(options));
    const held = prepared(timeConvolution({ ...options, maxNorm: 0.5 }));
    const { x } = signals(inputs);
    const norms = Array.from({ length: outputs }, (_, o) =>
      Math.sqrt(sum(size * inputs, (i) => free.arrays['c/kernel']![i * outputs + o]! ** 2)),
    );
    expect(Math.min(...norms)).toBeGreaterThan(0.5);
    const expected = Array.from(free.run(x).dataSync(), (value, at) => (value * 0.5) / norms[at % outputs]!);
    expect(difference(held.run(x).dataSync(), expected)).toBeLessThan(1e-6);
  });
});

it('convolves every filter’s own time once more by a kernel of its own', () => {
  const [size, filters] = [3, 2];
  const { arrays, run } = prepared(timeDepthwise('d', size, filters));
  const { x, at } = signals(filters);
  const found = run(x);
  const expected = filled([COUNT, ELECTRODES, LENGTH, filters], (n, e, t, f) =>
    sum(size, (k) => at(n!, e!, t! + k - 1, f!) * arrays['d/kernel']![k * filters + f!]!),
  );
  expect(found.shape).toEqual(x.shape);
  expect(difference(found.dataSync(), expected)).toBeLessThan(1e-6);
});

it('mixes every filter over the electrodes in ways of its own', () => {
  const [filters, multiplier] = [2, 3];
  const options = { name: 'm', electrodes: ELECTRODES, filters, multiplier, maxNorm: 0 };
  const { arrays, run } = prepared(electrodeDepthwise(options));
  const { x, at } = signals(filters);
  const found = run(x);
  expect(found.shape).toEqual([COUNT, 1, LENGTH, filters * multiplier]);
  const expected = filled(found.shape, (n, _, t, out) => {
    const [f, m] = [Math.floor(out! / multiplier), out! % multiplier];
    return sum(
      ELECTRODES,
      (e) => at(n!, e, t!, f) * arrays['m/kernel']![(e * filters + f) * multiplier + m]!,
    );
  });
  expect(difference(found.dataSync(), expected)).toBeLessThan(1e-6);
});

it('makes virtual electrodes of all real ones', () => {
  const filters = 2;
  const { arrays, run } = prepared(electrodeMixing('v', ELECTRODES));
  const { x, at } = signals(filters);
  const found = run(x);
  const expected = filled(
    x.shape,
    (n, v, t, f) =>
      arrays['v/bias']![v!]! +
      sum(ELECTRODES, (e) => at(n!, e, t!, f!) * arrays['v/kernel']![e * ELECTRODES + v!]!),
  );
  expect(difference(found.dataSync(), expected)).toBeLessThan(1e-6);
});

describe('time and electrodes as one convolution', () => {
  const options = { name: 'b', electrodes: ELECTRODES, size: 4, filters: 2 };

  it('equals the two, one after the other', () => {
    const { size, filters } = options;
    const { arrays, run } = prepared(timeThenElectrodes(options));
    const { x, at } = signals(1);
    const [time, first] = [arrays['b/time/kernel']!, arrays['b/time/bias']!];
    const [mixing, second] = [arrays['b/electrodes/kernel']!, arrays['b/electrodes/bias']!];
    const along = (n: number, e: number, t: number, f: number) =>
      first[f]! + sum(size, (k) => at(n, e, t + k, 0) * time[k * filters + f]!);
    const found = run(x);
    expect(found.shape).toEqual([COUNT, 1, LENGTH - size + 1, filters]);
    const expected = filled(
      found.shape,
      (n, _, t, o) =>
        second[o!]! +
        sum(ELECTRODES, (e) =>
          sum(filters, (f) => along(n!, e, t!, f) * mixing[(e * filters + f) * filters + o!]!),
        ),
    );
    expect(difference(found.dataSync(), expected)).toBeLessThan(1e-6);
  });

  it('holds the weights of either within the norm', () => {
    const { run: free } = prepared(timeThenElectrodes({ ...options, maxNorm: 1000 }));
    const { run } = prepared(timeThenElectrodes(options));
    const { x } = signals(1);
    expect(difference(free(x).dataSync(), run(x).dataSync())).toBeLessThan(1e-6);
    const { run: held } = prepared(timeThenElectrodes({ ...options, maxNorm: 0.01 }));
    // A thousandth of the weights leaves next to nothing but the last bias.
    const bias = prepared(timeThenElectrodes(options)).arrays['b/electrodes/bias']!;
    held(x)
      .dataSync()
      .forEach((value, at) => expect(Math.abs(value - bias[at % 2]!)).toBeLessThan(0.05));
  });
});

it('applies layers of places in time to what is left of the electrodes', () => {
  const layer = alongTime(functionLayer((x) => (expect(x.rank).toBe(3), tf.mul(x, 2))));
  const found = layer.apply(tf.ones([2, 1, 5, 3]), createPass({ parameters: {}, statistics: {} }, true));
  expect(found.shape).toEqual([2, 1, 5, 3]);
  expect(found.dataSync().every((value) => value === 2)).toBe(true);
});
