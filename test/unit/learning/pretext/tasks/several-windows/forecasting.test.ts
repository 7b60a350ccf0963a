import { describe, expect, it } from 'vitest';
import { projection } from '../../../../../../src/learning/layers/dense.ts';
import {
  horizonMeans,
  stretchOf,
} from '../../../../../../src/learning/pretext/tasks/several-windows/forecasting.ts';
import { tf } from '../../../../../../src/tensor/index.ts';
import { COUNT, mean, numberOf, taskOn } from './setting.ts';

describe('forecasting', () => {
  it('tells means over stretches of the window that follows', () => {
    const x = tf.tensor3d([[[1], [3], [5], [9], [100], [100]]]);
    expect([...horizonMeans(x, { horizon: 0.7, points: 2 }).dataSync()]).toEqual([2, 7]);
    // As many as there are values, where more are asked for.
    expect([...horizonMeans(x, { horizon: 0.5, points: 16 }).dataSync()]).toEqual([1, 3, 5]);
    expect(stretchOf(128, { horizon: 0.5, points: 16 })).toBe(4);
  });

  it('has the mean squared error of samples that a window follows', () => {
    const { output, pass, samples, companions, featuresOf } = taskOn('forecasting', {
      signalTarget: 'values',
      points: 4,
      hidden: 8,
    });
    const head = projection({ name: 'head', inputs: 8, hidden: 8, outputs: 8 });
    const told = head.apply(tf.tensor2d(featuresOf(samples)), pass).arraySync() as number[][];
    const next = (companions.arraySync() as number[][][][]).map(([window]) => window!);
    const each = Array.from({ length: COUNT - 1 }, (_, row) => {
      const target = [0, 1, 2, 3].flatMap((stretch) =>
        [0, 1].map((channel) =>
          mean(next[row]!.slice(4 * stretch, 4 * stretch + 4).map((values) => values[channel]!)),
        ),
      );
      return mean(target.map((value, i) => (value - told[row]![i]!) ** 2));
    });
    expect(numberOf(output.loss)).toBeCloseTo(mean(each), 4);
  });
});
