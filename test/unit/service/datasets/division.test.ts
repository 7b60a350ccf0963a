import { expect, it } from 'vitest';
import { findDataset } from '../../../../src/project/index.ts';
import { recipeSchema } from '../../../../src/contract/recipe/recipe.ts';
import { divideSamples, exclusionsOf, levelOf } from '../../../../src/service/datasets/division.ts';
import { addDataset, sample, temporaryProject } from '../../../fixtures/projects.ts';

const TRAIN = 0;
const VALIDATION = 1;
const TEST = 2;
const PEOPLE = ['a', 'a', 'b', 'b', 'c', 'c'];

const dataOf = (rest: object) =>
  recipeSchema.parse({ name: 'A', data: { pretrain: ['people'], ...rest }, pretext: {}, finetune: {} }).data;

function people() {
  const project = temporaryProject();
  addDataset(
    project,
    'people',
    PEOPLE.map((group, at) => sample(at, { group })),
  );
  return { project, stored: findDataset(project, 'people')! };
}

it('divides by the groups of a fold, whatever the import said', async () => {
  const { project, stored } = people();
  const fold = { number: 1, of: 3, sha256: '', by: 'group', train: ['b'], validation: ['c'], test: ['a'] };
  const codes = await divideSamples(project, stored, new Uint8Array(6), { data: dataOf({}), fold });
  expect([...codes]).toEqual([TEST, TEST, TRAIN, TRAIN, VALIDATION, VALIDATION]);
  expect(levelOf('people', { data: dataOf({}), fold: { ...fold, by: 'site' } })).toBe('site');
  expect(levelOf('other', { data: dataOf({}), fold: { ...fold, by: 'site' } })).toBe('group');
});

it('leaves groups out of every part, and refuses names that nobody has', async () => {
  const { project, stored } = people();
  const without = (groups: string[]) =>
    divideSamples(project, stored, Uint8Array.of(0, 0, 1, 1, 2, 2), {
      data: dataOf({ exclude: [{ groups }] }),
      fold: null,
    });
  const codes = await without(['b']);
  expect([...codes].map((code) => code <= TEST)).toEqual([true, true, false, false, true, true]);
  await expect(without(['z'])).rejects.toThrow(/No group of “people” is named “z”.*Found: a, b, c\./);
});

it('takes what is left out of the fine-tuning dataset where no other is named', () => {
  const data = dataOf({ exclude: [{ groups: ['a'] }, { dataset: 'other', groups: ['b'] }] });
  expect(exclusionsOf('people', data).map(({ groups }) => groups)).toEqual([['a']]);
  expect(exclusionsOf('other', data).map(({ groups }) => groups)).toEqual([['b']]);
});
