/** Which samples of a selection a run uses. */
import { PretextError } from '../../contract/errors.ts';
import { LEFT_OUT_CODE, SPLIT_CODE } from '../../contract/data/splits/split.ts';
import type { DatasetSelection } from '../../contract/messages/dataset-selection.ts';
import { randomStream, shuffled } from '../../learning/random.ts';

/** Samples that pretraining may see: the training split, labeled or not; all of them only on request. */
export function pretrainingIndices(dataset: DatasetSelection, includeHeldOut: boolean): Int32Array {
  return indicesWhere(dataset, (i) =>
    includeHeldOut ? dataset.splits[i] !== LEFT_OUT_CODE : dataset.splits[i] === SPLIT_CODE.train,
  );
}

/** All samples of a split, labeled or not. */
export function indicesOfSplit(dataset: DatasetSelection, split: keyof typeof SPLIT_CODE): Int32Array {
  return indicesWhere(dataset, (i) => dataset.splits[i] === SPLIT_CODE[split]);
}

/** All samples of several splits, in the order of the dataset. */
export const indicesOfSplits = (dataset: DatasetSelection, splits: readonly (keyof typeof SPLIT_CODE)[]) =>
  Int32Array.from(splits.flatMap((split) => [...indicesOfSplit(dataset, split)])).sort();

/** Labeled samples of a split. */
export function labeledIndices(dataset: DatasetSelection, split: keyof typeof SPLIT_CODE): Int32Array {
  const labeled = (i: number) =>
    dataset.targets
      ? targetsAt(dataset, i).some((value) => !Number.isNaN(value))
      : dataset.classIds.length > 0
        ? dataset.classIds[i]! >= 0
        : !Number.isNaN(dataset.numbers[i] ?? NaN);
  return indicesWhere(dataset, (i) => dataset.splits[i] === SPLIT_CODE[split] && labeled(i));
}

/** Several labels or numbers of one sample, NaN where one is unknown. */
export function targetsAt({ targets, classNames }: DatasetSelection, index: number): Float32Array {
  const width = classNames.length;
  return targets!.subarray(index * width, (index + 1) * width);
}

/** Row-major [indices, width]. */
export function targetsAtAll(dataset: DatasetSelection, indices: Int32Array): Float32Array {
  const width = dataset.classNames.length;
  const found = new Float32Array(indices.length * width);
  indices.forEach((index, row) => found.set(targetsAt(dataset, index), row * width));
  return found;
}

function indicesWhere(dataset: DatasetSelection, wanted: (index: number) => boolean): Int32Array {
  const found: number[] = [];
  for (let i = 0; i < dataset.offsets.length; i++) if (wanted(i)) found.push(i);
  return Int32Array.from(found);
}

/** At most `most` of the indices, drawn once for a name, in ascending order. */
export function drawnIndices(indices: Int32Array, most: number, name: string): Int32Array {
  if (indices.length <= most) return indices;
  return Int32Array.from(shuffled([...indices], randomStream(0, name)).slice(0, most)).sort();
}

/** Fails where a split that is needed has no labeled samples. */
export function requireLabeled(dataset: DatasetSelection, split: keyof typeof SPLIT_CODE): Int32Array {
  const indices = labeledIndices(dataset, split);
  if (indices.length > 0) return indices;
  throw new PretextError({
    code: 'dataset.no-labels',
    message: `The ${split} split of ${dataset.name} has no labeled sample.`,
    place: dataset.name,
    remedy: `Import labels for it, or choose another split rule so that ${split} holds labeled samples.`,
  });
}

/** How much each of some samples counts; undefined where all count alike. */
export const sampleWeights = (
  { weights }: Pick<DatasetSelection, 'weights'>,
  indices: ArrayLike<number>,
): Float64Array | undefined => weights && Float64Array.from(indices, (index) => weights[index]!);
