import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { importSchema, recipeSchema } from '../../../../src/contract/recipe/recipe.ts';
import { requirePaths, resolveImport, resolvePaths } from '../../../../src/service/recipes/paths.ts';
import { temporaryFolder } from '../../../fixtures/projects.ts';

it('takes paths from the folder of the recipe, and leaves absolute ones', () => {
  const recipe = recipeSchema.parse({
    name: 'A',
    data: { import: { x: { path: 'images', labels: '../l.csv' }, y: { path: '/data/y' } }, pretrain: ['x'] },
  });
  const { import: imports } = resolvePaths(recipe, '/home/me/study').data;
  expect(imports['x']).toMatchObject({ path: '/home/me/study/images', labels: '/home/me/l.csv' });
  expect(imports['y']).toMatchObject({ path: '/data/y' });
  expect(imports['y']).not.toHaveProperty('labels');
});

it('names the dataset whose data or labels are not there', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'a.csv'), '1');
  const wanted = (more: object) =>
    [['small', resolveImport(importSchema.parse({ path: 'a.csv', ...more }), folder)]] as const;
  expect(() => requirePaths(wanted({}) as never)).not.toThrow();
  expect(() => requirePaths(wanted({ labels: 'gone.csv' }) as never)).toThrow(
    /no such file or folder, from which the recipe imports “small”/,
  );
});
