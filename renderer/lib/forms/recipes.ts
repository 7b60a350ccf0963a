/** From the drafts of the pretext and fine-tuning pages to recipes. */
import type { TrainingProposal } from '../../../src/contract/advice.ts';
import type { Dataset } from '../../../src/contract/entities.ts';
import {
  recipeSchema,
  type Arm,
  type LabelBudget,
  type Recipe,
} from '../../../src/contract/recipe/recipe.ts';
import { pretrainingOfArm } from '../../../src/contract/recipe/arms.ts';
import { CORRECT_FIELD } from '../../../src/contract/field-words.ts';
import type { Failure } from '../../../src/contract/errors.ts';
import type { FinetuneDraft, PretextDraft } from './drafts.ts';
import { divisionOf } from './folds.ts';

export type RecipeReading = { valid: true; recipe: Recipe } | { valid: false; failures: Failure[] };

/** Values that were cleared fall back to the schema's defaults. */
function given(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function read(document: unknown): RecipeReading {
  const parsed = recipeSchema.safeParse(document);
  if (parsed.success) return { valid: true, recipe: parsed.data };
  return {
    valid: false,
    failures: parsed.error.issues.map((issue) => ({
      code: 'recipe.invalid',
      message: `${issue.path.join('.')} ${issue.message}`,
      place: issue.path.join('.'),
      remedy: CORRECT_FIELD,
    })),
  };
}

const dataOf = ({ datasets, includeHeldOut, byRecording, together, alsoFinetune, shape }: PretextDraft) => ({
  pretrain: plain(datasets),
  includeHeldOut,
  ...given(plain(shape)),
  ...alsoOf(datasets.slice(1).filter((name) => alsoFinetune.includes(name))),
  ...(together && datasets.length > 1
    ? { together: plain(together) }
    : byRecording && { scale: 'recording' }),
});

/** Datasets that are fine-tuned beside the first, where there are some. */
const alsoOf = (names: readonly string[]) => (names.length > 0 ? { alsoFinetune: [...names] } : {});

/** @param proposed settings that suit the data; what was typed wins */
export function pretextRecipe(
  draft: PretextDraft,
  name: string,
  proposed: TrainingProposal = {},
): RecipeReading {
  return read({
    name,
    data: dataOf(draft),
    encoder: { family: draft.family, options: given(draft.encoderOptions[draft.family] ?? {}) },
    pretext: {
      ...given(proposed),
      ...given(draft.config),
      ...(draft.startFrom && { startFrom: draft.startFrom }),
      task: draft.task,
      options: given(draft.taskOptions[draft.task] ?? {}),
    },
  });
}

/**
 * Pretext tasks compete on these data, and the ranking is the end: the winner is trained when a person says so.
 *
 * @param tasks with the batch that is wanted, where it is not the one that a task proposes
 */
export function tournamentRecipe(
  draft: PretextDraft,
  tasks: readonly (string | { task: string; batchSize: number })[],
  values: Record<string, unknown>,
  name: string,
): RecipeReading {
  return read({
    name,
    data: dataOf(draft),
    encoder: { family: draft.family, options: given(draft.encoderOptions[draft.family] ?? {}) },
    ...(draft.startFrom && { pretext: { startFrom: draft.startFrom } }),
    tournament: { train: false, ...plain(given(values)), tasks: [...tasks] },
  });
}

/** The pretext form, filled in with what a tournament recommends. */
export function takeWinner(
  draft: PretextDraft,
  { data, encoder, pretext }: Recipe,
  winner: { task: string; options: Record<string, unknown>; learningRate: number; batchSize: number },
): void {
  const { task, options, learningRate, batchSize } = plain(winner);
  draft.datasets = [...data.pretrain];
  draft.includeHeldOut = data.includeHeldOut;
  draft.byRecording = data.scale === 'recording';
  draft.together = data.together ? plain(data.together) : null;
  draft.alsoFinetune = [...(data.alsoFinetune ?? [])];
  draft.shape = { ...(data.imageSize !== undefined && { imageSize: data.imageSize }), color: data.color };
  draft.task = task;
  draft.taskOptions[task] = options;
  draft.family = encoder.family;
  draft.encoderOptions[encoder.family] = plain(encoder.options);
  draft.startFrom = pretext?.startFrom ?? '';
  draft.config = { ...draft.config, learningRate, batchSize };
}

export interface FinetuneSource {
  checkpointId: string;
  /** The recipe that the pretext run was made with: its encoder must be the same. */
  recipe: Recipe;
}

/**
 * Whether the study pretrains with the settings of the checkpoint's: the checkpoint has seen what folds test, and arms
 * that saw some datasets alone need pretrainings of their own.
 */
export const pretrainsAnew = ({ folds, arms }: Pick<FinetuneDraft, 'folds'> & { arms: readonly Arm[] }) =>
  folds !== null || arms.some((arm) => pretrainingOfArm(arm) !== 'all');

export function finetuneRecipe(
  draft: FinetuneDraft & { budgets: LabelBudget[]; arms: Arm[] },
  source: FinetuneSource,
  name: string,
): RecipeReading {
  const { encoder, pretext } = source.recipe;
  const { alsoFinetune: _others, ...data } = source.recipe.data;
  const start = pretrainsAnew(draft) ? { pretext: plain(pretext) } : { fromCheckpoint: source.checkpointId };
  return read({
    name,
    data: {
      ...data,
      import: {},
      finetune: draft.dataset,
      ...alsoOf(draft.also.filter((name) => name !== draft.dataset)),
      ...divisionOf(draft.folds),
    },
    encoder,
    ...start,
    finetune: { ...given(withoutHeads(draft)), budgets: plain(draft.budgets), arms: plain(draft.arms) },
  });
}

/** Heads that are trained together are of several datasets: with one, what was chosen for more means nothing. */
function withoutHeads({ values, also, dataset }: FinetuneDraft): Record<string, unknown> {
  const { heads, ...rest } = values;
  return also.some((name) => name !== dataset) ? { ...rest, heads } : rest;
}

/** A copy without the proxies of reactive state. */
export function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/** How many samples pretraining sees: training samples and unlabeled ones, all splits where it may. */
export function pretextSampleCount(datasets: readonly Dataset[], includeHeldOut: boolean): number {
  return datasets.reduce(
    (sum, dataset) =>
      sum + dataset.split.train + (includeHeldOut ? dataset.split.validation + dataset.split.test : 0),
    0,
  );
}
