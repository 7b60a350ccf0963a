import { expect, it } from 'vitest';
import { importSchema } from '../../../../src/contract/recipe/recipe.ts';
import { usesOf } from '../../../../src/data/tables/uses.ts';

const names = ['Age', 'site', 'Label', 'part', 'mass', 'edema'];
const uses = (options: object, own: object = {}) =>
  usesOf(
    names,
    importSchema.parse({ path: '/a.csv', ...options }),
    own as Parameters<typeof usesOf>[2],
    '/a.csv',
  );

it('finds the target by a usual name, groups and splits by those that are given, whatever their case', () => {
  const found = uses({ group: 'SITE+file', split: { by: 'column', column: 'part' } });
  expect(found.target).toBe('Label');
  expect(found.kept).toEqual(['site', 'part']);
  expect([...found.uses]).toEqual([
    ['part', 'split'],
    ['site', 'group'],
    ['Label', 'target'],
  ]);
});

it('takes a column for a feature whose kind was chosen, though its name is that of a target', () => {
  expect(uses({}, { kinds: { Label: 'number' } }).target).toBeNull();
});

it('takes several columns as labels', () => {
  const found = uses({ target: 'labels', labelColumns: ['mass', 'edema'] });
  expect([found.target, found.targets]).toEqual([null, ['mass', 'edema']]);
});

it('refuses a name that no column has, and one column for two things', () => {
  expect(() => uses({ labelColumn: 'weight' })).toThrow(
    'labelColumn: there is no column “weight”. The columns are: Age',
  );
  expect(() => uses({}, { kinds: { weight: 'number' } })).toThrow(
    'options.kinds: there is no column “weight”',
  );
  expect(() => uses({ labelColumn: 'site', group: 'site' })).toThrow(
    '“site” is to be two of these at once: the target, what says groups',
  );
});
