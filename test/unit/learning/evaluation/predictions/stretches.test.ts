import { describe, expect, it } from 'vitest';
import {
  stretchesOf,
  type AnsweredWindows,
} from '../../../../../src/learning/evaluation/predictions/stretches.ts';

const plain = { averageSeconds: 0, margin: 0, minimumSeconds: 0 };
/** Windows of two seconds, one every `every`, with the probability of the second of two classes. */
const windows = (every: number, ...shares: number[]): AnsweredWindows => ({
  starts: shares.map((_, at) => at * every),
  seconds: 2,
  values: shares.flatMap((share) => [1 - share, share]),
  classes: 2,
});
const told = (found: ReturnType<typeof stretchesOf>) =>
  found.map(({ start, end, classId }) => [start, end, classId]);

describe('stretches', () => {
  it('join windows of one class, with the mean probability of it', () => {
    const found = stretchesOf(windows(2, 0.1, 0.3, 0.9, 0.8), plain);
    expect(told(found)).toEqual([
      [0, 4, 0],
      [4, 8, 1],
    ]);
    expect(found.map(({ probability }) => probability)).toEqual([expect.closeTo(0.8), expect.closeTo(0.85)]);
  });

  it('average windows that lie over each other: the edge lies where the mean crosses', () => {
    // Over 0–1, 1–2, 2–3, 3–4, 4–5 lie: 0 | 0, 0.2 | 0.2, 1 | 1, 1 | 1.
    const found = stretchesOf(windows(1, 0, 0.2, 1, 1), plain);
    expect(told(found)).toEqual([
      [0, 2, 0],
      [2, 5, 1],
    ]);
    expect(found[0]!.probability).toBeCloseTo((1 + 0.9) / 2);
    expect(found[1]!.probability).toBeCloseTo((0.6 + 1 + 1) / 3);
  });

  it('change once a class leads by the margin, from where it began to lead', () => {
    const wavering = windows(2, 0.2, 0.52, 0.48, 0.53, 0.9, 0.9);
    expect(told(stretchesOf(wavering, { ...plain, margin: 0.2 }))).toEqual([
      [0, 6, 0],
      [6, 12, 1],
    ]);
    expect(told(stretchesOf(wavering, plain))).toHaveLength(4);
  });

  it('give what is too short to the neighbour that is likelier there', () => {
    const values = [
      [0.8, 0.1, 0.1],
      [0.8, 0.1, 0.1],
      [0.1, 0.5, 0.4],
      [0.1, 0.1, 0.8],
      [0.1, 0.1, 0.8],
    ];
    const found = stretchesOf(
      { starts: [0, 2, 4, 6, 8], seconds: 2, values: values.flat(), classes: 3 },
      { ...plain, minimumSeconds: 3 },
    );
    expect(told(found)).toEqual([
      [0, 4, 0],
      [4, 10, 2],
    ]);
  });

  it('swallow a short one between two of one class', () => {
    const found = stretchesOf(windows(2, 0.1, 0.1, 0.9, 0.1, 0.1), { ...plain, minimumSeconds: 3 });
    expect(told(found)).toEqual([[0, 10, 0]]);
  });

  it('are as long as a window by default', () => {
    // Means of four windows lead from 3 s (0.6) over 0.75 to 4.5 s (0.6), beside 0.375.
    const shares = [0, 0, 0, 0, 0.6, 0.9, 0.9, 0.6, 0, 0, 0, 0];
    const { minimumSeconds: _, ...byDefault } = plain;
    expect(told(stretchesOf(windows(0.5, ...shares), plain))).toEqual([
      [0, 3, 0],
      [3, 4.5, 1],
      [4.5, 7.5, 0],
    ]);
    expect(told(stretchesOf(windows(0.5, ...shares), byDefault))).toEqual([[0, 7.5, 0]]);
  });

  it('average over so many seconds around each moment, as a moving mean of the samples does', () => {
    const shares = Array.from({ length: 40 }, (_, at) => (Math.sin(at / 3) + 1) / 2);
    const found = stretchesOf(windows(2, ...shares), { ...plain, averageSeconds: 10 });
    // Five windows lie in ten seconds: the mean of each with two on either side, as far as there are some.
    const mean = shares.map((_, at) => {
      const some = shares.slice(Math.max(0, at - 2), at + 3);
      return some.reduce((sum, one) => sum + one, 0) / some.length;
    });
    const edges = mean.flatMap((one, at) => (at > 0 && one > 0.5 !== mean[at - 1]! > 0.5 ? [at * 2] : []));
    expect(found.slice(1).map(({ start }) => start)).toEqual(edges);
  });

  it('are none where no window lies, and do not reach over it', () => {
    const { values } = windows(2, 0.9, 0.9, 0.9);
    const found = stretchesOf({ starts: [0, 2, 10], seconds: 2, values, classes: 2 }, plain);
    expect(told(found)).toEqual([
      [0, 4, 1],
      [10, 12, 1],
    ]);
    expect(stretchesOf({ starts: [], seconds: 2, values: [], classes: 2 }, plain)).toEqual([]);
  });

  it('know edges that differ only as floats do', () => {
    const starts = Array.from({ length: 1000 }, (_, at) => at * 0.1);
    const found = stretchesOf(
      { starts, seconds: 0.3, values: starts.flatMap(() => [1, 0]), classes: 2 },
      plain,
    );
    expect(found).toHaveLength(1);
    expect(found[0]!.end).toBeCloseTo(100.2, 9);
    expect(found[0]!.probability).toBeCloseTo(1, 9);
  });
});
