import { expect, it } from 'vitest';
import { buildTree, folderOf } from '../../../../src/data/folders/tree.ts';

const partsOf = (paths: string[]) => buildTree(paths).leaves.map(({ parts, files }) => [...parts, files]);

it('leaves folders out that only wrap others', () => {
  const tree = buildTree(['archive/data/cat/1.png', 'archive/data/cat/2.png', 'archive/data/dog/1.png']);
  expect(tree.wrappers).toEqual(['archive', 'archive/data']);
  expect(tree.leaves.map(({ folder, parts, files }) => [folder, parts, files])).toEqual([
    ['archive/data/cat', ['cat'], 2],
    ['archive/data/dog', ['dog'], 1],
  ]);
});

it('keeps a folder that stands alone below one that means something', () => {
  expect(partsOf(['cat/left/1.png', 'dog/left/1.png'])).toEqual([
    ['cat', 'left', 1],
    ['dog', 'left', 1],
  ]);
});

it('leaves folders of masks beside pictures out, and says how many files that are', () => {
  const tree = buildTree(['images/1.png', 'masks/1.png', 'masks/2.png']);
  expect(tree.leftOut).toEqual([
    { folder: 'masks', files: 2, why: 'its files mark things in those of “images”, and are no samples' },
  ]);
  expect(tree.leaves.map(({ folder }) => folder)).toEqual(['images']);
});

it('keeps two spellings apart that stand side by side', () => {
  expect([...buildTree(['Cat/1.png', 'cat/1.png', 'dog/1.png']).apart]).toHaveLength(1);
  expect([...buildTree(['train/Cat/1.png', 'test/cat/1.png']).apart]).toEqual([]);
});

it('counts files of the folder itself', () => {
  expect(partsOf(['1.png', 'cat/1.png'])).toEqual([[1], ['cat', 1]]);
  expect([folderOf('a/b.png'), folderOf('b.png')]).toEqual(['a', '']);
});
