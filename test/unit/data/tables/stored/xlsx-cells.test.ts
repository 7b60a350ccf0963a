import { expect, it } from 'vitest';
import { isDateFormat } from '../../../../../src/data/tables/stored/xlsx-book.ts';
import { columnOf, dayText } from '../../../../../src/data/tables/stored/xlsx-cells.ts';

it('finds columns by their letters', () => {
  expect(['A1', 'Z9', 'AA10', 'XFD1048576'].map(columnOf)).toEqual([0, 25, 26, 16383]);
});

it('reads days as Excel counts them', () => {
  // As Excel shows them; 60 is the 29th of February of 1900, which never was.
  expect(dayText(1, false)).toBe('1900-01-01');
  expect(dayText(59, false)).toBe('1900-02-28');
  expect(dayText(61, false)).toBe('1900-03-01');
  expect(dayText(45292, false)).toBe('2024-01-01');
  expect(dayText(45292.75, false)).toBe('2024-01-01 18:00:00');
  expect(dayText(43830, true)).toBe('2024-01-01');
  expect(dayText(0.5, false)).toBe(0.5);
});

it('tells formats of dates from those of numbers', () => {
  for (const code of ['dd/mm/yyyy', 'yyyy-mm-dd hh:mm', 'h:mm AM/PM', '[$-409]d-mmm-yy', 'mmm yyyy'])
    expect(isDateFormat(code), code).toBe(true);
  for (const code of [
    'General',
    '0.00',
    '#,##0 "days"',
    '[Red]0',
    '0.0\\d',
    '@',
    '_-* #,##0',
    '[h]:mm:ss',
    '[mm]:ss',
  ])
    expect(isDateFormat(code), code).toBe(false);
});
