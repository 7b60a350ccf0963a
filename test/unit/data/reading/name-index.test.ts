import { expect, it } from 'vitest';
import { createNameIndex } from '../../../../src/data/reading/name-index.ts';

const index = (...paths: string[]) =>
  createNameIndex(paths.map((path) => ({ path, absolute: `/root/${path}` })));

it('finds a file by its path, whatever stands before it', () => {
  const { find } = index('a/1.png', 'b/1.png', 'b/2.png');
  expect(find('a/1.png')).toEqual({ paths: ['a/1.png'], certainty: 'path' });
  expect(find('C:\\scans\\b\\1.png')).toEqual({ paths: ['b/1.png'], certainty: 'path' });
  expect(find('./b/2.png').paths).toEqual(['b/2.png']);
});

it('finds it by its name alone, less surely, and says all that are meant equally well', () => {
  const { find } = index('a/1.png', 'b/1.png', 'b/2.png');
  expect(find('elsewhere/2.png')).toEqual({ paths: ['b/2.png'], certainty: 'name' });
  expect(find('1.png').paths).toEqual(['a/1.png', 'b/1.png']);
  expect(find('3.png').paths).toEqual([]);
});

it('forgives a missing ending, other case and letters in parts', () => {
  const { find } = index('7.png', '8.png', '7.xml', 'Größe.png');
  expect(find('7').paths).toEqual(['7.png']);
  expect(find('8.PNG').paths).toEqual(['8.png']);
  expect(find('Größe.png'.normalize('NFD')).paths).toEqual(['Größe.png']);
});
