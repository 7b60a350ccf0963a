import { expect, it } from 'vitest';
import { yesOrNo } from '../../../../src/data/reading/yes-no.ts';

it('words for yes are 1, for no 0, others neither', () => {
  expect(['Yes', 'TRUE', '1', '1.0', 'y'].map(yesOrNo)).toEqual([1, 1, 1, 1, 1]);
  expect(['no', 'False', '0', '0.0', 'n'].map(yesOrNo)).toEqual([0, 0, 0, 0, 0]);
  expect(['maybe', '-1', '2', ''].map(yesOrNo)).toEqual([NaN, NaN, NaN, NaN]);
});
