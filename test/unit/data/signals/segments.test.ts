import { expect, it } from 'vitest';
import { segmentsOf } from '../../../../src/data/signals/segments.ts';

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
