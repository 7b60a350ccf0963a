import { expect, it } from 'vitest';
import {
  areNumbered,
  areSubjects,
  isContainer,
  isMarkings,
  isSplitLevel,
  saysUnlabeled,
  splitOfName,
} from '../../../../src/data/folders/names.ts';

it.each([
  ['train', 0],
  ['Training_Set', 0],
  ['images-train', 0],
  ['seg_test', 2],
  ['valid', 1],
  ['ValidationData', 1],
  ['holdout', 2],
  ['train2017', 0],
  ['car', -1],
  ['test-positive', -1],
  ['testament', -1],
] as const)('%s names split %i', (name, split) => {
  expect(splitOfName(name)).toBe(split);
});

it('takes names for splits where training stands beside held-out data, and “valid” beside “invalid” for a class', () => {
  expect(isSplitLevel(['train', 'test'])).toBe(true);
  expect(isSplitLevel(['Train', 'Eval', 'cats'])).toBe(true);
  expect(isSplitLevel(['valid', 'invalid'])).toBe(false);
  expect(isSplitLevel(['train', 'car', 'bus'])).toBe(false);
  expect(isSplitLevel(['test', 'control'])).toBe(false);
});

it('knows subjects, containers, masks and what is said to have no label', () => {
  expect(
    [
      ['subject01', 'subject02'],
      ['P1', 'P2', 'P3'],
      ['site-A', 'site-B'],
    ].map(areSubjects),
  ).toEqual([true, true, true]);
  expect([['cat', 'dog'], ['person', 'bicycle'], []].map(areSubjects)).toEqual([false, false, false]);
  expect([areNumbered(['1', '2', 'a3']), areNumbered(['one', 'two'])]).toEqual([true, false]);
  expect(['Images', 'data', 'cats'].map(isContainer)).toEqual([true, true, false]);
  expect(['masks', 'ground-truth', 'SegmentationClass', 'images'].map(isMarkings)).toEqual([
    true,
    true,
    true,
    false,
  ]);
  expect(['unlabeled', 'un-labelled', 'no_labels', 'labeled'].map(saysUnlabeled)).toEqual([
    true,
    true,
    true,
    false,
  ]);
});
