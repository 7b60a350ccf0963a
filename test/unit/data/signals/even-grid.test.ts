import { expect, test } from 'vitest';
import { EvenGrid } from '../../../../src/data/signals/even-grid.ts';
import { folderOf, importFrom } from '../../../fixtures/imports.ts';

/** Times and values of chance, and what `numpy.interp` makes of them ten times a second from the first time on. */
const TIMES = [
  5.035, 5.095, 5.251, 5.37, 5.406, 5.5, 5.601, 5.648, 5.793, 5.832, 5.919, 6.027, 6.12, 6.24, 6.385, 6.568,
  6.636, 6.766, 6.905, 6.974, 6.995, 7.18, 7.251, 7.324,
];
const VALUES = [
  [-0.183, 0.541],
  [1.935, -0.27],
  [-0.244, 1.002],
  [-0.886, -0.292],
  [0.883, 0.58],
  [0.092, 0.67],
  [-2.828, 1.021],
  [-0.96, -1.669],
  [0.276, 0.701],
  [-0.445, -1.076],
  [0.026, -0.053],
  [1.406, 0.747],
  [0.194, 1.112],
  [-0.206, -0.926],
  [0.584, 0.583],
  [-0.215, -0.783],
  [0.229, -2.494],
  [0.69, 0.491],
  [-1.639, 0.061],
  [-0.964, 0.757],
  [-2.034, -0.914],
  [0.71, 1.156],
  [-2.158, -0.498],
  [0.328, -0.609],
];
const INTERPOLATED = [
  [-0.183, 0.541],
  [1.376282, 0.056154],
  [-0.020513, 0.871538],
  [-0.697176, 0.088588],
  [0.638968, 0.607766],
  [-0.919881, 0.791634],
  [-1.476681, -0.924957],
  [-0.2184, -0.247],
  [-0.428759, -1.040724],
  [0.230444, 0.065519],
  [1.301742, 0.778398],
  [0.144, 0.85725],
  [-0.189333, -0.841083],
  [0.311586, 0.062655],
  [0.365694, 0.209776],
  [-0.070918, -0.536672],
  [0.222471, -2.468838],
  [0.580069, -0.220808],
  [-0.466122, 0.277547],
  [-1.345522, 0.363609],
  [-1.440703, -0.466432],
  [0.042541, 0.652486],
  [-1.51169, -0.125268],
];

const rowsOf = (values: Float32Array) =>
  Array.from({ length: values.length / 2 }, (_, row) => [...values.subarray(2 * row, 2 * row + 2)]);

function expectNear(found: number[][], wanted: number[][]): void {
  expect(found).toHaveLength(wanted.length);
  found.forEach((row, at) =>
    row.forEach((value, channel) => expect(value).toBeCloseTo(wanted[at]![channel]!, 5)),
  );
}

test('values between rows are those of numpy.interp, in whatever pieces rows come', () => {
  for (const size of [1, 5, 24]) {
    const grid = new EvenGrid(10, 2);
    const found: number[][] = [];
    for (let first = 0; first < TIMES.length; first += size)
      found.push(
        ...rowsOf(
          grid.push(
            Float32Array.from(VALUES.slice(first, first + size).flat()),
            TIMES.slice(first, first + size),
          ),
        ),
      );
    found.push(...rowsOf(grid.finish()));
    expectNear(found, INTERPOLATED);
    expect(grid.outputRows).toBe(INTERPOLATED.length);
  }
});

test('rows that came and rows that are made find each other by their times', () => {
  const grid = new EvenGrid(10, 1);
  grid.push(Float32Array.of(0, 1, 2, 3), [0, 0.25, 0.3, 1]);
  expect([0, 1, 2, 3].map((row) => grid.outputRow(row))).toEqual([0, 3, 3, 10]);
  expect([0, 2, 3, 9, 10].map((row) => grid.inputRow(row))).toEqual([0, 0, 2, 2, 3]);
  grid.finish();
  grid.begin(4);
  expect([...grid.push(Float32Array.of(5, 7), [9, 9.2])]).toEqual([5, 6, 7]);
  expect(grid.outputRow(5)).toBe(13);
  expect(grid.inputRow(12)).toBe(4);
});

test('a row without a time is passed over', () => {
  const grid = new EvenGrid(2, 1);
  expect([...grid.push(Float32Array.of(0, 99, 4), [0, NaN, 1])]).toEqual([0, 2, 4]);
});

test('a recording of uneven rows is asked about, and imported at even times where that is said', async () => {
  const text = ['time,a,b', ...TIMES.map((time, row) => [time, ...VALUES[row]!].join(','))].join('\n') + '\n';
  const folder = await folderOf({ 'one.csv': text });
  const signals = { windowLength: 8, windowStride: 8, missing: 'hold' as const };
  await expect(importFrom(folder, { format: 'delimited-signals', signals })).rejects.toThrow('apart');
  const dataset = await importFrom(folder, {
    format: 'delimited-signals',
    signals: { ...signals, uneven: 'interpolate' as const, resampleTo: 10 },
  });
  expect(dataset).toMatchObject({ samplingRate: 10, sampleCount: Math.floor(INTERPOLATED.length / 8) });
  const first = dataset.sample('one.csv rows 1–8');
  first.forEach((value, at) => expect(value).toBeCloseTo(INTERPOLATED.flat()[at]!, 5));
});
