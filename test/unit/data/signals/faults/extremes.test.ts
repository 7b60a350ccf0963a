import { expect, it } from 'vitest';
import { createExtremes } from '../../../../../src/data/signals/faults/extremes.ts';

function runsOf(stretches: number[][][], rows = 3) {
  const extremes = createExtremes(stretches[0]![0]!.length, rows);
  for (const stretch of stretches) {
    extremes.begin();
    for (const row of stretch) extremes.take(Float32Array.from(row));
  }
  return extremes.runs().map(({ channel, stretch, start, end }) => [channel, stretch, start, end]);
}
const column = (values: number[]) => values.map((value) => [value]);

it('finds runs at the largest and at the smallest value of a recording', () => {
  expect(runsOf([column([1, 5, 5, 5, 5, 2, 0, 0, 0])])).toEqual([
    [0, 0, 1, 5],
    [0, 0, 6, 9],
  ]);
});

it('forgets runs at what turns out not to be the end of the scale', () => {
  expect(runsOf([column([5, 5, 5, 1, 9, 0, 2])])).toEqual([]);
});

it('does not let a run go on over a break, nor take few rows for one', () => {
  expect(runsOf([column([0, 5, 5]), column([5, 5, 1])])).toEqual([]);
});

it('takes a channel that never changes for flat, not for clipped', () => {
  expect(
    runsOf([
      [
        [3, 1],
        [3, 7],
        [3, 7],
        [3, 7],
      ],
    ]),
  ).toEqual([[1, 0, 1, 4]]);
});
