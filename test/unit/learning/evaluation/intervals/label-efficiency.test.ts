import { describe, expect, it } from 'vitest';
import type { MetricName } from '../../../../../src/contract/results/metric.ts';
import type { Arm } from '../../../../../src/contract/recipe/recipe.ts';
import type { ResultRow } from '../../../../../src/contract/results/result.ts';
import {
  labelEfficiencyOf,
  labelsToReach,
  monotoneCurve,
} from '../../../../../src/learning/evaluation/intervals/label-efficiency.ts';

const BUDGETS = [10, 20, 50, 100, 200];

interface Asked {
  arm: Arm;
  /** Test score by labels and seed. */
  score: (labels: number, seed: number) => number;
  budgets?: number[];
  seeds?: number[];
  metric?: MetricName;
}

const rowsOf = ({ arm, score, budgets = BUDGETS, seeds = [1, 2, 3, 4, 5], metric = 'accuracy' }: Asked) =>
  budgets.flatMap((labels) =>
    seeds.map((seed): ResultRow => {
      const test = score(labels, seed);
      const measured = { labels, labelsPerClass: null, budget: { total: labels } };
      return { arm, dataset: 'a', ...measured, seed, metric, test, validation: test, train: 1 };
    }),
  );

const efficiencyOf = (rows: readonly ResultRow[], influences: Float64Array | null = null) =>
  labelEfficiencyOf(rows.map((row) => ({ row, influences })));

describe('a curve that never falls', () => {
  it('pools neighbours that fell, and keeps the rest', () => {
    const fitted = monotoneCurve([0.5, 0.7, 0.6, 0.65, 0.9].map((score, i) => ({ labels: i + 1, score })));
    // 0.7, 0.6 and 0.65 become their mean.
    expect(fitted.map(({ score }) => Number(score.toFixed(12)))).toEqual([0.5, 0.65, 0.65, 0.65, 0.9]);
  });

  it('takes points of one number of labels as one, in any order', () => {
    const points = [
      { labels: 20, score: 0.8 },
      { labels: 10, score: 0.4 },
      { labels: 10, score: 0.6 },
    ];
    expect(monotoneCurve(points)).toEqual([
      { labels: 10, score: 0.5 },
      { labels: 20, score: 0.8 },
    ]);
  });
});

describe('the labels that reach a score', () => {
  const curve = [
    { labels: 10, score: 0.5 },
    { labels: 40, score: 0.7 },
    { labels: 80, score: 0.7 },
    { labels: 160, score: 0.8 },
  ];
  it('lie between what was measured, by the logarithm', () => {
    expect(labelsToReach(curve, 0.6)).toEqual({ labels: 20, is: 'about' });
    expect(labelsToReach(curve, 0.75).labels).toBeCloseTo(80 * Math.SQRT2, 9);
  });
  it('are the fewest where the curve is flat', () => {
    expect(labelsToReach(curve, 0.7)).toEqual({ labels: 40, is: 'about' });
    expect(labelsToReach(curve, 0.5)).toEqual({ labels: 10, is: 'about' });
  });
  it('are not made up outside of it', () => {
    expect(labelsToReach(curve, 0.81)).toEqual({ labels: 160, is: 'more-than' });
    expect(labelsToReach(curve, 0.49)).toEqual({ labels: 10, is: 'fewer-than' });
  });
});

