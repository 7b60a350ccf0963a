import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  createResampler,
  RecordingResampler,
  resampleWindow,
} from '../../../../src/data/signals/resample.ts';

interface Case {
  up: number;
  down: number;
  values: number[];
}
/** Written by SciPy 1.17.1: 40 rows of two channels, `resample_poly` with padtype line and edge. */
const fixture = JSON.parse(
  readFileSync(new URL('../../../fixtures/resample-poly.json', import.meta.url), 'utf8'),
) as { input: number[]; line: Case[]; edge: Case[] };
const input = Float32Array.from(fixture.input);
const ROWS = 40;
const largestDifference = (found: ArrayLike<number>, expected: readonly number[]) =>
  Math.max(...expected.map((value, at) => Math.abs(value - (found[at] ?? NaN))));

describe('a window at another length', () => {
  it.each(fixture.line)('is the one that SciPy makes, $up for $down', ({ up, down, values }) => {
    const found = resampleWindow(input, ROWS, (ROWS * up) / down, 2);
    expect(found.length).toBe(values.length);
    expect(largestDifference(found, values)).toBeLessThan(1e-5);
  });

  it('keeps constants and straight lines, to a hundredth of what they are', () => {
    const line = Float32Array.from({ length: 20 }, (_, at) => (at % 2 ? 3 : at));
    const found = resampleWindow(line, 10, 20, 2);
    for (let row = 0; row < 20; row += 1) {
      expect(Math.abs(found[2 * row]! - row)).toBeLessThan(0.01);
      expect(Math.abs(found[2 * row + 1]! - 3)).toBeLessThan(0.01);
    }
  });

  it('holds nothing of what the lower rate cannot hold', () => {
    // 40 Hz at 100 samples a second would be heard as 10 Hz at 50.
    const tone = Float32Array.from({ length: 400 }, (_, at) => Math.sin((2 * Math.PI * 40 * at) / 100));
    const found = resampleWindow(tone, 400, 200, 1).subarray(20, 180);
    expect(Math.max(...found.map(Math.abs))).toBeLessThan(0.01);
  });
});

describe('a recording at another rate', () => {
  it.each(fixture.edge)(
    'is the one that SciPy makes, $up for $down, however it comes',
    ({ up, down, values }) => {
      for (const piece of [1, 7, 40]) {
        const resampler = new RecordingResampler(createResampler(up, down), 2);
        const found: number[] = [];
        for (let row = 0; row < ROWS; row += piece)
          found.push(...resampler.push(input.subarray(row * 2, Math.min(ROWS, row + piece) * 2)));
        found.push(...resampler.finish());
        expect(found.length).toBe(values.length);
        expect(largestDifference(found, values)).toBeLessThan(1e-5);
      }
    },
  );

  it('is not smeared over gaps, and tells where rows went', () => {
    const resampler = new RecordingResampler(createResampler(50, 100), 1);
    const found = [...resampler.push(new Float32Array(9).fill(1)), ...resampler.finish()];
    resampler.begin(9);
    found.push(...resampler.push(new Float32Array(10).fill(5)), ...resampler.finish());
    expect(found).toEqual([1, 1, 1, 1, 1, 5, 5, 5, 5, 5].map((value) => expect.closeTo(value, 5)));
    expect(resampler.outputRows).toBe(10);
    expect([0, 1, 8, 9, 11].map((row) => resampler.outputRow(row))).toEqual([0, 1, 4, 5, 6]);
  });

  it('has a ratio of small whole numbers where there is one', () => {
    expect(createResampler(52, 104)).toMatchObject({ up: 1, down: 2 });
    expect(createResampler(100, 12.5)).toMatchObject({ up: 8, down: 1 });
    expect(createResampler(44_100, 48_000)).toMatchObject({ up: 147, down: 160 });
  });
});
