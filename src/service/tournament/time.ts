/** About how long the pretraining of a recipe will take, asked before it starts. */
import type { TimeEstimate } from '../../contract/machine/time-estimate.ts';
import { pretextSchema, type Recipe } from '../../contract/recipe/recipe.ts';
import { findDataset, type ReadableProject } from '../../project/index.ts';
import { inputShapeOf } from '../datasets/selection.ts';
import { formSources } from '../recipes/form.ts';
import { paceOf } from './costs.ts';
import { pacedRuns, samplesSeen, SECONDS_AROUND_RUN } from './plan.ts';

/** Null where nothing is pretrained, where a tournament plans its own time, or where data are not imported yet. */
export function estimateTime(project: ReadableProject, recipe: Recipe): TimeEstimate | null {
  const { data, pretext, fromCheckpoint, tournament } = recipe;
  if (!pretext || fromCheckpoint !== undefined || tournament) return null;
  const names = [...data.pretrain, ...formSources(data)];
  if (names.some((name) => !findDataset(project, name))) return null;
  const pace = paceOf(pacedRuns(project), recipe, inputShapeOf(project, data));
  const samples = samplesSeen(project, data) * pretextSchema.parse(pretext).epochs * (pretext.seeds ?? 1);
  return {
    seconds: samples * pace.secondsPerSample(pretext.task) + SECONDS_AROUND_RUN,
    measured: pace.measured,
  };
}
