/** How much each test sample contributes to a score of several labels or numbers: see `influence.ts`. */
import type { MetricName } from '../../../contract/results/metric.ts';
import { totalWeight, weightAt, type Answers } from '../metrics/metrics.ts';
import { rankedBy, requireProbabilities } from '../metrics/probability-scores.ts';
import {
  allRight,
  areSeveral,
  countOf,
  eachOf,
  scoreOfOne,
  severalScore,
  weightsOf,
  type GivenAnswers,
  type SeveralAnswers,
} from '../metrics/several.ts';
import { bySample, influences, precisionInfluences } from './influence.ts';

/** Influence of every sample on the score, turned so that higher is better: see `influence.ts`. */
export function severalInfluences(metric: MetricName, several: SeveralAnswers): Float64Array {
  const count = countOf(several);
  const total = new Float64Array(count);
  const add = (rows: readonly number[], values: ArrayLike<number>, share: number) =>
    rows.forEach((row, i) => (total[row]! += (values[i]! * count * share) / rows.length));
  if (metric === 'all-right') {
    const right = allRight(several);
    const rows = [...right.keys()];
    const score = severalScore(metric, several);
    const away = Float64Array.from(right.values(), (value) => value - score);
    add(rows, bySample(away, weightsOf(several.weights, rows)), 1);
    return total;
  }
  const told = eachOf(several).filter(({ answers }) => scoreOfOne(metric, answers) !== null);
  for (const { rows, answers } of told) add(rows, influencesOfOne(metric, answers), 1 / told.length);
  return total;
}

/** The same of samples that have one target each, or several. */
export const influencesOf = (metric: MetricName, answers: GivenAnswers): Float64Array =>
  areSeveral(answers) ? severalInfluences(metric, answers) : influences(metric, answers);

function influencesOfOne(metric: MetricName, answers: Answers): ArrayLike<number> {
  const { weights } = answers;
  if (metric === 'macro-f1') return bySample(influencesOnF1(answers), weights);
  if (metric === 'auprc')
    return bySample(precisionInfluences(rankedBy(requireProbabilities(answers), 1)), weights);
  return influences(metric, answers);
}

/** F1 of those that have the label is 2 · hits / (truths + answers). */
function influencesOnF1({ targets, predictions, weights }: Answers): Float64Array {
  const all = totalWeight(targets.length, weights);
  const { f1, seen } = Array.from(targets).reduce<{ f1: number; seen: number }>(
    (sum, truth, i) => ({
      f1: sum.f1 + 2 * truth * predictions[i]! * weightAt(weights, i),
      seen: sum.seen + (truth + predictions[i]!) * weightAt(weights, i),
    }),
    { f1: 0, seen: 0 },
  );
  if (seen === 0) return new Float64Array(targets.length);
  const score = f1 / seen;
  return Float64Array.from(
    targets,
    (truth, i) => ((2 * truth * predictions[i]! - score * (truth + predictions[i]!)) * all) / seen,
  );
}
