import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { recipePage, recipePageFile } from '../../../build/recipe-page.mjs';
import { readers } from '../../../src/data/readers/registry.ts';

it('docs/recipe.md tells every field and format as it is checked (else run node build/recipe-page.mjs)', () => {
  const page = readFileSync(recipePageFile, 'utf8');
  for (const { id } of readers) expect(page).toContain(`\`${id}\``);
  expect(page).toContain('- `batchSize`: Samples in one step.');
  expect(page).toContain('- `images.size`: Side that images are stored at.');
  expect(page).toBe(recipePage());
});
