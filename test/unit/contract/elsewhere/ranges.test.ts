import { expect, it } from 'vitest';
import { fromRanges, toRanges } from '../../../../src/contract/elsewhere/ranges.ts';

it('writes and reads lists of jobs', () => {
  expect(toRanges([1, 2, 3, 5, 7, 8])).toBe('1-3,5,7-8');
  expect(toRanges([4])).toBe('4');
  expect(fromRanges('7-8,1-3, 5', 9)).toEqual([1, 2, 3, 5, 7, 8]);
});

it.each(['', '0', '3-1', '1-99', 'a', '1.5', '1;rm'])('refuses %j', (text) => {
  expect(() => fromRanges(text, 9)).toThrow(/is no list of jobs from 1 to 9/);
});
