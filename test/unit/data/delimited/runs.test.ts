import { expect, it } from 'vitest';
import { cellText, className, Runs } from '../../../../src/data/delimited/runs.ts';

const runsOf = (cells: (string | null)[]) => {
  const runs = new Runs();
  cells.forEach((cell, row) => runs.add(row, cell === null ? null : Buffer.from(cell)));
  return { starts: runs.starts, ids: runs.ids, values: runs.values };
};

it('keeps where a column changes, and each value once', () => {
  expect(runsOf(['rest', 'rest', 'fist', 'fist', 'rest'])).toEqual({
    starts: [0, 2, 4],
    ids: [0, 1, 0],
    values: ['rest', 'fist'],
  });
});

it('takes rows without a cell and missing values for nothing', () => {
  expect(runsOf(['a', '', null, 'NaN', 'a'])).toEqual({ starts: [0, 1, 4], ids: [0, -1, 0], values: ['a'] });
});

it('takes one class written in two ways for one', () => {
  expect(runsOf(['1', '1.0', '1,00', '10'])).toEqual({ starts: [0, 3], ids: [0, 1], values: ['1', '10'] });
  expect(className('e\u0301')).toBe('\u00e9');
  // A version or a code is no number that could be shortened.
  expect(className('1.0.0')).toBe('1.0.0');
  expect(className('1.50')).toBe('1.50');
});

it('takes quotes off, and reads what is no UTF-8 as Windows writes it', () => {
  expect(cellText(Buffer.from(' "say ""hi""" '))).toBe('say "hi"');
  expect(cellText(Buffer.from([0x67, 0x72, 0xfc, 0x6e]))).toBe('grün');
});
