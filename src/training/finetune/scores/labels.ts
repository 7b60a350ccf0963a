/** The labels that a seed may train on, the same for every arm. */
import { answersNames, isSeveral } from '../../../contract/data/target.ts';
import type { TargetScale } from '../../../contract/model/model.ts';
import type { DatasetSelection } from '../../../contract/messages/dataset-selection.ts';
import { defaultMetric } from '../../../contract/results/metric.ts';
import type { FinalMaking } from '../../../contract/model/making.ts';
import type { FinetuneInputs } from '../../inputs.ts';
import { balancedClassWeights } from '../../../learning/downstream/model.ts';
import { selectLabels, selectNumbers, selectSeveral } from '../../../learning/downstream/labels.ts';
import { ofMeanOne } from '../../../learning/evaluation/probes/features.ts';
import { requireLabeled, sampleWeights, targetsAtAll } from '../../samples/selection.ts';

export interface LabelDraw {
  /** Samples of the dataset, ascending. */
  indices: Int32Array;
  /** Class ids or numbers of those samples; of several targets row-major [samples, width], 0 where one is unknown. */
  targets: Int32Array | Float32Array;
  /** Weight of each of those targets in the loss, 0 where it is unknown. */
  weights: Float32Array;
  /** Targets of a sample. */
  width: number;
}

/** What a run would be on each of the datasets whose heads it trains beside: as many labels, by the same seeds. */
export const otherJobs = ({ others = [], model: _model, ...job }: FinetuneInputs): FinetuneInputs[] =>
  others.map((other) => ({ ...job, ...other, metric: job.finetune.metric ?? defaultMetric(other.target) }));

/** Names of the other datasets that the run measures too; from the rest the encoder learns, and no more. */
export const measuredOthers = ({ others = [] }: Pick<FinetuneInputs, 'others'>): string[] =>
  others.filter(({ model }) => model !== undefined).map(({ dataset }) => dataset.name);

/** Targets of samples that count differently do so in the loss too. */
export function drawLabels(job: FinetuneInputs, seed: number): LabelDraw {
  const drawn = drawAlike(job, seed);
  const counts = sampleWeights(job.dataset, drawn.indices);
  if (!counts) return drawn;
  const scaled = ofMeanOne(counts);
  return {
    ...drawn,
    weights: drawn.weights.map((weight, at) => weight * scaled[Math.floor(at / drawn.width)]!),
  };
}

function drawAlike({ dataset, budget, finetune, target, making }: FinetuneInputs, seed: number): LabelDraw {
  const labeled =
    making?.kind === 'final' ? labeledOf(dataset, making.splits) : requireLabeled(dataset, 'train');
  const groups = dataset.groups ? labeled.map((index) => dataset.groups![index]!) : null;
  if (isSeveral(target)) {
    const width = dataset.classNames.length;
    const ofLabels = target === 'labels';
    const known = targetsAtAll(dataset, labeled);
    const indices = at(labeled, selectSeveral(known, width, budget, { seed, groups, ofLabels }));
    const drawn = targetsAtAll(dataset, indices);
    const balances = ofLabels && finetune.classWeights === 'balanced';
    return {
      indices,
      targets: drawn.map((value) => (Number.isNaN(value) ? 0 : value)),
      weights: weightsOfSeveral(drawn, width, balances),
      width,
    };
  }
  if (target === 'number') {
    const numbers = Float32Array.from(labeled, (index) => dataset.numbers[index]!);
    const indices = at(labeled, selectNumbers(numbers, budget, seed, groups));
    return {
      indices,
      targets: targetsOf(dataset, indices),
      weights: new Float32Array(indices.length).fill(1),
      width: 1,
    };
  }
  const ids = labeled.map((index) => dataset.classIds[index]!);
  const indices = at(labeled, selectLabels(ids, budget, seed, dataset.classNames, groups));
  const targets = targetsOf(dataset, indices);
  const byClass = balancedClassWeights(targets, dataset.classNames.length);
  // Classes that come equally often count alike already: weights would count the rare ones twice.
  const weighs = finetune.classWeights === 'balanced' && finetune.sampling !== 'balanced';
  const weights = Float32Array.from(targets, (id) => (weighs ? byClass[id]! : 1));
  return { indices, targets, weights, width: 1 };
}

const labeledOf = (dataset: DatasetSelection, splits: FinalMaking['splits']) =>
  Int32Array.from(splits.flatMap((split) => [...requireLabeled(dataset, split)])).sort();

/**
 * 1 for what is known. Balanced: of each label those that have it weigh as much in all as those that do not, and the
 * mean weight is 1.
 */
function weightsOfSeveral(targets: Float32Array, width: number, balanced: boolean): Float32Array {
  const weights = targets.map((value) => (Number.isNaN(value) ? 0 : 1));
  if (!balanced) return weights;
  for (let at = 0; at < width; at++) {
    const counts = [0, 0];
    for (let i = at; i < targets.length; i += width)
      if (weights[i] === 1) counts[targets[i]!] = (counts[targets[i]!] ?? 0) + 1;
    const [without = 0, having = 0] = counts;
    if (without === 0 || having === 0) continue;
    for (let i = at; i < targets.length; i += width)
      if (weights[i] === 1) weights[i] = (without + having) / (2 * counts[targets[i]!]!);
  }
  return weights;
}

/** Numbers as training sees them, of mean 0 and deviation 1 among a seed's labels: a scale for each. Null for others. */
export function targetScales(
  { target }: Pick<FinetuneInputs, 'target'>,
  { targets, weights, width }: LabelDraw,
): TargetScale[] | null {
  if (answersNames(target)) return null;
  return Array.from({ length: width }, (_, at) => {
    const numbers = Float64Array.from(targets).filter((_, i) => i % width === at && weights[i]! > 0);
    const mean = numbers.reduce((sum, value) => sum + value, 0) / Math.max(1, numbers.length);
    const variance =
      numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, numbers.length);
    return { mean, deviation: variance > 0 ? Math.sqrt(variance) : 1 };
  });
}

/**
 * The same among all labeled samples that seeds draw from: by these their scores are compared, whichever labels each
 * of them drew.
 */
export const scalesOfAll = (job: FinetuneInputs): TargetScale[] | null =>
  answersNames(job.target) ? null : targetScales(job, drawAlike({ ...job, budget: 'all' }, 0));

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
  if (isSeveral(target)) {
    const known = targetsAtAll(dataset, labeled);
    const ofLabels = target === 'labels';
    const budget = { total: most };
    return at(labeled, selectSeveral(known, dataset.classNames.length, budget, { seed, ofLabels }));
  }
  const ids = labeled.map((index) => dataset.classIds[index]!);
  return at(labeled, selectLabels(ids, { total: most }, seed, dataset.classNames));
}

/** Whether batches hold each class equally often; numbers and several labels have no classes to balance. */
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