describe('what pretraining is worth in labels', () => {
  const fromScratch = (labels: number) => 0.3 + 0.1 * Math.log2(labels / 10);

  it('is exact where the baseline grows with the logarithm and pretraining triples the labels', () => {
    const rows = [
      ...rowsOf({ arm: 'baseline', score: fromScratch }),
      ...rowsOf({ arm: 'pretrained', score: (labels) => fromScratch(3 * labels) }),
    ];
    const found = efficiencyOf(rows)!;
    expect(found.seeds).toBe(5);
    expect(found.baseline.map(({ labels }) => labels)).toEqual(BUDGETS);
    const worth = found.points.map((point) => point.worth);
    expect(worth.map(({ is }) => is)).toEqual(['about', 'about', 'about', 'more-than', 'more-than']);
    [30, 60, 150, 200, 200].forEach((labels, i) => expect(worth[i]!.labels).toBeCloseTo(labels, 6));
    // Every seed says the same: the interval is the value.
    expect(found.points[1]!.interval!.low.labels).toBeCloseTo(60, 6);
    expect(found.points[1]!.interval!.high.labels).toBeCloseTo(60, 6);
  });

  it('carries the spread of the seeds, and says where the interval leaves the range', () => {
    const spread = [0, -0.05, 0.05, -0.02, 0.02, 0.08, -0.08, 0.01, -0.01, 0.03];
    const seeds = spread.map((_, i) => i + 1);
    const rows = [
      ...rowsOf({ arm: 'baseline', score: fromScratch, seeds }),
      ...rowsOf({ arm: 'pretrained', score: (n, seed) => fromScratch(2 * n) + spread[seed - 1]!, seeds }),
    ];
    const points = efficiencyOf(rows)!.points;
    const { worth, interval } = points[1]!;
    const mean = spread.reduce((a, b) => a + b) / spread.length;
    expect(worth.labels).toBeCloseTo(40 * 2 ** (10 * mean), 6);
    // Student's t interval of the mean of ten seeds: t(0.975, 9) = 2.262157 standard errors.
    const deviation = Math.sqrt(spread.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (spread.length - 1));
    const half = (2.262157 * deviation) / Math.sqrt(spread.length);
    expect(Math.log2(interval!.low.labels / 40) / 10).toBeCloseTo(mean - half, 2);
    expect(Math.log2(interval!.high.labels / 40) / 10).toBeCloseTo(mean + half, 2);
    expect(points[3]!.interval!.high).toEqual({ labels: 200, is: 'more-than' });
  });

  it('takes pretrainings as a whole, where there are several', () => {
    const effect = [0.1, -0.1, 0.05, -0.05, 0];
    const seeds = Array.from({ length: 10 }, (_, i) => i + 1);
    const pretraining = (seed: number) => ((seed - 1) % 5) + 1;
    const rows = [
      ...rowsOf({ arm: 'baseline', score: fromScratch, seeds }),
      ...rowsOf({
        arm: 'pretrained',
        score: (n, seed) => fromScratch(2 * n) + effect[pretraining(seed) - 1]!,
        seeds,
      }).map((row) => ({ ...row, pretraining: pretraining(row.seed) })),
    ];
    const found = efficiencyOf(rows)!;
    const { interval } = found.points[1]!;
    // Five pretrainings with two seeds each that agree: Student's t of five, t(0.975, 4) = 2.776445.
    const deviation = Math.sqrt(effect.reduce((sum, x) => sum + x ** 2, 0) / 4);
    const half = (2.776445 * deviation) / Math.sqrt(5);
    expect(Math.log2(interval!.low.labels / 40) / 10).toBeCloseTo(Math.max(-half, -0.2), 1);
    expect(found.pretrainings).toBe(5);
  });

  it('carries the spread over test samples', () => {
    const rows = [
      ...rowsOf({ arm: 'baseline', score: fromScratch }),
      ...rowsOf({ arm: 'pretrained', score: (labels) => fromScratch(2 * labels) }),
    ];
    // All models gain and lose by the same test samples: nothing changes in how they compare.
    const alike = efficiencyOf(rows, Float64Array.of(0.02, -0.01, -0.01))!.points[1]!.interval!;
    expect(alike.low.labels).toBeCloseTo(40, 6);
    expect(alike.high.labels).toBeCloseTo(40, 6);
    // Only the pretrained arm does: its worth varies by a standard deviation of 0.03 in its score.
    const influences = Float64Array.of(0.03 / Math.sqrt(3), 0, -0.03 / Math.sqrt(3));
    const none = new Float64Array(3);
    const { interval } = labelEfficiencyOf(
      rows.map((row) => ({ row, influences: row.arm === 'pretrained' ? influences : none })),
    )!.points[1]!;
    expect(Math.log2(interval!.high.labels / 40) / 10).toBeCloseTo(1.96 * 0.03, 2);
  });

  it('turns errors round: lower is better', () => {
    const metric = 'rmse' as const;
    const rows = [
      ...rowsOf({ arm: 'baseline', score: (n) => 2 - fromScratch(n), metric }),
      ...rowsOf({ arm: 'frozen', score: (n) => 2 - fromScratch(2 * n), metric }),
    ];
    const found = efficiencyOf(rows)!;
    expect(found.points[0]).toMatchObject({ arm: 'frozen', worth: { is: 'about' } });
    expect(found.points[0]!.worth.labels).toBeCloseTo(20, 6);
    expect(found.points[0]!.score).toBeCloseTo(2 - fromScratch(20), 12);
    expect(found.baseline[0]!.score).toBeCloseTo(1.7, 12);
  });

  it('has no interval below three seeds that all arms share, and is nothing without a curve', () => {
    const baseline = rowsOf({ arm: 'baseline', score: fromScratch, seeds: [1, 2] });
    const pretrained = rowsOf({ arm: 'pretrained', score: fromScratch, seeds: [1, 2] });
    expect(efficiencyOf([...baseline, ...pretrained])!.points[0]!.interval).toBeNull();
    expect(efficiencyOf(rowsOf({ arm: 'baseline', score: fromScratch, budgets: [10] }))).toBeNull();
    expect(efficiencyOf([])).toBeNull();
  });
});
