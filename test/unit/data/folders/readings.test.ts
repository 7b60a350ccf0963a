import { expect, it } from 'vitest';
import { levelsOf } from '../../../../src/data/folders/levels.ts';
import { quoted, understand } from '../../../../src/data/folders/readings.ts';
import { buildTree } from '../../../../src/data/folders/tree.ts';

const read = (...paths: string[]) => understand(levelsOf(buildTree(paths)));
const crossed = (above: string[], below: string[]) =>
  above.flatMap((one) => below.map((other) => `${one}/${other}/1.png`));

it.each([
  ['classes', crossed(['cat', 'dog'], ['']).map((path) => path.replace('//', '/')), ['class']],
  ['splits above classes', crossed(['train', 'test'], ['cat', 'dog']), ['split', 'class']],
  ['splits below classes', crossed(['cat', 'dog'], ['train', 'val']), ['class', 'split']],
  ['subjects above classes', crossed(['subject01', 'subject02'], ['left', 'right']), ['group', 'class']],
])('reads %s without asking', (_what, paths, roles) => {
  const found = read(...paths);
  expect([found.roles, found.question]).toEqual([roles, null]);
});

it('takes many numbered folders that hold the same few words for subjects', () => {
  const found = read(...crossed(['1', '2', '3', '4'], ['left', 'right']));
  expect([found.roles, found.question]).toEqual([['group', 'class'], null]);
});

it('asks where the same folders come again and either could be the class', () => {
  const found = read(...crossed(['anna', 'bob'], ['left', 'right']));
  expect(found.question).toBe(
    'The same folders (“left” and “right”) come again below each of “anna” and “bob”.',
  );
  expect(found.alternatives).toContainEqual(['class', 'ignored']);
});

it('asks where two levels both tell samples apart', () => {
  const found = read('cat/siamese/1', 'cat/persian/1', 'dog/poodle/1', 'dog/boxer/1');
  expect(found.roles).toEqual(['class', 'ignored']);
  expect(found.question).toContain('There are two levels of folders');
  expect(found.alternatives).toEqual([
    ['ignored', 'class'],
    ['class', 'group'],
  ]);
});

it('says how folders beside splits are read', () => {
  const found = read('train/1.png', 'test/1.png', 'extra/1.png');
  expect(found.whys[0]).toContain('“extra” say neither and are read as training data');
});

it('shows three names of many, and four of four', () => {
  expect(quoted(['a', 'b', 'c', 'd'])).toBe('“a”, “b”, “c” and “d”');
  expect(quoted(['a', 'b', 'c', 'd', 'e'])).toBe('“a”, “b”, “c” and 2 more');
  expect(quoted(['a'])).toBe('“a”');
});
