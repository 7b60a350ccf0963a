/**
 * How much each test sample contributes to a score: its influence (Hampel 1974), by which the infinitesimal jackknife
 * knows how a score would vary with other test samples. Pure numbers.
 */
import { asGain, type MetricName } from '../../contract/results/metric.ts';
import { classScores, confusionMatrix, regressionScores, type Answers } from './metrics.ts';

/** More blocks say no more about a variance: so many are sure of it to about a twentieth. */
const MOST_BLOCKS = 1000;

/**
 * By metric, the derivative of the score by the weight of each sample, weights adding up to 1; their sum is 0.
 * Class by class or sample by sample these follow from the definitions in `metrics.ts`.
 */
const FUNCTIONS: Record<MetricName, (answers: Answers) => Float64Array> = {
  accuracy({ targets, predictions }) {
    const right = Float64Array.from(targets, (target, i) => (target === predictions[i] ? 1 : 0));
    const share = mean(right);
    return right.map((value) => value - share);
  },
  'balanced-accuracy'({ targets, predictions, classCount }) {
    const scores = classScores(confusionMatrix(targets, predictions, classCount));
    const classes = scores.filter(({ support }) => support > 0).length;
    return Float64Array.from(targets, (target, i) => {
      const { support, recall } = scores[target]!;
      return (((target === predictions[i] ? 1 : 0) - recall) * targets.length) / (classes * support);
    });
  },
  'macro-f1'({ targets, predictions, classCount }) {
    const confusion = confusionMatrix(targets, predictions, classCount);
    const scores = classScores(confusion).map(({ support, f1 }, id) => ({
      f1,
      seen: support + confusion.reduce((sum, row) => sum + row[id]!, 0),
    }));
    const classes = scores.filter(({ seen }) => seen > 0).length;
    return Float64Array.from(targets, (target, i) => {
      const predicted = predictions[i]!;
      // F1 of a class is 2 · hits / (truths + predictions): its derivative by one more of either, or of both.
      const slope = (id: number) => -scores[id]!.f1 / scores[id]!.seen;
      const hit = target === predicted ? 2 / scores[target]!.seen : 0;
      return ((hit + slope(target) + slope(predicted)) * targets.length) / classes;
    });
  },
  rmse({ targets, predictions }) {
    const { rmse } = regressionScores(targets, predictions);
    if (rmse === 0) return new Float64Array(targets.length);
    return Float64Array.from(
      targets,
      (target, i) => ((target - predictions[i]!) ** 2 - rmse ** 2) / (2 * rmse),
    );
  },
  r2({ targets, predictions }) {
    const { r2 } = regressionScores(targets, predictions);
    const center = mean(targets);
    const total = mean(Float64Array.from(targets, (target) => (target - center) ** 2));
    if (total === 0) return new Float64Array(targets.length);
    return Float64Array.from(
      targets,
      (target, i) => ((1 - r2) * (target - center) ** 2 - (target - predictions[i]!) ** 2) / total,
    );
  },
};

/** Influence of every sample on the score, turned so that higher is better. */
export function influences(metric: MetricName, answers: Answers): Float64Array {
  return FUNCTIONS[metric](answers).map((value) => asGain(metric, value) + 0);
}

/**
 * Sums of influences by blocks of samples, over the number of samples: what each block contributes to the score.
 *
 * Samples of one group stand in one block. Beyond a thousand groups, several share one, dealt out in turn after
 * shuffling by a hash: the same samples and groups give the same blocks for every model.
 *
 * @param groups the group of each sample, -1 where it stands for itself; null where there are no groups
 */
export function blockSums(values: ArrayLike<number>, groups: ArrayLike<number> | null): Float64Array {
  const blocks = new Map<string, number>();
  const sums: number[] = [];
  const keys = Array.from(values, (_, i) => (groups && groups[i]! >= 0 ? `g${groups[i]}` : `s${i}`));
  const found = [...new Set(keys)];
  const order =
    found.length <= MOST_BLOCKS ? found : found.toSorted((a, b) => hash(a) - hash(b) || (a < b ? -1 : 1));
  order.forEach((key, place) => blocks.set(key, place % MOST_BLOCKS));
  keys.forEach((key, i) => {
    const block = blocks.get(key)!;
    sums[block] = (sums[block] ?? 0) + values[i]! / values.length;
  });
  return Float64Array.from(sums);
}

/** FNV-1a: spreads neighbours, and is the same everywhere. */
function hash(text: string): number {
  let state = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) state = Math.imul(state ^ text.charCodeAt(i), 0x01000193);
  return state >>> 0;
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}
