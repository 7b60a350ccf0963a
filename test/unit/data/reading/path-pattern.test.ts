import { expect, it } from 'vitest';
import { compilePathPattern } from '../../../../src/data/reading/path-pattern.ts';

it('takes columns from the end of a path', () => {
  const pattern = compilePathPattern('{person}-{session}/{gesture}.txt');
  expect(pattern.columns).toEqual(['person', 'session', 'gesture']);
  expect(pattern.match('data/p1-2/fist.txt')).toEqual({ person: 'p1', session: '2', gesture: 'fist' });
  expect(pattern.match('p1-2/fist.txt.gz')).toEqual({ person: 'p1', session: '2', gesture: 'fist' });
  expect(pattern.match('p1/fist.txt')).toBeNull();
  expect(pattern.match('p1-2/fist.csv')).toBeNull();
});

it('knows any text within a name, and takes dots for dots', () => {
  const pattern = compilePathPattern('*_{class}.png');
  expect(pattern.match('a/scan_17_cat.png')).toEqual({ class: 'cat' });
  expect(pattern.match('scan_cat!png')).toBeNull();
});

it.each([
  ['{a}/{a}.txt', 'occurs twice'],
  ['a/b.txt', 'names no column'],
  ['{a/b.txt', 'has no partner'],
  ['{1st}.txt', 'is not a column name'],
])('refuses %s', (pattern, why) => {
  expect(() => compilePathPattern(pattern)).toThrow(why);
});
