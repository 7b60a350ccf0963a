import { expect, it } from 'vitest';
import {
  windowsOf,
  type CutPlan,
  type StoredStretch,
} from '../../../../../src/data/signals/recorded/spans.ts';

/** Two stretches of ten rows at one row a second, with a break of ten seconds between them. */
const stretches: StoredStretch[] = [
  { start: 0, end: 10, rows: 10, seconds: 0, columns: {}, bad: [], trial: null, label: 'rest' },
  { start: 10, end: 20, rows: 10, seconds: 20, columns: {}, bad: [], trial: null },
];
const event = (seconds: number, name: string, duration = 0) => ({ seconds, duration, name });
function cut(plan: Partial<CutPlan>, events: ReturnType<typeof event>[] = [], own = stretches) {
  const counts = { bad: 0, faulty: 0, outside: 0 };
  const whole: CutPlan = {
    cut: 'around',
    length: 3,
    stride: 3,
    rate: 1,
    from: 0,
    classOf: (name) => (name === 'noise' ? null : name),
    keepOthers: false,
    ...plan,
  };
  const found = [...windowsOf(own, events, whole, counts)].map(({ start, label }) => [start, label]);
  return { found, counts };
}

it('puts a window at each event, in its own stretch, so many seconds before or after it', () => {
  expect(cut({}, [event(2, 'left'), event(21, 'right')]).found).toEqual([
    [2, 'left'],
    [11, 'right'],
  ]);
  expect(cut({ from: -1 }, [event(2, 'left')]).found).toEqual([[1, 'left']]);
});

it('leaves events out whose window reaches into a break, and counts them', () => {
  const { found, counts } = cut({}, [event(8, 'left'), event(15, 'break'), event(20, 'right')]);
  expect(found).toEqual([[10, 'right']]);
  expect(counts.outside).toBe(2);
});

it('keeps events without a class only where others are kept', () => {
  expect(cut({}, [event(2, 'noise')]).found).toEqual([]);
  expect(cut({ keepOthers: true }, [event(2, 'noise')]).found).toEqual([[2, null]]);
});

it('makes no two samples of two events at one row', () => {
  expect(cut({}, [event(2, 'left'), event(2.2, 'right')]).found).toEqual([[2, 'left']]);
});

it('cuts windows within each labelled stretch, and between them where these are kept', () => {
  const events = [event(3, 'left', 6)];
  expect(cut({ cut: 'inside' }, events).found).toEqual([
    [3, 'left'],
    [6, 'left'],
  ]);
  expect(cut({ cut: 'inside', keepOthers: true }, events, [stretches[0]!]).found).toEqual([
    [0, null],
    [3, 'left'],
    [6, 'left'],
  ]);
});

it('slides through, or takes each stretch whole, with its own label', () => {
  expect(cut({ cut: 'sliding' }).found).toEqual([
    ...[0, 3, 6].map((start) => [start, 'rest']),
    ...[10, 13, 16].map((start) => [start, null]),
  ]);
  expect(cut({ cut: 'whole' }).found).toEqual([
    [0, 'rest'],
    [10, null],
  ]);
});

it('leaves windows out that touch missing values or bad channels, and counts each for its reason', () => {
  const marred = [{ ...stretches[0]!, bad: [{ start: 2, end: 3 }], faulty: [{ start: 8, end: 9 }] }];
  const { found, counts } = cut({ cut: 'sliding' }, [], marred);
  expect([found, counts]).toEqual([[[3, 'rest']], { bad: 1, faulty: 1, outside: 0 }]);
});
