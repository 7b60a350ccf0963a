import { expect, it } from 'vitest';
import {
  filterSignals,
  shiftFrequency,
  swapPhases,
} from '../../../../../src/learning/views/signals/spectrum.ts';
import { tf, type Tensor } from '../../../../../src/tensor/index.ts';
import { maxDifference, signalsOf } from '../../helpers.ts';

/** That each is selfEEG's is tested in views.test.ts. */
const [rate, length] = [100, 200];
/** A wave of so many hertz, whole turns in the window: [1, 200, 1]. */
const wave = (hertz: number) =>
  tf.tensor(
    Array.from({ length }, (_, at) => Math.sin((2 * Math.PI * hertz * at) / rate)),
    [1, length, 1],
  );
/** Away from the edges, beyond which a filter sees zeros. */
const middle = (of: Tensor) => tf.slice(of, [0, 60, 0], [1, 80, 1]);

it('moves a wave to the frequency that it is told', () => {
  expect(maxDifference(shiftFrequency(wave(10), tf.tensor1d([4]), rate), wave(14))).toBeLessThan(1e-3);
});

it('lets a wave inside its band pass and holds back one outside', () => {
  const filter = { kind: 'low' as const, edges: tf.tensor2d([[15, 15]]), order: 4 };
  expect(maxDifference(middle(filterSignals(wave(5), filter, rate)), middle(wave(5)))).toBeLessThan(0.01);
  expect(maxDifference(middle(filterSignals(wave(40), filter, rate)), tf.zeros([1, 80, 1]))).toBeLessThan(
    0.01,
  );
});

it('halves a wave at its edge, as two passes of a Butterworth filter do', () => {
  const filter = { kind: 'low' as const, edges: tf.tensor2d([[20, 20]]), order: 2 };
  const passed = middle(filterSignals(wave(20), filter, rate));
  expect(maxDifference(passed, tf.mul(middle(wave(20)), 0.5))).toBeLessThan(0.01);
});

it('leaves windows that keep their own phases as they are', () => {
  const x = signalsOf(3, 64, 2);
  expect(maxDifference(swapPhases(x, tf.tensor1d([0, 1, 2], 'int32')), x)).toBeLessThan(1e-4);
});
