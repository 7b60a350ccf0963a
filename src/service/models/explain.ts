/** Why a model of the project answers as it does for one sample. */
import { togetherSteps } from '../../contract/data/harmonise-step.ts';
import type { Explanation, ExplainedSample } from '../../contract/model/explanation.ts';
import type { Question } from '../../contract/messages/questions.ts';
import type { Model } from '../../contract/model/model.ts';
import { getDataset, listDatasets, type ReadableProject } from '../../project/index.ts';
import { PretextError } from '../../contract/errors.ts';
import { selectDataset, selectFew } from '../datasets/selection.ts';
import type { Questions } from '../trainers/questions.ts';
import { findAnswering } from './kept.ts';
import { requireAbsolute } from './place.ts';

interface ExplainWishes {
  /** Id or name. */
  model: string;
  /** The dataset whose head is meant; needed where the model has several. */
  head?: string | undefined;
  from: ExplainedSample;
  target?: number | undefined;
  /** A folder for files. */
  to?: string | undefined;
  overwrite: boolean;
}

export async function explain(
  project: ReadableProject,
  questions: Pick<Questions, 'ask'>,
  wishes: ExplainWishes,
  signal: AbortSignal | undefined,
): Promise<Explanation> {
  const { head, from, target = null, to, overwrite } = wishes;
  const { model, folder } = findAnswering(project, wishes.model, head);
  const asked = {
    model: folder,
    head,
    target,
    ...(to !== undefined &&
      (await filesWanted(project, model, { folder: to, overwrite, source: wordsOf(project, from) }))),
  };
  const options = signal ? { signal } : {};
  if (from.kind === 'file') return questions.ask('explain', { ...asked, from }, options);
  const stored = getDataset(project, from.datasetId);
  const byRecording = model.preparation.scaledByRecording === true;
  const dataset = await selectFew(project, stored, [from.sample], byRecording);
  if (dataset.shape.join() !== model.inputShape.join() || togetherSteps(model.preparation.steps))
    throw otherShape(dataset.name);
  return questions.ask('explain', { ...asked, from: { kind: 'dataset', dataset } }, options);
}

/** Files show the nearest training samples where their dataset is still in the project. */
async function filesWanted(
  project: ReadableProject,
  model: Model,
  output: NonNullable<Question<'explain'>['output']>,
) {
  requireAbsolute(output.folder);
  const stored = listDatasets(project).find(({ id }) => id === model.trainedOn.datasetId);
  const training =
    stored &&
    (await selectDataset(project, getDataset(project, stored.id), model.inputShape, {
      steps: togetherSteps(model.preparation.steps) ?? undefined,
      byRecording: model.preparation.scaledByRecording === true,
    }));
  return { output, ...(training && { training: training.selection }) };
}

const wordsOf = (project: ReadableProject, from: ExplainedSample): string =>
  from.kind === 'file'
    ? from.source
    : `${getDataset(project, from.datasetId).dataset.name}, sample ${from.sample + 1}`;

function otherShape(name: string): PretextError {
  return new PretextError({
    code: 'explain.other-shape',
    message: `Samples of “${name}” have another shape than the model takes; it answers them as they are brought to its own.`,
    place: name,
    remedy: 'Let the model answer the files themselves: each of those answers can be explained.',
  });
}
