/** Why a model of the project answers as it does for one sample. */
import type { Explanation, ExplainedSample } from '../../contract/model/explanation.ts';
import { getDataset, type ReadableProject } from '../../project/index.ts';
import { PretextError } from '../../contract/errors.ts';
import { selectFew } from '../datasets/selection.ts';
import type { Questions } from '../trainers/questions.ts';
import { findKept } from './kept.ts';

export async function explain(
  project: ReadableProject,
  questions: Pick<Questions, 'ask'>,
  wishes: { model: string; from: ExplainedSample; target?: number | undefined },
  signal: AbortSignal | undefined,
): Promise<Explanation> {
  const { model, folder } = findKept(project, wishes.model);
  const { from, target = null } = wishes;
  const asked = { model: folder, target };
  const options = signal ? { signal } : {};
  if (from.kind === 'file') return questions.ask('explain', { ...asked, from }, options);
  const dataset = selectFew(project, getDataset(project, from.datasetId), [from.sample]);
  if (dataset.shape.join() !== model.inputShape.join()) throw otherShape(dataset.name);
  return questions.ask('explain', { ...asked, from: { kind: 'dataset', dataset } }, options);
}

function otherShape(name: string): PretextError {
  return new PretextError({
    code: 'explain.other-shape',
    message: `Samples of “${name}” have another shape than the model takes; it answers them as they are brought to its own.`,
    place: name,
    remedy: 'Let the model answer the files themselves: each of those answers can be explained.',
  });
}
