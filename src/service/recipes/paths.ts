/** Where the data of a recipe lie. */
import { accessSync, constants } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import type { ImportOptions, Recipe } from '../../contract/recipe/recipe.ts';
import { cannotRead } from '../../data/reading/unreadable.ts';

/** The recipe with all paths absolute, as it is stored: a project can be opened from anywhere. */
export function resolvePaths(recipe: Recipe, baseFolder = process.cwd()): Recipe {
  const entries = Object.entries(recipe.data.import).map(([name, options]) => [
    name,
    resolveImport(options, baseFolder),
  ]);
  return { ...recipe, data: { ...recipe.data, import: Object.fromEntries(entries) } };
}

/** Import options with absolute paths. */
export function resolveImport(options: ImportOptions, baseFolder = process.cwd()): ImportOptions {
  const absolute = (path: string) => (isAbsolute(path) ? path : resolve(baseFolder, path));
  return {
    ...options,
    path: absolute(options.path),
    ...(options.labels && { labels: absolute(options.labels) }),
  };
}

/**
 * Throws `path.missing` or `path.no-permission` when data to be imported cannot be read where the recipe says, before
 * anything is written down.
 *
 * @param imports datasets' names with options whose paths are absolute
 */
export function requirePaths(imports: Iterable<[string, ImportOptions]>): void {
  for (const [name, { path, labels }] of imports)
    for (const wanted of labels ? [path, labels] : [path])
      try {
        accessSync(wanted, constants.R_OK);
      } catch (error) {
        throw cannotRead(wanted, error, name);
      }
}
