/**
 * What pretraining is worth in labels: with how many labels from scratch does the baseline get where an arm gets
 * with few? Read off the baseline's curve of score by labels, with an interval from a bootstrap over seeds (over folds or
 * pretrainings, with their seeds, where there are several) and over test samples.
 */
import { needsCheckpoint } from '../../../contract/recipe/arms.ts';
import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import { asGain } from '../../../contract/results/metric.ts';
import type { LabelCount, LabelEfficiency, LabelWorth, ResultRow } from '../../../contract/results/result.ts';
import { foldVariance } from './fold-interval.ts';
import { randomStream, type RandomStream } from '../../random.ts';

const RESAMPLES = 2000;
const FEWEST_SEEDS = 3;
/** 0.975 quantile of the normal distribution. */
const NORMAL_975 = 1.959964;

export interface CurvePoint {
  labels: number;
  /** Higher is better. */
  score: number;
}

/** A seed, of a fold where there are some. */
const seedOf = ({ fold, seed }: ResultRow): string => `${fold ?? ''}/${seed}`;

/** One arm at one budget: gain (higher is better) by seed. */
interface Cell extends Pick<ResultRow, 'arm' | 'labels' | 'labelsPerClass'> {
  budget: NonNullable<ResultRow['budget']>;
  bySeed: Map<string, number>;
  /** What blocks of test samples contribute to its mean; null where that is not known. */
  influences: Float64Array | null;
}

/** A result with what test samples contributed to it, where that is known. */
export interface Measured {
  row: ResultRow;
  influences: Float64Array | null;
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
export function labelEfficiencyOf(measured: readonly Measured[]): LabelEfficiency | null {
  const metric = measured[0]?.row.metric;
  if (!metric) return null;
  const cells = cellsOf(measured);
  const baseline = cells.filter(({ arm }) => arm === 'baseline');
  if (new Set(baseline.map(({ labels }) => labels)).size < 2) return null;
  const means = baseline.map((cell) => ({ labels: cell.labels, score: meanOf(cell) }));
  const curve = monotoneCurve(means);
  const seeds = commonSeeds(baseline);
  const units = unitsOf(seeds, measured);
  const folds = measured.some(({ row }) => row.fold !== undefined);
  const { stream, draws } = resamples(units.length);
  const noiseOf = sampleNoise(cells, stream);
  const resampled = draws.map((draw) => {
    const widened = widenedMean(units, draw.map((place) => units[place]!).flat(), folds);
    const noise = noiseOf();
    const meanIn = (cell: Cell) => widened(cell) + (noise.get(cell) ?? 0);
    const drawn = baseline.map((cell) => ({ labels: cell.labels, score: meanIn(cell) }));
    return { meanIn, curve: monotoneCurve(drawn) };
  });
  const points = cells
    .filter(({ arm }) => needsCheckpoint(arm))
    .map((cell): LabelWorth => {
      const { arm, labels, labelsPerClass, budget, bySeed } = cell;
      const score = meanOf(cell);
      const paired = units.length >= FEWEST_SEEDS && seeds.every((seed) => bySeed.has(seed));
      const worths = paired ? resampled.map((one) => labelsToReach(one.curve, one.meanIn(cell))) : [];
      return {
        arm,
        labels,
        labelsPerClass,
        budget,
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
        mean(means.filter((point) => point.labels === labels).map((point) => point.score)),
      ),
      monotone: asGain(metric, score),
    })),
    seeds: seeds.length,
    ...(folds ? { folds: units.length } : units.length < seeds.length && { pretrainings: units.length }),
    points,
  };
}

function cellsOf(measured: readonly Measured[]): Cell[] {
  const groups = Map.groupBy(measured, ({ row }) => JSON.stringify([row.arm, row.budget ?? row.labels]));
  const cells = [...groups.values()].map((group): Cell => {
    const { arm, labelsPerClass, budget } = group[0]!.row;
    // Whole groups come to other counts with each seed.
    const labels = Math.round(mean(group.map(({ row }) => row.labels)));
    return {
      arm,
      labels,
      labelsPerClass,
      budget: budget ?? { total: labels },
      bySeed: new Map(group.map(({ row }) => [seedOf(row), asGain(row.metric, row.test)])),
      influences: meanInfluences(group),
    };
  });
  return cells.toSorted((a, b) => a.labels - b.labels);
}

