/**
 * How much each test sample contributes to a score: its influence (Hampel 1974), by which the infinitesimal jackknife
 * knows how a score would vary with other test samples. Pure numbers.
 */
import { asGain, type MetricName } from '../../../contract/results/metric.ts';
import {
  agreementOf,
  classScores,
  confusionMatrix,
  regressionScores,
  totalWeight,
  weightAt,
  weightedMean,
  type Answers,
} from '../metrics/metrics.ts';
import {
  areaUnderRoc,
  averagePrecision,
  brierLosses,
  logLosses,
  massesOf,
  rankableClasses,
  rankedBy,
  requireProbabilities,
  type RankedClass,
} from '../metrics/probability-scores.ts';

/** More blocks say no more about a variance: so many are sure of it to about a twentieth. */
const MOST_BLOCKS = 1000;

/**
 * By metric, the derivative of the score by the share that a sample has of all, shares adding up to 1; weighted by what
 * samples count, their sum is 0. Class by class or sample by sample these follow from the definitions in `metrics.ts`.
 */
const FUNCTIONS: Record<Exclude<MetricName, 'all-right'>, (answers: Answers) => Float64Array> = {
  accuracy({ targets, predictions, weights }) {
    return aroundMean(
      Float64Array.from(targets, (target, i) => (target === predictions[i] ? 1 : 0)),
      weights,
    );
  },
  'balanced-accuracy'({ targets, predictions, classCount, weights }) {
    const scores = classScores(confusionMatrix(targets, predictions, classCount, weights));
    const all = totalWeight(targets.length, weights);
    const classes = scores.filter(({ support }) => support > 0).length;
    return Float64Array.from(targets, (target, i) => {
      const { support, recall } = scores[target]!;
      return (((target === predictions[i] ? 1 : 0) - recall) * all) / (classes * support);
    });
  },
  'macro-f1'({ targets, predictions, classCount, weights }) {
    const confusion = confusionMatrix(targets, predictions, classCount, weights);
    const all = totalWeight(targets.length, weights);
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
      return ((hit + slope(target) + slope(predicted)) * all) / classes;
    });
  },
  rmse({ targets, predictions, weights }) {
    const { rmse } = regressionScores(targets, predictions, weights);
    if (rmse === 0) return new Float64Array(targets.length);
    return Float64Array.from(
      targets,
      (target, i) => ((target - predictions[i]!) ** 2 - rmse ** 2) / (2 * rmse),
    );
  },
  mae({ targets, predictions, weights }) {
    const errors = Float64Array.from(targets, (target, i) => Math.abs(target - predictions[i]!));
    return aroundMean(errors, weights);
  },
  kappa({ targets, predictions, classCount, weights }) {
    const { agreed, byChance, truths, answers } = agreementOf(
      confusionMatrix(targets, predictions, classCount, weights),
    );
    if (byChance === 1) return new Float64Array(targets.length);
    return Float64Array.from(targets, (target, i) => {
      const predicted = predictions[i]!;
      const more = (target === predicted ? 1 : 0) - agreed;
      const chance = answers[target]! + truths[predicted]! - 2 * byChance;
      return (more * (1 - byChance) - chance * (1 - agreed)) / (1 - byChance) ** 2;
    });
  },
  auroc: (answers) => overClasses(answers, rocInfluences),
  auprc: (answers) => overClasses(answers, precisionInfluences),
  'log-loss': (answers) => aroundMean(logLosses(requireProbabilities(answers)), answers.weights),
  brier: (answers) => aroundMean(brierLosses(requireProbabilities(answers)), answers.weights),
  r2({ targets, predictions, weights }) {
    const { r2 } = regressionScores(targets, predictions, weights);
    const center = weightedMean(targets, weights);
    const total = weightedMean(
      Float64Array.from(targets, (target) => (target - center) ** 2),
      weights,
    );
    if (total === 0) return new Float64Array(targets.length);
    return Float64Array.from(
      targets,
      (target, i) => ((1 - r2) * (target - center) ** 2 - (target - predictions[i]!) ** 2) / total,
    );
  },
};

function aroundMean(values: Float64Array, weights: ArrayLike<number> | undefined): Float64Array {
  const center = weightedMean(values, weights);
  return values.map((value) => value - center);
}

/** The mean over classes of what each sample does to the rank score of a class. */
function overClasses(answers: Answers, of: (ranked: RankedClass) => Float64Array): Float64Array {
  const known = requireProbabilities(answers);
  const classes = rankableClasses(known);
  const sums = new Float64Array(known.targets.length);
  for (const id of classes)
    of(rankedBy(known, id)).forEach((value, row) => (sums[row]! += value / classes.length));
  return sums;
}

/** Of a sample of the class: the share of others that it beats; of another: the share that beats it; less the area. */
function rocInfluences(ranked: RankedClass): Float64Array {
  const { order, ends, own, positives, negatives } = ranked;
  const area = areaUnderRoc(ranked);
  const found = new Float64Array(order.length);
  let [begin, above, othersAbove] = [0, 0, 0];
  for (const end of ends) {
    const { hits, others } = massesOf(ranked, begin, end);
    const othersBelow = negatives - othersAbove - others;
    for (let place = begin; place < end; place++) {
      const row = order[place]!;
      const share = own[row]
        ? { won: (othersBelow + others / 2) / negatives, part: positives }
        : { won: (above + hits / 2) / positives, part: negatives };
      found[row] = ((share.won - area) * (positives + negatives)) / share.part;
    }
    above += hits;
    othersAbove += others;
    begin = end;
  }
  return found;
}

/**
 * Precision at the rank of a sample of the class is TP / N there. One more sample at a higher rank or the same changes
 * it by (1 − TP / N) / N where it is of the class, by −TP / N² where it is not.
 */
export function precisionInfluences(ranked: RankedClass): Float64Array {
  const { order, ends, own, positives, negatives } = ranked;
  const found = new Float64Array(order.length);
  const groups: { begin: number; end: number; hits: number; above: number; reached: number }[] = [];
  let [begin, above, reached] = [0, 0, 0];
  for (const end of ends) {
    const { hits, others } = massesOf(ranked, begin, end);
    above += hits;
    reached += hits + others;
    groups.push({ begin, end, hits, above, reached });
    begin = end;
  }
  const score = averagePrecision(ranked);
  // From the lowest rank up: what one more sample does to all that rank as high as it or lower.
  let [ofClass, ofOthers] = [0, 0];
  for (const group of groups.toReversed()) {
    const precision = group.above / group.reached;
    ofClass += (group.hits * (1 - precision)) / group.reached;
    ofOthers -= (group.hits * precision) / group.reached;
    for (let place = group.begin; place < group.end; place++) {
      const row = order[place]!;
      const change = own[row] ? precision - score + ofClass : ofOthers;
      found[row] = (change * (positives + negatives)) / positives;
    }
  }
  return found;
}

/** Influence of every sample on the score, turned so that higher is better. */
export function influences(metric: MetricName, answers: Answers): Float64Array {
  if (metric === 'all-right') throw new Error('this metric is of several labels at once');
  return bySample(FUNCTIONS[metric](answers), answers.weights).map((value) => asGain(metric, value) + 0);
}

/** What one more of a sample does, where it counts more or less than others: it brings its share of all. */
export function bySample(influence: Float64Array, weights: ArrayLike<number> | undefined): Float64Array {
  if (!weights) return influence;
  const average = totalWeight(weights.length, weights) / weights.length;
  return influence.map((value, i) => (value * weightAt(weights, i)) / average);
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
