import { expect, it } from 'vitest';
import { levelsOf, namesOf, repeats } from '../../../../src/data/folders/levels.ts';
import { buildTree } from '../../../../src/data/folders/tree.ts';

const levels = (paths: string[]) => levelsOf(buildTree(paths));

it('puts folders of one depth together, over all branches, by the spelling of most files', () => {
  const [split, classes] = levels(['train/Cat/1', 'train/Cat/2', 'train/dog/1', 'test/cat/1']);
  expect(namesOf(split!)).toEqual(['train', 'test']);
  expect(namesOf(classes!)).toEqual(['Cat', 'dog']);
  const cat = [...classes!.names.values()][0]!;
  expect([cat.files, cat.spellings, cat.parents.size]).toEqual([3, ['Cat', 'cat'], 2]);
  expect(classes!.files).toBe(4);
});

it('knows whether the same folders come again below each folder above', () => {
  const again = levels(['anna/left/1', 'anna/right/1', 'bob/left/1', 'bob/right/1']);
  expect(repeats(again[1]!)).toBe(true);
  const once = levels(['cat/siamese/1', 'cat/persian/1', 'dog/poodle/1', 'dog/boxer/1']);
  expect(repeats(once[1]!)).toBe(false);
});
