/** Recipe files as the command line is given them. */
import { readFileSync } from 'node:fs';
import { PretextError } from '../../contract/errors.ts';

/** What went wrong, in words, by the code that the system gives. */
const reasons: Record<string, { message: string; remedy: string }> = {
  ENOENT: {
    message: 'There is no such recipe file.',
    remedy: 'Check the path. `pretext recipe init` prints a recipe to start from.',
  },
  EISDIR: {
    message: 'This is a folder; a study is run from a recipe, which is one YAML file.',
    remedy: 'Name the file in it. `pretext recipe init` prints a recipe to start from.',
  },
  EACCES: {
    message: 'You have no permission to read this recipe.',
    remedy: 'Change the permissions of the file, or copy it to a folder of your own.',
  },
};

/** @throws PretextError `recipe.unreadable` */
export function readRecipe(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown reason';
    const { message, remedy } = reasons[code] ?? {
      message: `The recipe cannot be read (${code}).`,
      remedy: 'Look whether the disk it lies on is there and in order.',
    };
    throw new PretextError({ code: 'recipe.unreadable', message, place: file, remedy });
  }
}
