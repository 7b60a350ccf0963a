/** The labels that a supervised pretext task learns from: classes of the training split, and nothing else. */
import { PretextError } from '../../contract/errors.ts';
import type { DatasetSelection } from '../../contract/messages/dataset-selection.ts';
import type { Batch } from '../../data/index.ts';
import { requireLabeled } from '../samples/selection.ts';

export interface PretextLabels {
  /** Labeled training samples of every dataset: the only ones that such a task sees. */
  indices: Int32Array[];
  /** Class of each sample of a batch; classes of the same name in several datasets are one. */
  of(batch: Pick<Batch, 'indices' | 'datasetIndices'>): Int32Array;
}

/**
 * Held-out samples are never among them, whatever else a run may see: their labels are what results are
 * measured with.
 *
 * @throws PretextError where a dataset has no labeled training sample, where its labels are numbers, or where
 *   all labels are of one class
 */
export function pretextLabels(datasets: readonly DatasetSelection[]): PretextLabels {
  for (const dataset of datasets) requireClasses(dataset);
  const indices = datasets.map((dataset) => requireLabeled(dataset, 'train'));
  const names = [...new Set(datasets.flatMap(({ classNames }) => classNames))];
  const common = datasets.map(({ classNames }) => classNames.map((name) => names.indexOf(name)));
  const classOf = (dataset: number, sample: number) =>
    common[dataset]![datasets[dataset]!.classIds[sample]!]!;
  requireTwoClasses(new Set(indices.flatMap((list, place) => Array.from(list, (i) => classOf(place, i)))));
  return {
    indices,
    of: (batch) => batch.indices.map((sample, place) => classOf(batch.datasetIndices[place]!, sample)),
  };
}

function requireClasses({ name, classIds, numbers }: DatasetSelection): void {
  if (classIds.length > 0 || numbers.length === 0) return;
  throw new PretextError({
    code: 'pretext.needs-classes',
    message: `This pretext task learns from classes, but the labels of ${name} are numbers.`,
    place: name,
    remedy: 'Choose a pretext task that needs no labels.',
  });
}

function requireTwoClasses(found: ReadonlySet<number>): void {
  if (found.size > 1) return;
  throw new PretextError({
    code: 'pretext.one-class',
    message: 'This pretext task tells classes apart, but all labeled training samples are of one class.',
    place: 'data.pretrain',
    remedy: 'Label samples of a second class, or choose a pretext task that needs no labels.',
  });
}
