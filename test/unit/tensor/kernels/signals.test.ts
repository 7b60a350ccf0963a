import { describe, expect, test } from 'vitest';
import {
  asShare,
  changeSignals,
  cropAndResize,
  normal,
  scaleChannels,
  tf,
  type SignalChanges,
  type Tensor,
} from '../../../../src/tensor/index.ts';
import { runNative } from '../../../../src/tensor/native.ts';
import { difference, tensor } from '../helpers.ts';
import { chooseKernels, ownKernelsThere } from '../own-kernels.ts';

const seed = tf.tensor1d([3, -4], 'int32');

/** Everything changed, differently for each window; the second is not noisy and has no gap, the third runs backwards. */
function everything([count, , channels]: [number, number, number]): Required<SignalChanges> {
  const cuts = Array.from({ length: count }, (_, i) => [
    0,
    i === 2 ? 0.9 : 0.05 * i,
    0,
    i === 2 ? 0.1 : 1 - 0.06 * i,
  ]);
  const present = tf.tensor1d(Array.from({ length: count }, (_, i) => (i === 1 ? 0 : 1)));
  const start = tensor([count], 0, 0.5, 8);
  return {
    means: tensor([channels], -3, 5, 4),
    factors: tensor([count, channels], -2, 2, 6),
    boxes: tf.tensor2d(cuts),
    noise: {
      deviations: tf.mul(present, tensor([count], 0.1, 2, 5)),
      scales: tensor([channels], 0.5, 3, 9),
      seed,
    },
    gap: { start, end: tf.add(start, tf.mul(present, 0.3)) },
  };
}

/** The same by plain loops in 64 bits, from TensorFlow's normal numbers. */
function plainly(x: Tensor, changes: Required<SignalChanges>): Float64Array {
  const [count, length, channels] = x.shape as [number, number, number];
  const read = (values: Tensor) => values.dataSync() as Float32Array;
  const [xs, means, factors, boxes] = [x, changes.means, changes.factors, changes.boxes].map(read);
  const [deviations, scales] = [changes.noise.deviations, changes.noise.scales].map(read);
  const [start, end] = [changes.gap.start, changes.gap.end].map(read);
  const noise = read(normal(x.shape, seed));
  const y = new Float64Array(xs!.length);
  for (let n = 0; n < count; n++)
    for (let t = 0; t < length; t++)
      for (let c = 0; c < channels; c++) {
        const at = (n * length + t) * channels + c;
        const value = (place: number) =>
          (xs![(n * length + place) * channels + c]! - means![c]!) * factors![n * channels + c]!;
        const [first, last] = [boxes![4 * n + 1]!, boxes![4 * n + 3]!];
        const place = first * (length - 1) + t * (last - first);
        const left = Math.floor(place);
        const stretched = value(left) + (value(Math.ceil(place)) - value(left)) * (place - left);
        const covered = (t + 0.5) / length >= start![n]! && (t + 0.5) / length < end![n]!;
        const noisy = stretched + noise[at]! * deviations![n]! * scales![c]!;
        y[at] = (covered ? 0 : noisy) + means![c]!;
      }
  return y;
}

