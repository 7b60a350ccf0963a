/** What a recipe's weights come from, back to the first run. */
import type { PretextWish, Recipe } from '../../contract/recipe/recipe.ts';
import { isPretextConfig } from '../../contract/recipe/run-config.ts';
import { findRunOfCheckpoint, type ReadableProject, type StoredRun } from '../../project/index.ts';

/** What a recipe and the configurations of runs have in common. */
export interface Origin {
  data: Recipe['data'];
  pretext?: PretextWish | undefined;
  tournament?: unknown;
}

/** The recipe, and what the runs were made with that its weights come from, back to the first. */
export function* lineageOf(project: ReadableProject, recipe: Recipe): Generator<Origin> {
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
    id = (source && startOfRun(source)) ?? null;
  }
}

/** The checkpoint that pretraining itself began from, where the task can. */
export const startOf = (pretext: PretextWish | undefined): string | null => pretext?.startFrom ?? null;

const startOfRun = ({ run, config }: StoredRun): string | null =>
  (isPretextConfig(config) ? startOf(config.pretext) : null) ?? run.checkpointId;
