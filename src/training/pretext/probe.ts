/** The probes during pretraining: how useful the embedding is by now, on samples that are not trained on. */
import { defaultMetric } from '../../contract/results/metric.ts';
import { PROBE_CURVES, type ProbeKind, type ProbeResamples } from '../../contract/recipe/probe.ts';
import type { DatasetSelection } from '../../contract/messages/dataset-selection.ts';
import { balancedClassWeights } from '../../learning/downstream/model.ts';
import { selectRows, type FeatureMatrix } from '../../learning/evaluation/probes/features.ts';
import { knnClasses, knnNumbers, knnShares } from '../../learning/evaluation/probes/knn-probe.ts';
import { fitClassProbe, fitNumberProbe } from '../../learning/evaluation/probes/linear-probe.ts';
import { softmaxRows } from '../../learning/evaluation/probes/logistic-regression.ts';
import { scoreOf } from '../../learning/evaluation/metrics/metrics.ts';
import { resampledGroupScores, resampledScores } from '../../learning/evaluation/intervals/resampling.ts';
import { severalScore } from '../../learning/evaluation/metrics/several.ts';
import { fitEach, knownRows, type FitOne } from '../../learning/evaluation/probes/several-fits.ts';
import type { Program } from '../../tensor/index.ts';
import { featuresOf } from '../samples/features.ts';
import { drawnIndices, labeledIndices, targetsAtAll } from '../samples/selection.ts';

const MOST_BANK_SAMPLES = 2000;
const MOST_QUERY_SAMPLES = 1000;
/** Every so manieth labeled training sample chooses the strength of the linear model's penalty. */
const CHOOSING = 5;

export interface Probed {
  /** Curve values by name: balanced accuracy, or R² for numbers. */
  values: Record<string, number>;
  resamples: ProbeResamples[];
}

/** @param resample also score on resamples, which takes longer */
export type Probe = (options: { resample: boolean }) => Promise<Probed>;

/** Samples with their features and their class ids or numbers. */
interface Known {
  features: FeatureMatrix;
  targets: ArrayLike<number>;
}

/**
 * Probes of frozen features: labeled training samples answer for labeled validation samples, as nearest
 * neighbours or by a linear model. Test samples are never touched here. Null where there is nothing to probe with.
 */
export function createProbe(
  program: Program,
  dataset: DatasetSelection,
  kinds: readonly ProbeKind[] = ['knn'],
): Probe | null {
  const bank = drawnIndices(labeledIndices(dataset, 'train'), MOST_BANK_SAMPLES, 'probe-bank');
  const queries = drawnIndices(labeledIndices(dataset, 'validation'), MOST_QUERY_SAMPLES, 'probe-queries');
  if (bank.length === 0 || queries.length === 0) return null;
  const known = async (indices: Int32Array): Promise<Known> => ({
    features: await featuresOf(program, dataset, indices),
    targets: targetsOf(dataset, indices),
  });
  return async ({ resample }) => {
    const from = await known(bank);
    const asked = await known(queries);
    const found: Probed = { values: {}, resamples: [] };
    for (const probe of kinds) {
      const answers = answersOf(probe, dataset, from, asked.features);
      found.values[PROBE_CURVES[probe]] = probeScore(dataset, asked.targets, answers);
      if (resample)
        found.resamples.push({ probe, scores: resampled(dataset, queries, asked.targets, answers) });
    }
    return found;
  };
}

const ofClasses = ({ classIds }: DatasetSelection) => classIds.length > 0;

function targetsOf(dataset: DatasetSelection, indices: Int32Array): ArrayLike<number> {
  if (dataset.targets) return targetsAtAll(dataset, indices);
  return ofClasses(dataset)
    ? indices.map((index) => dataset.classIds[index]!)
    : Float64Array.from(indices, (index) => dataset.numbers[index]!);
}