describe('a view of signals', () => {
  const shapes: [number, number, number][] = [
    [5, 50, 19],
    [4, 40, 8],
    [3, 33, 3],
    [6, 20, 1],
    [3, 12, 32],
    [2, 9, 37],
  ];
  test.each(shapes)('of %i windows of %i points and %i channels', (...shape) => {
    const [x, changes] = [tensor(shape, -4, 6, 1), everything(shape)];
    const wanted = plainly(x, changes);
    expect(difference(changeSignals(x, changes).dataSync(), wanted)).toBeLessThan(5e-6);
    chooseKernels(false);
    expect(difference(changeSignals(x, changes).dataSync(), wanted)).toBeLessThan(5e-6);
  });

  const shape: [number, number, number] = [5, 30, 19];
  const x = tensor(shape, -4, 6, 1);
  test.each(['means', 'factors', 'boxes', 'noise', 'gap'] as const)('with %s alone', (name) => {
    const changes = { [name]: everything(shape)[name] };
    const [ours, theirs] = [true, false].map((own) => {
      chooseKernels(own);
      return changeSignals(x, changes).dataSync();
    });
    expect(difference(ours!, theirs!)).toBeLessThan(5e-6);
  });

  test('without any change is the signal, bit by bit', () => {
    expect(changeSignals(x, {}).dataSync()).toEqual(x.dataSync());
  });

  test('holds the means where a cut reaches beyond the window, as cropAndResize holds 0', () => {
    const boxes = tf.tensor2d(Array.from({ length: 5 }, () => [0, -0.3, 0, 1.4]));
    const found = changeSignals(x, { boxes });
    const wanted = cropAndResize(tf.reshape(x, [5, 1, 30, 19]), boxes, tf.range(0, 5, 1, 'int32'), [1, 30]);
    expect(difference(found.dataSync(), wanted.dataSync())).toBeLessThan(2e-6);
  });

  test('is that of the whole batch in a share of it', () => {
    const { means, factors, boxes, noise, gap } = everything([4, 30, 19]);
    const four = tf.slice(x, 0, 4);
    const whole = changeSignals(four, { means, factors, boxes, noise, gap }).dataSync();
    const half = (values: Tensor) => tf.slice(values, 2);
    const part = asShare({ processes: 2, rank: 1, samples: 2 }, () =>
      changeSignals(half(four), {
        means,
        factors: half(factors),
        boxes: half(boxes),
        noise: { ...noise, deviations: half(noise.deviations) },
        gap: { start: half(gap.start), end: half(gap.end) },
      }).dataSync(),
    );
    expect(difference(part, whole.slice(2 * 30 * 19))).toBeLessThan(5e-6);
  });

  test('gives the same bits again', () => {
    const many = tensor([64, 100, 19]);
    const changes = everything([64, 100, 19]);
    const first = changeSignals(many, changes).dataSync();
    for (let again = 0; again < 3; again++) expect(changeSignals(many, changes).dataSync()).toEqual(first);
  });

  test.runIf(ownKernelsThere)('refuses what does not fit together, in words', () => {
    const ask = (samples: number, channels: number) => () =>
      runNative(
        'PretextSignalView',
        [],
        [
          x,
          tf.zeros([channels]),
          tf.ones([samples, 19]),
          tf.zeros([5, 2]),
          tf.zeros([5]),
          tf.ones([19]),
          seed,
          tf.zeros([5, 2]),
        ],
      );
    expect(ask(5, 18)).toThrow('The number of means must be 19. Found: 18.');
    expect(ask(4, 19)).toThrow('The number of factors must be 95. Found: 76.');
  });
});

describe('channels are shifted and scaled', () => {
  test.each([[[3, 50, 19]], [[2, 5, 7, 3]], [[9, 1]], [[700, 40]], [[1, 1, 37]]])(
    'of %j as TensorFlow does it, to the bit',
    (shape) => {
      const channels = shape.at(-1)!;
      const [x, shifts, factors] = [
        tensor(shape),
        tensor([channels], -1, 1, 3),
        tensor([channels], 0.5, 2, 4),
      ];
      expect(scaleChannels(x, shifts, factors).dataSync()).toEqual(
        tf.mul(tf.sub(x, shifts), factors).dataSync(),
      );
      chooseKernels(false);
      expect(scaleChannels(x, shifts, factors).dataSync()).toEqual(
        tf.mul(tf.sub(x, shifts), factors).dataSync(),
      );
    },
  );

  test('with the gradient of x', () => {
    const [x, factors] = [tensor([2, 3, 5]), tensor([5], 0.5, 2, 4)];
    const slope = tf.grad((value) => tf.sum(scaleChannels(value as Tensor, tf.ones([5]), factors)) as never)(
      x,
    );
    expect(
      difference(slope.dataSync(), tf.tile(tf.reshape(factors, [1, 1, 5]), [2, 3, 1]).dataSync()),
    ).toBeLessThan(1e-7);
  });

  test.runIf(ownKernelsThere)('refuses other channels, in words', () => {
    const wrong = () => runNative('PretextScaleChannels', [], [tensor([2, 3]), tf.ones([4]), tf.ones([4])]);
    expect(wrong).toThrow('x must be [..., 4]. Found: [2, 3].');
  });
});
