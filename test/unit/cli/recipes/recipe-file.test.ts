import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readRecipe } from '../../../../src/cli/recipes/recipe-file.ts';
import type { PretextError } from '../../../../src/contract/errors.ts';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'pretext-recipe-'))));
afterAll(() => rm(folder, { recursive: true }));

const failureOf = (file: string) => {
  try {
    readRecipe(file);
  } catch (error) {
    return (error as PretextError).failure;
  }
  return null;
};

it('reads a recipe file', async () => {
  const file = join(folder, 'study.yaml');
  await writeFile(file, 'name: a study\n');
  expect(readRecipe(file)).toBe('name: a study\n');
});

it('says in words that there is no such file, or that it is a folder, where, and what to do', () => {
  const missing = join(folder, 'nothing.yaml');
  expect(failureOf(missing)).toMatchObject({
    code: 'recipe.unreadable',
    message: 'There is no such recipe file.',
    place: missing,
    remedy: expect.stringContaining('pretext recipe init'),
  });
  expect(failureOf(folder)).toMatchObject({
    message: expect.stringContaining('This is a folder'),
    place: folder,
    remedy: expect.stringContaining('Name the file in it'),
  });
});
