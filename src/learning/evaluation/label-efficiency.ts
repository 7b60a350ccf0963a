/**
 * What pretraining is worth in labels: with how many labels from scratch does the baseline get where an arm gets
 * with few? Read off the baseline's curve of score by labels, with an interval from a bootstrap over seeds.
 */
import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import { asGain } from '../../contract/metric.ts';
import type { LabelCount, LabelEfficiency, LabelWorth, ResultRow } from '../../contract/result.ts';
import { randomStream } from '../random.ts';

const RESAMPLES = 2000;
const FEWEST_SEEDS = 3;
/** 0.975 quantile of the normal distribution. */
const NORMAL_975 = 1.959964;

export interface CurvePoint {
  labels: number;
  /** Higher is better. */
  score: number;
}

/** One arm at one budget: gain (higher is better) by seed. */
interface Cell extends Pick<ResultRow, 'arm' | 'labels' | 'labelsPerClass'> {
  budget: NonNullable<ResultRow['budget']>;
  bySeed: Map<number, number>;
}

/**
 * The nearest curve that never falls (pool adjacent violators; Ayer et al. 1955): where more labels scored
 * lower, neighbours are pooled to their mean. Points of equal labels become one.
 */
export function monotoneCurve(points: readonly CurvePoint[]): CurvePoint[] {
  const byLabels = Map.groupBy(points, ({ labels }) => labels);
  const inOrder = [...byLabels].toSorted(([a], [b]) => a - b);
  const pools: { labels: number[]; sum: number; count: number }[] = [];
  for (const [labels, group] of inOrder) {
    let pool = { labels: [labels], sum: mean(group.map(({ score }) => score)), count: 1 };
    for (
      let last = pools.at(-1);
      last && last.sum / last.count >= pool.sum / pool.count;
      last = pools.at(-1)
    ) {
      pools.pop();
      const { sum, count } = pool;
      pool = { labels: [...last.labels, ...pool.labels], sum: last.sum + sum, count: last.count + count };
    }
    pools.push(pool);
  }
  return pools.flatMap(({ labels, sum, count }) =>
    labels.map((one) => ({ labels: one, score: sum / count })),
  );
}

/**
 * The fewest labels with which a monotone curve reaches a score, interpolated in the logarithm of the labels.
 * Outside of what was measured it says so and gives the end of the range.
 */
export function labelsToReach(curve: readonly CurvePoint[], score: number): LabelCount {
  const first = curve[0]!;
  const last = curve.at(-1)!;
  if (score < first.score) return { labels: first.labels, is: 'fewer-than' };
  if (score > last.score) return { labels: last.labels, is: 'more-than' };
  const next = curve.findIndex((point) => point.score >= score);
  const above = curve[next]!;
  const below = curve[next - 1];
  if (!below) return { labels: above.labels, is: 'about' };
  const part = (score - below.score) / (above.score - below.score);
  return { labels: below.labels * (above.labels / below.labels) ** part, is: 'about' };
}

/** Every arm at every budget against the baseline's curve; null with fewer than two budgets of the baseline. */
export function labelEfficiencyOf(rows: readonly ResultRow[]): LabelEfficiency | null {
  const metric = rows[0]?.metric;
  if (!metric) return null;
  const cells = cellsOf(rows);
  const baseline = cells.filter(({ arm }) => arm === 'baseline');
  if (new Set(baseline.map(({ labels }) => labels)).size < 2) return null;
  const measured = baseline.map((cell) => ({ labels: cell.labels, score: meanOf(cell) }));
  const curve = monotoneCurve(measured);
  const seeds = commonSeeds(baseline);
  const resampled = resamples(seeds.length).map((draw) => {
    const meanIn = widenedMean(
      seeds,
      draw.map((place) => seeds[place]!),
    );
    const drawn = baseline.map((cell) => ({ labels: cell.labels, score: meanIn(cell) }));
    return { meanIn, curve: monotoneCurve(drawn) };
  });
  const points = cells
    .filter(({ arm }) => arm !== 'baseline')
    .map(({ bySeed, ...cell }): LabelWorth => {
      const score = mean([...bySeed.values()]);
      const paired = seeds.length >= FEWEST_SEEDS && seeds.every((seed) => bySeed.has(seed));
      const worths = paired ? resampled.map((one) => labelsToReach(one.curve, one.meanIn({ bySeed }))) : [];
      return {
        ...cell,
        score: asGain(metric, score),
        worth: labelsToReach(curve, score),
        interval: paired ? percentiles(worths) : null,
      };
    });
  return {
    baseline: curve.map(({ labels, score }) => ({
      labels,
      score: asGain(
        metric,
        mean(measured.filter((point) => point.labels === labels).map((point) => point.score)),
      ),
      monotone: asGain(metric, score),
    })),
    seeds: seeds.length,
    points,
  };
}

function cellsOf(rows: readonly ResultRow[]): Cell[] {
  const groups = Map.groupBy(rows, (row) => JSON.stringify([row.arm, row.budget ?? row.labels]));
  const cells = [...groups.values()].map((group): Cell => {
    const { arm, labels, labelsPerClass, budget = { total: labels } } = group[0]!;
    return {
      arm,
      labels,
      labelsPerClass,
      budget,
      bySeed: new Map(group.map(({ seed, metric, test }) => [seed, asGain(metric, test)])),
    };
  });
  return cells.toSorted((a, b) => a.labels - b.labels);
}

/** Seeds that every one of the cells has. */
function commonSeeds(cells: readonly Cell[]): number[] {
  return [...(cells[0]?.bySeed.keys() ?? [])].filter((seed) => cells.every(({ bySeed }) => bySeed.has(seed)));
}

/** Draws of seeds with replacement, the same whenever they are made. */
function resamples(seeds: number): number[][] {
  if (seeds < FEWEST_SEEDS) return [];
  const stream = randomStream(0, 'label-efficiency');
  return Array.from({ length: RESAMPLES }, () => Array.from({ length: seeds }, () => stream.integer(seeds)));
}

/**
 * The mean of a cell over drawn seeds, its distance from the mean over all of them widened: resampling so few
 * seeds shows too little of their spread. With this factor the interval of a mean is that of Student's t.
 */
function widenedMean(seeds: readonly number[], drawn: readonly number[]) {
  const n = seeds.length;
  const factor = (tQuantile(0.975, n - 1) / NORMAL_975) * Math.sqrt(n / (n - 1));
  return ({ bySeed }: Pick<Cell, 'bySeed'>): number => {
    const whole = mean(seeds.map((seed) => bySeed.get(seed)!));
    return whole + factor * (mean(drawn.map((seed) => bySeed.get(seed)!)) - whole);
  };
}

/** The ends of the middle 95 %; what lies outside of the range counts as farthest out. */
function percentiles(worths: readonly LabelCount[]): NonNullable<LabelWorth['interval']> {
  const place = ({ labels, is }: LabelCount) =>
    is === 'fewer-than' ? -Infinity : is === 'more-than' ? Infinity : labels;
  const inOrder = worths.toSorted((a, b) => {
    const [first, second] = [place(a), place(b)];
    return first === second ? 0 : first - second;
  });
  const at = (share: number) => inOrder[Math.min(inOrder.length - 1, Math.floor(share * inOrder.length))]!;
  return { low: at(0.025), high: at(0.975) };
}

const meanOf = ({ bySeed }: Cell) => mean([...bySeed.values()]);

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
