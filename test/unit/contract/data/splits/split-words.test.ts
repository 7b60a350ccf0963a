import { expect, test } from 'vitest';
import { splitWords } from '../../../../../src/contract/data/splits/split-words.ts';

test('a split is told with its counts, and data without one are told as such', () => {
  expect(splitWords({ by: 'folder', train: 4682, validation: 524, test: 621 })).toBe(
    'Split by folder: 4,682 train, 524 validation, 621 test',
  );
  const by = 'nothing: without labels all samples are training data';
  expect(splitWords({ by, train: 1, validation: 0, test: 0 })).toBe(
    'Not split: without labels all samples are training data (1 sample)',
  );
});
