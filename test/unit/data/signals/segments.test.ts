import { expect, it } from 'vitest';
import { lostSeconds, segmentsOf } from '../../../../src/data/signals/segments.ts';

it('parts a recording at gaps and where another subject begins', () => {
  const groups = [{ name: 'person', runs: { starts: [0, 60], ids: [0, 1], values: ['anna', 'ben'] } }];
  expect(segmentsOf(100, [{ row: 40 }, { row: 60 }], groups)).toEqual([
    { start: 0, end: 40, columns: { person: 'anna' } },
    { start: 40, end: 60, columns: { person: 'anna' } },
    { start: 60, end: 100, columns: { person: 'ben' } },
  ]);
});

it('is one stretch where nothing parts it, and none where there are no rows', () => {
  expect(segmentsOf(10, [], [])).toEqual([{ start: 0, end: 10, columns: {} }]);
  expect(segmentsOf(0, [], [])).toEqual([]);
  expect(segmentsOf(10, [{ row: 10 }], [])).toEqual([{ start: 0, end: 10, columns: {} }]);
});

it('misses the seconds of gaps, but for the step to the next row, and none where the clock went back', () => {
  const breaks = [
    { row: 40, seconds: 5.02 },
    { row: 60, seconds: -100 },
    { row: 80, seconds: 1.02 },
  ];
  expect(lostSeconds(breaks, 0.02, [0, 40, 60, 80])).toEqual([
    0,
    expect.closeTo(5),
    expect.closeTo(5),
    expect.closeTo(6),
  ]);
});
