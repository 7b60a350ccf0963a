import { describe, expect, it } from 'vitest';
import { pretextOptions } from '../../../../../src/learning/pretext/registry.ts';
import {
  sampleOrder,
  segmentLength,
  temporalOrder,
} from '../../../../../src/learning/pretext/tasks/temporal-order.ts';
import { tf } from '../../../../../src/tensor/index.ts';
import { maxDifference, seed, signalsOf } from '../../helpers.ts';

const optionsFor = (inputShape: number[], changes = {}) =>
  pretextOptions('temporal-order', changes, { modality: 'signal', inputShape, sampleCount: 100 });

describe('the question of order', () => {
  const { order, shuffled, inOrder, starts } = sampleOrder(seed(1), 3000, 50, 12);
  const places = inOrder.arraySync() as number[][][];
  const shown = starts.arraySync() as number[][][];
  const orders = Array.from(order.dataSync());

  it('has three segments within the window, none over another', () => {
    for (const [[first], [second], [third]] of places as [number[], number[], number[]][]) {
      expect(first!).toBeGreaterThanOrEqual(0);
      expect(second! - first!).toBeGreaterThanOrEqual(12);
      expect(third! - second!).toBeGreaterThanOrEqual(12);
      expect(third! + 12).toBeLessThanOrEqual(50);
    }
    // What is left over, 14 points, comes before, between and behind.
    expect(new Set(places.map(([first]) => first![0])).size).toBeGreaterThan(10);
    expect(new Set(places.map(([first, second]) => second![0]! - first![0]!)).size).toBeGreaterThan(10);
  });

  it('is shown in order half of the time, else with neighbours exchanged, as its pseudo-label says', () => {
    orders.forEach((number, sample) => {
      const [a, b, c] = places[sample]!;
      expect(shown[sample]).toEqual(
        [
          [a, b, c],
          [b, a, c],
          [a, c, b],
        ][number],
      );
      expect(shuffled.dataSync()[sample]).toBe(number === 0 ? 0 : 1);
    });
    const share = (number: number) => orders.filter((one) => one === number).length / orders.length;
    expect(Math.abs(share(0) - 0.5)).toBeLessThan(0.04);
    expect(Math.abs(share(1) - 0.25)).toBeLessThan(0.04);
  });

  it('asks about a quarter of the window each, and says where that is too little', () => {
    expect(segmentLength(128, { segmentShare: 0.25 })).toBe(32);
    expect(segmentLength(32, { segmentShare: 0.33 })).toBe(10);
    expect(() => optionsFor([8, 2])).toThrow('need at least 3 each. Found: windows of 8 points.');
  });
});

it('the preview shows the segments in the order that its words say', () => {
  const samples = signalsOf(8, 64, 2);
  const { columns, pseudoLabels } = temporalOrder.preview({
    modality: 'signal',
    options: optionsFor([64, 2], {
      signalViews: { cropProbability: 0, scaleProbability: 0, noiseProbability: 0 },
    }),
    channelStatistics: { mean: [2, 2], standardDeviation: [1, 1] },
    samples,
    seed: seed(8),
  });
  const length = columns[1]!.values.shape[1]! / 3;
  const part = (column: number, sample: number, place: number) =>
    tf.slice(columns[column]!.values, [sample, place * length, 0], [1, length, 2]);
  expect(new Set(pseudoLabels).size).toBeGreaterThan(1);
  pseudoLabels.forEach((label, sample) => {
    const order = label === 'in order' ? [1, 2, 3] : label.split(': ')[1]!.split(' ').map(Number);
    order.forEach((segment, place) =>
      expect(maxDifference(part(1, sample, place), part(2, sample, segment - 1))).toBeLessThan(1e-4),
    );
  });
});
