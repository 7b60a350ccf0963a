import { expect, it } from 'vitest';
import { isReference, needsCheckpoint, proposedArms } from '../../../../src/contract/recipe/arms.ts';

it('references are proposed where they can be fitted, and need no pretraining', () => {
  expect(proposedArms(false).some(isReference)).toBe(false);
  expect(proposedArms(true)).toEqual([...proposedArms(false), 'reference-linear', 'reference-trees']);
  expect(proposedArms(true).filter((arm) => !needsCheckpoint(arm))).toEqual([
    'baseline',
    'reference-linear',
    'reference-trees',
  ]);
});
