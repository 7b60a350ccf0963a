/** Recipe files as the command line is given them. */
import { readFileSync } from 'node:fs';
import { PretextError } from '../contract/errors.ts';

/** @throws PretextError `recipe.unreadable` */
export function readRecipe(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new PretextError({
      code: 'recipe.unreadable',
      message: `The recipe cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}).`,
      place: file,
      remedy: 'Check the path. `pretext recipe init` prints a recipe to start from.',
    });
  }
}