function answersOf(
  probe: ProbeKind,
  dataset: DatasetSelection,
  { features, targets }: Known,
  asked: FeatureMatrix,
): ArrayLike<number> {
  const classCount = dataset.classNames.length;
  if (dataset.several)
    return severalAnswers(probe, dataset.several, { features, targets }, asked, classCount);
  if (probe === 'knn')
    return ofClasses(dataset)
      ? knnClasses({ features, classIds: targets }, asked, classCount)
      : knnNumbers({ features, targets: Float64Array.from(targets) }, asked);
  const [fitting, choosing] = parted({ features, targets });
  if (!ofClasses(dataset)) return fitNumberProbe(fitting, choosing).predict(asked);
  const classWeights = balancedClassWeights(Int32Array.from(fitting.targets), classCount);
  return fitClassProbe(fitting, choosing, classCount, { classWeights }).predict(asked);
}

/** Row-major [asked, width]: probabilities of labels, or numbers; each by a fit to the rows where it is known. */
function severalAnswers(
  probe: ProbeKind,
  target: 'labels' | 'numbers',
  { features, targets }: Known,
  asked: FeatureMatrix,
  width: number,
): ArrayLike<number> {
  const each = knownRows(features, targets, width);
  const fit: FitOne = (known, _, classCount) => {
    if (probe === 'knn')
      return classCount === 0
        ? (rows) => knnNumbers(known, rows)
        : (rows) => knnShares({ ...known, classIds: known.targets }, rows, classCount);
    const [fitting, choosing] = parted(known);
    if (classCount === 0) return fitNumberProbe(fitting, choosing).predict;
    const classWeights = balancedClassWeights(Int32Array.from(fitting.targets), classCount);
    const linear = fitClassProbe(fitting, choosing, classCount, { classWeights });
    return (rows) => softmaxRows(linear.answer(rows), classCount);
  };
  return fitEach(each, each, target, fit)(asked);
}

/** Samples to fit a linear model to, and others to choose its penalty by: the samples asked for choose nothing. */
function parted(known: Known): [Known, Known] {
  const places = Array.from(known.targets, (_, place) => place);
  const pick = (rows: number[]): Known => ({
    features: selectRows(known.features, rows),
    targets: Float64Array.from(rows, (row) => known.targets[row]!),
  });
  if (places.length < 2 * CHOOSING) return [known, known];
  return [pick(places.filter((i) => i % CHOOSING !== 0)), pick(places.filter((i) => i % CHOOSING === 0))];
}

function probeScore(
  dataset: DatasetSelection,
  targets: ArrayLike<number>,
  predictions: ArrayLike<number>,
): number {
  const classCount = dataset.classNames.length;
  const { several: target } = dataset;
  if (target)
    return severalScore(defaultMetric(target), {
      target,
      width: classCount,
      truths: targets,
      answers: predictions,
    });
  return scoreOf(defaultMetric(ofClasses(dataset) ? 'classes' : 'number'), {
    targets,
    predictions,
    classCount,
  });
}

/** Scores on resamples of the validation samples: of whole groups where there are groups, else within each class. */
function resampled(
  dataset: DatasetSelection,
  queries: Int32Array,
  targets: ArrayLike<number>,
  answers: ArrayLike<number>,
): number[] {
  const width = dataset.several ? dataset.classNames.length : 1;
  const places = Array.from({ length: targets.length / width }, (_, place) => place);
  const strata = ofClasses(dataset)
    ? [...Map.groupBy(places, (place) => targets[place]!)].toSorted(([a], [b]) => a - b).map(([, own]) => own)
    : [places];
  const at = (list: ArrayLike<number>, chosen: Int32Array) =>
    Float64Array.from({ length: chosen.length * width }, (_, i) => {
      const place = chosen[Math.floor(i / width)]!;
      return list[place * width + (i % width)]!;
    });
  const score = (chosen: Int32Array) => probeScore(dataset, at(targets, chosen), at(answers, chosen));
  const { groups } = dataset;
  if (!groups) return resampledScores(strata, score);
  const own = Map.groupBy(places, (place) => {
    const group = groups[queries[place]!]!;
    return group < 0 ? `sample ${place}` : group;
  });
  return resampledGroupScores([...own.values()], score);
}
