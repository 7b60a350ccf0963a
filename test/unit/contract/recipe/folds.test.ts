import { expect, it } from 'vitest';
import {
  exclusionSchema,
  foldCount,
  foldsSchema,
  foldsWords,
} from '../../../../src/contract/recipe/folds.ts';

it('leaves each group out unless told otherwise', () => {
  expect(foldsSchema.parse({})).toEqual({ by: 'group', count: 'each', validation: 0.2, seed: 1 });
  expect(exclusionSchema.parse({ groups: ['P3'] })).toEqual({ by: 'group', groups: ['P3'] });
});

it('refuses what makes no folds', () => {
  for (const wrong of [
    { count: 1 },
    { count: 101 },
    { count: 'some' },
    { validation: 0 },
    { validation: 0.6 },
    { of: 3 },
  ])
    expect(foldsSchema.safeParse(wrong).success, JSON.stringify(wrong)).toBe(false);
  expect(exclusionSchema.safeParse({ groups: [] }).success).toBe(false);
});

it('makes no more folds than there are groups, and says what they are', () => {
  expect(foldCount({ count: 'each' }, 7)).toBe(7);
  expect(foldCount({ count: 5 }, 7)).toBe(5);
  expect(foldCount({ count: 5 }, 3)).toBe(3);
  expect(foldsWords({ by: 'subject', count: 'each' })).toBe('leave one subject out');
  expect(foldsWords({ by: 'subject', count: 5 })).toBe('5 folds by subject');
});