function meanInfluences(group: readonly Measured[]): Float64Array | null {
  const blocks = group[0]!.influences?.length;
  if (blocks === undefined || group.some(({ influences }) => influences?.length !== blocks)) return null;
  return Float64Array.from({ length: blocks }, (_, block) =>
    mean(group.map(({ influences }) => influences![block]!)),
  );
}

/** Seeds that every one of the cells has. */
function commonSeeds(cells: readonly Cell[]): string[] {
  return [...(cells[0]?.bySeed.keys() ?? [])].filter((seed) => cells.every(({ bySeed }) => bySeed.has(seed)));
}

/** What is drawn anew as one: each seed, or the seeds of each fold, or of each pretraining where there are several. */
function unitsOf(seeds: readonly string[], measured: readonly Measured[]): string[][] {
  const found = new Map(
    measured.flatMap(({ row }) => {
      const unit = row.fold ?? row.pretraining;
      return unit ? [[seedOf(row), unit]] : [];
    }),
  );
  const units = [...Map.groupBy(seeds, (seed) => found.get(seed) ?? 0).values()];
  return units.length > 1 ? units : seeds.map((seed) => [seed]);
}

/** Draws of units with replacement, the same whenever they are made. */
function resamples(units: number): { stream: RandomStream; draws: number[][] } {
  const stream = randomStream(0, 'label-efficiency');
  const count = units < FEWEST_SEEDS ? 0 : RESAMPLES;
  const draws = Array.from({ length: count }, () =>
    Array.from({ length: units }, () => stream.integer(units)),
  );
  return { stream, draws };
}

/**
 * The mean of a cell over drawn seeds, its distance from the mean over all of them widened: resampling so few
 * units shows too little of their spread. With this factor the interval of a mean is that of Student's t.
 */
function widenedMean(units: readonly string[][], drawn: readonly string[], folds: boolean) {
  const n = units.length;
  const seeds = units.flat();
  // Folds train on nearly the same groups (fold-interval.ts).
  const alike = folds ? Math.sqrt(n * foldVariance(n)) : 1;
  const factor = (tQuantile(0.975, n - 1) / NORMAL_975) * Math.sqrt(n / (n - 1)) * alike;
  return ({ bySeed }: Cell): number => {
    const whole = mean(seeds.map((seed) => bySeed.get(seed)!));
    return whole + factor * (mean(drawn.map((seed) => bySeed.get(seed)!)) - whole);
  };
}

/**
 * Draws of what other test samples would add to the means of all cells, which are tested on the same ones: normal
 * numbers with the covariance that the influences give. None where influences are not known.
 */
function sampleNoise(cells: readonly Cell[], stream: RandomStream): () => ReadonlyMap<Cell, number> {
  const blocks = cells[0]!.influences?.length ?? 0;
  const known = blocks > 1 && cells.every(({ influences }) => influences?.length === blocks);
  if (!known) return () => new Map();
  const small = blocks / (blocks - 1);
  const covariance = cells.map((one) =>
    cells.map((other) => small * one.influences!.reduce((sum, v, i) => sum + v * other.influences![i]!, 0)),
  );
  const root = choleskyRoot(covariance);
  return () => {
    const normals = cells.map(() => stream.normal());
    return new Map(
      cells.map((cell, i) => [cell, root[i]!.reduce((sum, value, j) => sum + value * normals[j]!, 0)]),
    );
  };
}

/** The lower triangle whose product with its transpose is a covariance; directions without variance stay 0. */
function choleskyRoot(covariance: readonly number[][]): number[][] {
  const root = covariance.map((row) => row.map(() => 0));
  for (const [i, row] of covariance.entries())
    for (let j = 0; j <= i; j++) {
      let rest = row[j]!;
      for (let k = 0; k < j; k++) rest -= root[i]![k]! * root[j]![k]!;
      const pivot = root[j]![j]!;
      if (i === j) root[i]![i] = rest > 1e-12 * row[i]! ? Math.sqrt(rest) : 0;
      else root[i]![j] = pivot === 0 ? 0 : rest / pivot;
    }
  return root;
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
