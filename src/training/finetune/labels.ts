/** The labels that a seed may train on, the same for every arm. */
import type { DatasetSelection } from '../../contract/messages/dataset-selection.ts';
import type { FinalMaking } from '../../contract/model/making.ts';
import type { FinetuneInputs } from '../inputs.ts';
import { balancedClassWeights } from '../../learning/downstream/model.ts';
import { selectLabels, selectNumbers } from '../../learning/downstream/labels.ts';
import { requireLabeled } from '../samples/selection.ts';

export interface LabelDraw {
  /** Samples of the dataset, ascending. */
  indices: Int32Array;
  /** Class ids or numbers of those samples. */
  targets: Int32Array | Float32Array;
  /** Weight of each of those samples in the loss. */
  weights: Float32Array;
}

export function drawLabels(
  { dataset, budget, finetune, target, making }: FinetuneInputs,
  seed: number,
): LabelDraw {
  const labeled =
    making?.kind === 'final' ? labeledOf(dataset, making.splits) : requireLabeled(dataset, 'train');
  const groups = dataset.groups ? labeled.map((index) => dataset.groups![index]!) : null;
  if (target === 'number') {
    const numbers = Float32Array.from(labeled, (index) => dataset.numbers[index]!);
    const indices = at(labeled, selectNumbers(numbers, budget, seed, groups));
    return {
      indices,
      targets: targetsOf(dataset, indices),
      weights: new Float32Array(indices.length).fill(1),
    };
  }
  const ids = labeled.map((index) => dataset.classIds[index]!);
  const indices = at(labeled, selectLabels(ids, budget, seed, dataset.classNames, groups));
  const targets = targetsOf(dataset, indices);
  const byClass = balancedClassWeights(targets, dataset.classNames.length);
  // Classes that come equally often count alike already: weights would count the rare ones twice.
  const weighs = finetune.classWeights === 'balanced' && finetune.sampling !== 'balanced';
  const weights = Float32Array.from(targets, (id) => (weighs ? byClass[id]! : 1));
  return { indices, targets, weights };
}

const labeledOf = (dataset: DatasetSelection, splits: FinalMaking['splits']) =>
  Int32Array.from(splits.flatMap((split) => [...requireLabeled(dataset, split)])).sort();

/** Numbers as training sees them: of mean 0 and deviation 1 among a seed's labels. */
export interface TargetScale {
  mean: number;
  deviation: number;
}

/** Null for classes. */
export function targetScale(
  { target }: Pick<FinetuneInputs, 'target'>,
  { targets }: LabelDraw,
): TargetScale | null {
  if (target === 'classes') return null;
  const numbers = Float64Array.from(targets);
  const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  const variance = numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0) / numbers.length;
  return { mean, deviation: variance > 0 ? Math.sqrt(variance) : 1 };
}

/**
 * Labeled validation samples that a seed may look at, the same for every arm: all, or as many as the recipe allows,
 * in the proportions of the classes.
 */
export function validationLabels({ dataset, finetune, target }: FinetuneInputs, seed: number): Int32Array {
  const labeled = requireLabeled(dataset, 'validation');
  const most = finetune.validationLabels;
  if (most === undefined || labeled.length <= most) return labeled;
  if (target === 'number') {
    const numbers = Float32Array.from(labeled, (index) => dataset.numbers[index]!);
    return at(labeled, selectNumbers(numbers, { total: most }, seed));
  }
  const ids = labeled.map((index) => dataset.classIds[index]!);
  return at(labeled, selectLabels(ids, { total: most }, seed, dataset.classNames));
}

/** Whether batches hold each class equally often; numbers have no classes to balance. */
export const balancesBatches = ({ finetune, target }: Pick<FinetuneInputs, 'finetune' | 'target'>) =>
  target === 'classes' && finetune.sampling === 'balanced';

/** Whether a fit to all labels at once weighs the classes: that is what balanced batches come to there. */
export const weighsClasses = ({ classWeights, sampling }: FinetuneInputs['finetune']) =>
  classWeights === 'balanced' || sampling === 'balanced';

const at = (indices: Int32Array, positions: number[]) =>
  Int32Array.from(positions, (position) => indices[position]!);

function targetsOf(dataset: DatasetSelection, indices: Int32Array): Int32Array | Float32Array {
  return dataset.classIds.length > 0
    ? indices.map((index) => dataset.classIds[index]!)
    : Float32Array.from(indices, (index) => dataset.numbers[index]!);
}
