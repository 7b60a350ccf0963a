import { expect, it } from 'vitest';
import type { Dataset } from '../../../../src/contract/entities.ts';
import { recipeSchema } from '../../../../src/contract/recipe/recipe.ts';
import { checkScale } from '../../../../src/service/recipes/scale-needs.ts';

const recipe = (data: object) =>
  recipeSchema.parse({ name: 'A', data: { pretrain: ['arm'], ...data }, pretext: {} });
const dataset = (modality: string) => ({ name: 'arm', modality }) as unknown as Dataset;

it('is for recordings, which are not put together with others', () => {
  expect(checkScale(recipe({ scale: 'recording' }), [dataset('signal')])).toEqual([]);
  expect(checkScale(recipe({ scale: 'recording' }), [])).toEqual([]);
  expect(checkScale(recipe({}), [dataset('image')])).toEqual([]);
  expect(checkScale(recipe({ scale: 'dataset' }), [dataset('image')])).toEqual([]);
  const [image] = checkScale(recipe({ scale: 'recording' }), [dataset('image')]);
  expect(image!.message).toContain('is for recordings, and “arm” holds images');
  const [other] = checkScale(recipe({ scale: 'recording' }), [dataset('signal')], 'dataset');
  expect(other!.message).toContain('pretrained with `data.scale: recording`');
  expect(checkScale(recipe({}), [dataset('signal')], 'dataset')).toEqual([]);
  expect(checkScale(recipe({}), [dataset('signal')], 'recording')).toHaveLength(1);
  const [together] = checkScale(recipe({ scale: 'recording', together: { match: 'common' } }), []);
  expect(together!.message).toContain('scaled each by itself');
});
