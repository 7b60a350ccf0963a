/** Whether the data of a recipe suffice for what it asks: samples for its batches, labels for its budgets and its test. */
import type { Dataset } from '../../contract/entities.ts';
import { budgetProblem, labelsThere } from '../../contract/recipe/label-budget.ts';
import { downstreamOf, type Recipe } from '../../contract/recipe/recipe.ts';
import { splitGaps, type SplitGap } from '../../contract/data/splits/split-gaps.ts';
import { describePretextTasks } from '../../learning/catalogue.ts';
import type { Problem } from './field-check.ts';

const SMALLEST_BATCH = 8;

/** Only datasets that the project has are judged; those that are yet to be imported are judged after that. */
export function checkDataNeeds(recipe: Recipe, datasets: readonly Dataset[]): Problem[] {
  const labels = gapsOf(recipe, datasets).filter(({ blocking }) => blocking);
  return [
    ...labels.map(({ message }) => ({ path: ['data', 'finetune'], message })),
    ...(labels.length > 0 ? [] : checkBudgets(recipe, datasets)),
    ...checkBatch(recipe, datasets),
  ];
}

/** What a study should know before it begins, though it can be carried out. */
export function warnOfData(recipe: Recipe, datasets: readonly Dataset[]): Problem[] {
  // The import's split, which folds take the place of.
  if (recipe.data.folds) return [];
  return gapsOf(recipe, datasets)
    .filter(({ blocking }) => !blocking)
    .map(({ message }) => ({ path: ['data', 'finetune'], message }));
}

function gapsOf(recipe: Recipe, datasets: readonly Dataset[]): SplitGap[] {
  if (!recipe.finetune && !recipe.tournament) return [];
  return tested(recipe, datasets).flatMap((dataset) => splitGaps(dataset));
}

function checkBudgets({ finetune, ...recipe }: Recipe, datasets: readonly Dataset[]): Problem[] {
  if (!finetune) return [];
  return tested(recipe, datasets)
    .filter(({ labeledCount }) => labeledCount > 0)
    .flatMap((dataset) =>
      finetune.budgets.flatMap((budget, index) => {
        const message = budgetProblem(budget, dataset);
        return message === null ? [] : [{ path: ['finetune', 'budgets', index], message }];
      }),
    );
}

/** Those that are fine-tuned, where they are known. */
const tested = (recipe: Pick<Recipe, 'data'>, datasets: readonly Dataset[]): Dataset[] =>
  downstreamOf(recipe).flatMap((wanted) => datasets.find(({ name }) => name === wanted) ?? []);

/** Two batches at least: with fewer, an epoch would show a batch hardly anything new. */
function checkBatch({ pretext, data }: Recipe, datasets: readonly Dataset[]): Problem[] {
  if (!pretext) return [];
  const used = data.pretrain.map((name) => datasets.find((one) => one.name === name));
  if (used.some((dataset) => dataset === undefined)) return [];
  const needsLabels = describePretextTasks().some(
    ({ id, needsLabels: needs }) => id === pretext.task && needs,
  );
  const countOf = (dataset: Dataset) => {
    if (needsLabels) return labelsThere(dataset).labeled;
    return data.includeHeldOut ? dataset.sampleCount : dataset.split.train;
  };
  const samples = used.reduce((sum, dataset) => sum + countOf(dataset!), 0);
  // Left out, a size is proposed that suits the data: the smallest must do.
  const batchSize = pretext.batchSize ?? SMALLEST_BATCH;
  if (samples >= 2 * batchSize) return [];
  const most = Math.floor(samples / 2);
  const remedy =
    most >= SMALLEST_BATCH
      ? `Choose ${most} or less.`
      : `Even batches of ${SMALLEST_BATCH} need ${2 * SMALLEST_BATCH}: import more.`;
  const what = needsLabels ? 'labeled training samples' : 'training samples';
  return [
    {
      path: ['pretext', 'batchSize'],
      message: `\`pretext.batchSize\` of ${batchSize} needs at least ${2 * batchSize} ${what}. Found: ${samples}. ${remedy}`,
      advises: true,
    },
  ];
}
