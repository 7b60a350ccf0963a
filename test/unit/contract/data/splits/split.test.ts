import { expect, test } from 'vitest';
import { splitSchema } from '../../../../../src/contract/data/splits/split.ts';

const messageOf = (rule: unknown) => splitSchema.safeParse(rule).error?.issues[0]?.message ?? null;

test('shares that leave nothing for training are refused before anything is read', () => {
  expect(messageOf({ by: 'random', validation: 0.5, test: 0.5 })).toBe(
    'leaves nothing for training: validation and test together take 100 % of the labeled samples. Make their shares smaller',
  );
  expect(messageOf({ by: 'random', validation: 0.9 })).toContain('take 110 %');
  expect(messageOf({ by: 'random', validation: 0.5, test: 0.4 })).toBeNull();
});

test('a value is given to one split alone', () => {
  expect(messageOf({ by: 'column', column: 'session', validation: ['2', '3'], test: ['3'] })).toContain(
    '“3”',
  );
  expect(messageOf({ by: 'column', column: 'session', validation: ['2'], test: ['3'] })).toBeNull();
  expect(messageOf({ by: 'folder' })).toBeNull();
});
