/**
 * What a recipe leaves out: of pretraining, proposed by the task for this encoder and this data; of the encoder,
 * proposed by it for the data. Both are written into the study and its runs, so that it is known what was used and
 * stays so.
 */
import { PROPOSED, finetuneDatasetOf, pretextSchema, type Recipe } from '../../contract/recipe/recipe.ts';
import type { TogetherReport } from '../../contract/recipe/together-report.ts';
import type { EncoderReach } from '../../contract/recipe/reach.ts';
import { isPretextConfig } from '../../contract/recipe/run-config.ts';
import { proposedOptions, reachOf, type EncoderChoice } from '../../learning/catalogue.ts';
import {
  findDataset,
  findRunOfCheckpoint,
  getStudy,
  listRunsOf,
  setRecipe,
  updateRun,
} from '../../project/index.ts';
import type { ReadableProject, WritableProject } from '../../project/index.ts';
import { formOf } from '../datasets/selection.ts';
import { formSources, togetherOf } from '../recipes/form.ts';
import { togetherReport } from '../recipes/together-report.ts';
import { adviceFor } from '../tournament/advice.ts';
import { writeOptionsOut } from './written-options.ts';

/** The recipe with all settings of pretraining and of the encoder, where its datasets are known. */
export function withProposals(project: ReadableProject, given: Recipe): Recipe {
  const recipe = withForm(project, given);
  const { data } = recipe;
  const known =
    [...data.pretrain, ...formSources(data)].every((name) => findDataset(project, name)) &&
    isKnown(project, data.finetune);
  return known ? withTraining(project, withEncoder(project, recipe)) : recipe;
}

/** The encoder's options as the checkpoint has them that is gone on with, else as the encoder proposes. */
function withEncoder(project: ReadableProject, recipe: Recipe): Recipe {
  const { encoder, data, pretext, fromCheckpoint } = recipe;
  const name = finetuneDatasetOf({ data });
  const dataset = name === undefined ? null : findDataset(project, name)?.dataset;
  if (!dataset) return recipe;
  const form = formOf(project, data);
  const start = fromCheckpoint ?? pretext?.startFrom;
  const origin = start === undefined ? null : encoderOf(project, start);
  if (start !== undefined && origin?.family !== encoder.family) return recipe;
  const options = origin
    ? { ...(origin.options as Record<string, unknown>), ...encoder.options }
    : proposedOptions(encoder, dataset.modality, form.shape, form.about);
  const same = Object.keys(options).length === Object.keys(encoder.options).length;
  return same ? recipe : { ...recipe, encoder: { ...encoder, options } };
}

/** A tournament finds its own settings of pretraining. */
function withTraining(project: ReadableProject, recipe: Recipe): Recipe {
  const { pretext, data, encoder, tournament } = recipe;
  const open = PROPOSED.filter((name) => pretext?.[name] === undefined);
  if (!pretext || tournament || open.length === 0) return recipe;
  const { tasks } = adviceFor(project, data, { encoder: encoder.family });
  const proposed = tasks.find(({ task }) => task === pretext.task)?.training ?? {};
  const given = Object.fromEntries(Object.entries(pretext).filter(([, value]) => value !== undefined));
  const filled = pretextSchema.parse({ ...proposed, ...given });
  // A warm-up is part of a training, however short that is asked to be.
  const warmupEpochs = pretext.warmupEpochs ?? Math.min(filled.warmupEpochs, filled.epochs / 4);
  return { ...recipe, pretext: { ...filled, warmupEpochs } };
}

/** The encoder that a pretext run trained, by its checkpoint. */
function encoderOf(project: ReadableProject, checkpointId: string): EncoderChoice | null {
  const found = findRunOfCheckpoint(project, checkpointId);
  return found && isPretextConfig(found.config) ? found.config.encoder : null;
}

const isKnown = (project: ReadableProject, name: string | undefined) =>
  name === undefined || findDataset(project, name) !== null;

/** For a study that was planned before its data were there: writes down what is proposed now that they are. */
export function proposeForStudy(project: WritableProject, studyId: string): void {
  const { recipe } = getStudy(project, studyId).study;
  const filled = withProposals(project, recipe);
  if (filled !== recipe) writeProposals(project, studyId, filled);
  writeOptionsOut(project, studyId);
}

function writeProposals(project: WritableProject, studyId: string, filled: Recipe): void {
  setRecipe(project, studyId, filled);
  for (const { run, config: planned } of listRunsOf(project, studyId)) {
    if (run.startedAt !== null) continue;
    // The encoder is no longer the one that was written out with all its options.
    const { writtenOut: _before, ...config } = planned;
    const { encoder } = filled;
    if (!isPretextConfig(config) || !filled.pretext) {
      updateRun(project, run.id, { config: { ...config, encoder } });
      continue;
    }
    const settings = Object.fromEntries(PROPOSED.map((name) => [name, filled.pretext?.[name]]));
    updateRun(project, run.id, {
      config: { ...config, encoder, pretext: { ...config.pretext, ...settings } },
    });
  }
}

/** What becomes of the datasets of a recipe; null where one is not there yet. */
export function togetherInProject(project: ReadableProject, recipe: Recipe): TogetherReport | null {
  const { data } = withForm(project, recipe);
  const names = [...data.pretrain, ...formSources(data)];
  if (names.some((name) => !findDataset(project, name))) return null;
  return togetherReport({ ...recipe, data }, (name) => findDataset(project, name)!.dataset);
}

/**
 * The recipe with all that its common form is made of, so that transfer to each dataset gets the very same; that of the
 * checkpoint it begins with, where there is one, and the scale that its recordings were read in.
 */
export function withForm(project: ReadableProject, recipe: Recipe): Recipe {
  const origin = recipe.fromCheckpoint ?? recipe.pretext?.startFrom;
  const earlier = origin === undefined ? null : findRunOfCheckpoint(project, origin);
  const together =
    (earlier && togetherOf(earlier.config.data)) ?? (recipe.data.together && togetherOf(recipe.data));
  // The encoder goes on seeing recordings in the scale that it has learned from.
  const scale = earlier ? earlier.config.data.scale : recipe.data.scale;
  if (!together && scale === recipe.data.scale) return recipe;
  return { ...recipe, data: { ...recipe.data, ...(together && { together }), scale } };
}

/** How far the encoder of a recipe looks; null where it cannot say, or its data are not there. */
export function encoderReach(project: ReadableProject, { encoder, data }: Recipe): EncoderReach | null {
  const name = finetuneDatasetOf({ data });
  const dataset = name === undefined ? null : findDataset(project, name)?.dataset;
  const points = dataset ? reachOf(encoder, dataset.modality) : null;
  if (!dataset || points === null) return null;
  const { shape, about } = formOf(project, data);
  return { points, whole: Math.max(...shape.slice(0, -1)), samplingRate: about.samplingRate ?? null };
}
