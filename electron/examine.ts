/** Looks what a path is that was dropped on the window: nothing is opened, and only a recipe is read. */
import { existsSync, readFileSync, statSync, type Stats } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import type { Dropped } from '../src/contract/messages/shell.ts';

const RECIPES = ['.yaml', '.yml', '.pretext-recipe'];
/** A recipe is a page or two; what is larger is something else. */
const LARGEST_RECIPE_BYTES = 1_000_000;

export function examine(path: string): Dropped {
  try {
    return look(path, statSync(path));
  } catch (error) {
    return unreadable(
      'path.unreadable',
      `It cannot be read: ${(error as Error).message}`,
      path,
      'Look whether it is still there, and whether you may read it.',
    );
  }
}

function look(path: string, stats: Stats): Dropped {
  if (stats.isDirectory()) {
    const isProject = existsSync(join(path, 'project.db'));
    return isProject
      ? { kind: 'project', path, name: basename(path).replace(/\.pretext$/, '') }
      : { kind: 'data', path };
  }
  // Pipes, devices and sockets would be waited for without end.
  if (!stats.isFile())
    return unreadable(
      'path.no-file',
      'This is neither a file nor a folder.',
      path,
      'Drop a folder of samples, a file, a recipe or a project.',
    );
  if (!RECIPES.includes(extname(path).toLowerCase())) return { kind: 'data', path };
  if (stats.size > LARGEST_RECIPE_BYTES)
    return unreadable(
      'recipe.too-large',
      `It holds ${stats.size} bytes: too many for a recipe.`,
      path,
      'Choose the YAML file of a study.',
    );
  return { kind: 'recipe', path, folder: dirname(path), text: readFileSync(path, 'utf8') };
}

function unreadable(code: string, message: string, place: string, remedy: string): Dropped {
  return { kind: 'unreadable', failure: { code, message, place, remedy } };
}
