import { expect, it } from 'vitest';
import { cellOf, momentText } from '../../../../../src/data/tables/stored/cells.ts';

it('keeps numbers, writes moments as dates, and leaves what is not known empty', () => {
  expect(cellOf(1.5)).toBe(1.5);
  expect(cellOf(12n)).toBe(12);
  // 2^53 + 1 is no number that JavaScript has.
  expect(cellOf(9007199254740993n)).toBe('9007199254740993');
  expect(cellOf(false)).toBe('false');
  expect(cellOf(null)).toBe('');
  expect(cellOf(' a ')).toBe('a');
  expect(cellOf(new Date('2024-03-01T00:00:00Z'))).toBe('2024-03-01');
  expect(momentText(Date.UTC(1969, 11, 31, 23, 59, 59))).toBe('1969-12-31 23:59:59');
});
