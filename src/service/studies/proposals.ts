/**
 * What a recipe leaves out of pretraining: proposed by the task for this encoder and this data, and written into the
 * study and its runs, so that it is known what was used and stays so.
 */
import { PROPOSED, pretextSchema, type Recipe } from '../../contract/recipe/recipe.ts';
import { isPretextConfig } from '../../contract/recipe/run-config.ts';
import { findDataset, getStudy, listRunsOf, setRecipe, updateRun } from '../../project/index.ts';
import type { ReadableProject, WritableProject } from '../../project/index.ts';
import { adviceFor } from '../tournament/advice.ts';

/** The recipe with all settings of pretraining, where its datasets are known; a tournament finds its own. */
export function withProposals(project: ReadableProject, recipe: Recipe): Recipe {
  const { pretext, data, encoder, tournament } = recipe;
  const open = PROPOSED.filter((name) => pretext?.[name] === undefined);
  const known = data.pretrain.every((name) => findDataset(project, name)) && isKnown(project, data.finetune);
  if (!pretext || tournament || open.length === 0 || !known) return recipe;
  const { tasks } = adviceFor(project, data, { encoder: encoder.family });
  const proposed = tasks.find(({ task }) => task === pretext.task)?.training ?? {};
  const given = Object.fromEntries(Object.entries(pretext).filter(([, value]) => value !== undefined));
  const filled = pretextSchema.parse({ ...proposed, ...given });
  // A warm-up is part of a training, however short that is asked to be.
  const warmupEpochs = pretext.warmupEpochs ?? Math.min(filled.warmupEpochs, filled.epochs / 4);
  return { ...recipe, pretext: { ...filled, warmupEpochs } };
}

const isKnown = (project: ReadableProject, name: string | undefined) =>
  name === undefined || findDataset(project, name) !== null;

/** For a study that was planned before its data were there: writes down what is proposed now that they are. */
export function proposeForStudy(project: WritableProject, studyId: string): void {
  const { recipe } = getStudy(project, studyId).study;
  const filled = withProposals(project, recipe);
  if (filled === recipe) return;
  setRecipe(project, studyId, filled);
  for (const { run, config } of listRunsOf(project, studyId)) {
    if (run.startedAt !== null || !isPretextConfig(config)) continue;
    const settings = Object.fromEntries(PROPOSED.map((name) => [name, filled.pretext![name]]));
    updateRun(project, run.id, { config: { ...config, pretext: { ...config.pretext, ...settings } } });
  }
}
