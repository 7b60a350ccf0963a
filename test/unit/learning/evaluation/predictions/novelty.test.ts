import { beforeAll, describe, expect, it } from 'vitest';
import { conformalIntervals } from '../../../../../src/learning/evaluation/predictions/conformal.ts';
import {
  measureNovelty,
  noveltyOf,
  percentileOf,
  quantilesOf,
} from '../../../../../src/learning/evaluation/predictions/novelty.ts';
import { randomStream } from '../../../../../src/learning/random.ts';
import { startTensorFlow } from '../../../../../src/tensor/index.ts';

beforeAll(async () => void (await startTensorFlow()));

/** Features at these angles, of any length. */
const at = (...degrees: number[]) => ({
  values: Float32Array.from(
    degrees.flatMap((angle, i) => {
      const radians = (angle * Math.PI) / 180;
      return [(i + 1) * Math.cos(radians), (i + 1) * Math.sin(radians)];
    }),
  ),
  rows: degrees.length,
  columns: 2,
});
const distance = (...degrees: number[]) =>
  degrees.reduce((sum, angle) => sum + 1 - Math.cos((angle * Math.PI) / 180), 0) / degrees.length;

describe('how new a sample is', () => {
  it('is its mean cosine distance to the nearest training samples, among theirs to each other', () => {
    const training = at(0, 10, 30);
    const known = measureNovelty(training)!;
    expect(known.neighbors).toBe(2);
    const own = [distance(10, 30), distance(10, 20), distance(20, 30)].toSorted((a, b) => a - b);
    expect(known.quantiles[0]).toBeCloseTo(own[0]!, 6);
    expect(known.quantiles[50]).toBeCloseTo(own[1]!, 6);
    expect(known.quantiles[100]).toBeCloseTo(own[2]!, 6);
    const [near, far] = noveltyOf(training, known, at(9, 200));
    expect([...near!.rows]).toEqual([1, 0]);
    expect(near!.cosines[0]).toBeCloseTo(Math.cos(Math.PI / 180), 5);
    expect(near!.percentile).toBe(0);
    expect(far!.percentile).toBe(100);
  });

  it('is measured without the sample itself where copies of it hide which one it is', () => {
    const known = measureNovelty(at(...new Array<number>(30).fill(45)))!;
    expect(Math.max(...known.quantiles)).toBeLessThan(1e-6);
    expect(measureNovelty(at(45))).toBeNull();
  });

  it('reads quantiles as a straight line between their places', () => {
    const quantiles = quantilesOf(Float64Array.of(4, 0, 2));
    expect(quantiles[25]).toBe(1);
    expect(quantiles[100]).toBe(4);
    expect(percentileOf(quantiles, 3)).toBeCloseTo(75, 9);
    expect(percentileOf(quantiles, -1)).toBe(0);
    expect(percentileOf(quantiles, 4)).toBe(100);
    expect(percentileOf([...new Array<number>(100).fill(1), 2], 1)).toBeCloseTo(99, 9);
  });
});

describe('intervals of numbers', () => {
  it('are the ⌈(n + 1) × level⌉-th smallest error; too few samples give none', () => {
    const errors = [5, 1, 4, 2, 3, 9, 8, 7, 6];
    const intervals = conformalIntervals(errors, new Array<number>(9).fill(0), [0.5, 0.9, 0.95]);
    expect(intervals).toEqual([
      { level: 0.5, halfWidth: 5 },
      { level: 0.9, halfWidth: 9 },
    ]);
  });

  it('hold the truth as often as they say, on samples of the same kind', () => {
    const stream = randomStream(3, 'conformal');
    const draw = () => Float64Array.from({ length: 4000 }, () => stream.normal());
    const zeros = new Float64Array(4000);
    const [interval] = conformalIntervals(draw(), zeros, [0.9]);
    const within = draw().filter((value) => Math.abs(value) <= interval!.halfWidth).length / 4000;
    expect(within).toBeGreaterThan(0.88);
    expect(within).toBeLessThan(0.92);
  });
});
