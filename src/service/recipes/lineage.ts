/** What a recipe's weights come from, back to the first run. */
import type { Recipe } from '../../contract/recipe.ts';
import { findRunOfCheckpoint, type ReadableProject } from '../../project/index.ts';

/** The recipe, and what the runs were made with that its weights come from, back to the first. */
export function* lineageOf(project: ReadableProject, recipe: Recipe): Generator<Partial<Recipe>> {
  yield recipe;
  const visited = new Set<string>();
  for (let id = recipe.fromCheckpoint ?? startOf(recipe.pretext); id !== null && !visited.has(id);) {
    visited.add(id);
    const source = findRunOfCheckpoint(project, id);
    const config = source?.config as Partial<Recipe> | undefined;
    if (config) yield config;
    id = startOf(config?.pretext) ?? source?.run.checkpointId ?? null;
  }
}

/** The checkpoint that pretraining itself began from, where the task can. */
export function startOf(pretext: unknown): string | null {
  const start = (pretext as { startFrom?: unknown } | undefined)?.startFrom;
  return typeof start === 'string' ? start : null;
}
