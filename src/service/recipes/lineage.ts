/** What a recipe's weights come from, back to the first run. */
import type { Recipe } from '../../contract/recipe/recipe.ts';
import { findRunOfCheckpoint, type ReadableProject, type StoredRun } from '../../project/index.ts';

/** The recipe, and what the runs were made with that its weights come from, back to the first. */
export function* lineageOf(project: ReadableProject, recipe: Recipe): Generator<Partial<Recipe>> {
  yield recipe;
  for (const { source } of originsOf(project, recipe)) if (source) yield source.config;
}

/** The checkpoints that its weights come from, each with the run that wrote it, back to the first. */
export function* originsOf(
  project: ReadableProject,
  recipe: Recipe,
): Generator<{ id: string; source: StoredRun | null }> {
  const visited = new Set<string>();
  for (let id = recipe.fromCheckpoint ?? startOf(recipe.pretext); id !== null && !visited.has(id);) {
    visited.add(id);
    const source = findRunOfCheckpoint(project, id);
    yield { id, source };
    id = startOf(source?.config['pretext']) ?? source?.run.checkpointId ?? null;
  }
}

/** The checkpoint that pretraining itself began from, where the task can. */
export function startOf(pretext: unknown): string | null {
  const start = (pretext as { startFrom?: unknown } | undefined)?.startFrom;
  return typeof start === 'string' ? start : null;
}
