import { expect, it } from 'vitest';
import { lettersOf, textRows } from '../../../../src/data/recordings/char-matrix.ts';

it('reads rows that are kept column by column, without what fills them up', () => {
  expect(textRows('FCp31 ', 2)).toEqual(['Fp1', 'C3']);
  expect(textRows('ab\0\0', 2)).toEqual(['a', 'b']);
});

it('leaves one row as it is, and what is no matrix', () => {
  expect(textRows('a name ', 1)).toEqual(['a name ']);
  expect(textRows('', 0)).toEqual(['']);
  expect(textRows('abc', 2)).toEqual(['abc']);
});

it('reads bytes as UTF-8, numbers as UTF-16, of any length', () => {
  expect(lettersOf([...Buffer.from('µV 脳')], true)).toBe('µV 脳');
  expect(lettersOf([0xb5, 0xd83e, 0xdde0], false)).toBe('µ🧠');
  expect(lettersOf(new Array<number>(100_000).fill(65), false)).toBe('A'.repeat(100_000));
});
