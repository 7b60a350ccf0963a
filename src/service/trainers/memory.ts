/** Whether the runs of a recipe will find the memory they need: asked before they start. */
import { budgetCount, labelsThere } from '../../contract/recipe/label-budget.ts';
import { freeMemory } from '../../contract/machine/free-memory.ts';
import { judgeMemory, type MemoryEstimate } from '../../contract/machine/memory.ts';
import type { Dataset } from '../../contract/entities.ts';
import { SHARING_ARMS } from '../../contract/recipe/arms.ts';
import { downstreamOf, finetuneDatasetOf, pretextSchema, type Recipe } from '../../contract/recipe/recipe.ts';
import type { Question } from '../../contract/messages/questions.ts';
import { findDataset, listRuns, type ReadableProject } from '../../project/index.ts';
import { formOf } from '../datasets/selection.ts';
import { trainedSamples } from '../datasets/trained-samples.ts';
import { formSources } from '../recipes/form.ts';
import type { Questions } from './questions.ts';

/** One estimate for each stage of the recipe; none where its data are not imported yet, or a GPU computes. */
export async function estimateMemory(
  project: ReadableProject,
  questions: Pick<Questions, 'ask'>,
  recipe: Recipe,
): Promise<MemoryEstimate[]> {
  const question = questionFor(project, recipe);
  if (!question) return [];
  const needs = await questions.ask('estimate', question);
  const free = freeBytes(project);
  return needs.map((need) => judgeMemory(need, free));
}

/** What a run that starts later may take: a run that trains now will have given its memory back. */
function freeBytes(project: ReadableProject): number {
  const running = listRuns(project).filter(({ status }) => status === 'running');
  const taken = running.map(({ environment }) => environment?.memoryEstimateMiB ?? 0);
  return freeMemory(taken.reduce((sum, mebibytes) => sum + mebibytes * 2 ** 20, 0));
}

function questionFor(project: ReadableProject, recipe: Recipe): Question<'estimate'> | null {
  const { data, pretext, finetune, fromCheckpoint, encoder, device } = recipe;
  const datasetOf = (name: string) => findDataset(project, name)?.dataset;
  const target = datasetOf(finetuneDatasetOf(recipe));
  const sources = [...data.pretrain, ...formSources(data)];
  if (!target || sources.some((name) => !datasetOf(name))) return null;
  const form = formOf(project, data);
  const pretrains = pretext !== undefined && fromCheckpoint === undefined;
  if (!pretrains && !finetune) return null;
  const learned = (one: Dataset) => ({
    target: one.target,
    names: one.classes.length,
    labels: finetune
      ? Math.max(...finetune.budgets.map((budget) => budgetCount(budget, labelsThere(one))))
      : 0,
  });
  const shares = finetune?.heads === 'together' && finetune.arms.some((arm) => SHARING_ARMS.includes(arm));
  const others = shares
    ? downstreamOf(recipe)
        .flatMap((name) => datasetOf(name) ?? [])
        .slice(1)
    : [];
  return {
    modality: target.modality,
    inputShape: form.shape,
    dtype: target.dtype,
    about: form.about,
    encoder,
    precision: device.precision,
    pretext: pretrains
      ? { config: pretextSchema.parse(pretext), samples: trainedSamples(project, data) }
      : null,
    finetune: finetune
      ? {
          config: finetune,
          ...learned(target),
          ...(others.length > 0 && { others: others.map((one) => ({ name: one.name, ...learned(one) })) }),
        }
      : null,
  };
}
