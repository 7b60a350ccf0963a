import { expect, it } from 'vitest';
import type { DelimitedPlan } from '../../../../src/data/delimited/plan-types.ts';
import type { StoredRecording } from '../../../../src/data/signals/recording-types.ts';
import { createResampler, RecordingResampler } from '../../../../src/data/signals/resample.ts';
import { storedRows } from '../../../../src/data/signals/stored-rows.ts';

const plan = { groups: [{ name: 'subject' }] } as DelimitedPlan;
/** A hundred rows: another subject from row 60 on, labels from row 50 on, a row that is bad. */
const recording = (more: Partial<StoredRecording> = {}): StoredRecording =>
  ({
    parser: {
      rowCount: 100,
      badRows: [{ start: 40, end: 42 }],
      labels: { starts: [0, 50], ids: [0, 1], values: ['a', 'b'] },
      groups: [{ starts: [0, 60], ids: [0, 1], values: ['s1', 's2'] }],
      numbers: Float32Array.from({ length: 100 }, (_, row) => (row === 90 ? NaN : row)),
    },
    watch: null,
    resampler: null,
    ...more,
  }) as unknown as StoredRecording;

it('stand as they were parsed, parted where the subject changes', () => {
  const rows = storedRows(recording(), plan);
  expect(rows).toMatchObject({
    rowCount: 100,
    badRows: [{ start: 40, end: 42 }],
    runStarts: [0, 50],
    runLabels: [0, 1],
  });
  expect(rows.segments).toEqual([
    { start: 0, end: 60, columns: { subject: 's1' }, lostSeconds: 0 },
    { start: 60, end: 100, columns: { subject: 's2' }, lostSeconds: 0 },
  ]);
  expect(rows.meanNumber(10, 5)).toBe(12);
  expect(rows.meanNumber(88, 5)).toBeNaN();
});

it('are parted at gaps of the clock, and tell how much time is missing', () => {
  // Five seconds without a row before row 30; back again before row 80, which loses none.
  const watch = {
    step: 0.1,
    breaks: [
      { row: 30, line: 31, seconds: 5.1 },
      { row: 80, line: 81, seconds: -2 },
    ],
  };
  const { segments } = storedRows(recording({ watch: watch as never }), plan);
  expect(segments.map(({ start, end, lostSeconds }) => [start, end, Number(lostSeconds.toFixed(6))])).toEqual(
    [
      [0, 30, 0],
      [30, 60, 5],
      [60, 80, 5],
      [80, 100, 5],
    ],
  );
});

it('move with another rate: labels, gaps, means, and bad rows with as many beside them as the filter takes in', () => {
  const resampler = new RecordingResampler(createResampler(200, 100), 1);
  resampler.push(new Float32Array(60));
  resampler.finish();
  resampler.begin(60);
  resampler.push(new Float32Array(40));
  resampler.finish();
  const rows = storedRows(recording({ resampler }), plan);
  expect(rows.rowCount).toBe(200);
  expect(rows.runStarts).toEqual([0, 100]);
  expect(rows.segments.map(({ start, end }) => [start, end])).toEqual([
    [0, 120],
    [120, 200],
  ]);
  const { reach } = resampler;
  expect(rows.badRows).toEqual([
    { start: 2 * Math.max(0, 40 - reach), end: Math.min(200, resampler.outputRow(42 + reach)) },
  ]);
  // Twenty rows of the output are ten of the input: 10 to 19.
  expect(rows.meanNumber(20, 20)).toBe(14.5);
});
