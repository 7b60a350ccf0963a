import { describe, expect, it } from 'vitest';
import { niceRate, paceOf } from '../../../../src/data/delimited/facts.ts';
import {
  epochUnit,
  formatRate,
  formatSpan,
  parseTime,
  unitSeconds,
} from '../../../../src/data/delimited/time.ts';

describe('a time', () => {
  it.each([
    ['2024-03-05T12:30:00Z', Date.UTC(2024, 2, 5, 12, 30) / 1000],
    ['2024/03/05 12:30:00.250', Date.UTC(2024, 2, 5, 12, 30) / 1000 + 0.25],
    ['05.03.2024 00:00', Date.UTC(2024, 2, 5) / 1000],
    ['25/12/24', Date.UTC(2024, 11, 25) / 1000],
    ['12:00:01,5', 43_201.5],
    ['11:59 pm', 86_340],
    ['12:05 am', 300],
  ])('%s is so many seconds', (text, seconds) => {
    expect(parseTime(text)).toBeCloseTo(seconds, 6);
  });

  it.each(['', 'noon', '25:00', '12:61', '2024-13-40', '12:00 o’clock', '1.5'])('%j is none', (text) => {
    expect(parseTime(text)).toBeNaN();
  });

  it('has a unit by its header, or by the size of its number', () => {
    const names = ['Time (ms)', 't [s]', 'timestamp_us', 'time/min', 'elapsed h', 'Time', 'minutes'];
    expect(names.map(unitSeconds)).toEqual([1e-3, 1, 1e-6, 60, 3600, null, 60]);
    const now = 1_700_000_000;
    expect([now, now * 1e3, now * 1e6, now * 1e9, 12].map(epochUnit)).toEqual([1, 1e-3, 1e-6, 1e-9, null]);
  });

  it('is written as people say it', () => {
    expect([0.04, 5.25, 125, 3720, 3600].map(formatSpan)).toEqual([
      '40 ms',
      '5.25 s',
      '2 min 5 s',
      '1 h 2 min',
      '1 h',
    ]);
    // What is rounded up to a whole minute, hour or second is one.
    expect([0.9999, 59.99, 119.7, 3599.7, 7199].map(formatSpan)).toEqual([
      '1 s',
      '1 min',
      '2 min',
      '1 h',
      '2 h',
    ]);
    expect([100, 0.5, 1 / 60].map(formatRate)).toEqual(['100 Hz', '0.5 Hz', 'one every 1 min']);
  });
});

describe('the pace of rows', () => {
  it('is the mean, without gaps, and rounded where a clock rounds', () => {
    expect(niceRate(99.98)).toBe(100);
    expect(niceRate(33.3333333)).toBe(33.3333);
    const even = paceOf(new Array<number>(50).fill(10), 1e-3)!;
    expect(even).toMatchObject({ hz: 100, isUneven: false, isRough: false });
    const gap = paceOf([...new Array<number>(50).fill(10), 5000], 1e-3)!;
    expect(gap).toMatchObject({ hz: 100, longest: 0.01, isUneven: false });
  });

  it('is uneven where many rows are off, rough where a few are late, null for too few', () => {
    expect(paceOf([1, 5, 2, 3, 1, 5, 2, 3, 1, 5], 0.01)).toMatchObject({ isUneven: true });
    const late = paceOf([...new Array<number>(60).fill(10), 19], 1e-3)!;
    expect(late).toMatchObject({ isUneven: false, isRough: true });
    expect(paceOf([1, 1, 1], 1)).toBeNull();
  });

  it('of a clock coarser than the rows is still the mean', () => {
    // Four rows of one time stamp, one second apart.
    const steps = Array.from({ length: 80 }, (_, at) => (at % 4 === 3 ? 1 : 0));
    expect(paceOf(steps, 1)!.hz).toBe(4);
  });
});
