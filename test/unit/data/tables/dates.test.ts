import { describe, expect, it } from 'vitest';
import { datePartsOf, DateWatch, readDate, type DayOrder } from '../../../../src/data/tables/dates.ts';

const iso = (cell: string, order?: DayOrder) => {
  const parts = datePartsOf(cell, order);
  return parts && new Date(parts.days * 86_400_000).toISOString().slice(0, 16);
};

describe('a date', () => {
  it.each([
    ['2024-03-01', '2024-03-01T00:00'],
    ['2024-03-01T10:15:59.5+02:00', '2024-03-01T10:15'],
    ['2024/3/1 9:05', '2024-03-01T09:05'],
    ['01.03.2024', '2024-03-01T00:00'],
    ['1/3/24', '2024-03-01T00:00'],
    ['31-12-99', '1999-12-31T00:00'],
    ['1 March 2024', '2024-03-01T00:00'],
    ['01-Mar-2024', '2024-03-01T00:00'],
    ['01-Mar-24', '2024-03-01T00:00'],
    ['9 Sept 99', '1999-09-09T00:00'],
    ['March 1st, 2024', '2024-03-01T00:00'],
    ['Sept 9, 2024, 12:30 AM', '2024-09-09T00:30'],
    ['12/31/2024 1:05 PM', '2024-12-31T13:05', 'month-first'],
    ['3/1/2024', '2024-03-01T00:00', 'month-first'],
  ] as [string, string, DayOrder?][])('is read as it is written: %s', (cell, expected, order) => {
    expect(iso(cell, order)).toBe(expected);
  });

  it.each([
    '2024-02-30',
    '2024-13-01',
    '31/31/2024',
    '1.2.3.4',
    '12.5',
    '2024',
    'May',
    '1 Foo 2024',
    '25:00',
    '2024-01-01 25:00',
  ])('is not %s', (cell) => {
    expect(datePartsOf(cell)).toBeNull();
  });

  it('that cannot be in the order that is told is none', () => {
    expect(datePartsOf('12/31/2024', 'day-first')).toBeNull();
  });
});

describe('the dates of a column', () => {
  const watch = (...cells: string[]) => {
    const dates = new DateWatch();
    for (const cell of cells) dates.add(readDate(cell)!, cell);
    return dates.decide();
  };

  it('tell the order by a number above 12, or by points', () => {
    expect(watch('01/02/2024', '25/02/2024').order).toBe('day-first');
    expect(watch('01/02/2024', '02/25/2024').order).toBe('month-first');
    expect(watch('01.02.2024').order).toBe('day-first');
    expect(watch('2024-01-02').order).toBe('day-first');
  });

  it('do not tell it where either fits, or where both are needed', () => {
    expect(watch('01/02/2024', '2024-01-02')).toEqual({ order: null, shown: '“01/02/2024”' });
    expect(watch('25/02/2024', '02/25/2024')).toEqual({
      order: null,
      shown: '“25/02/2024” and “02/25/2024”',
    });
  });
});
