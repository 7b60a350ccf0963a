/** Picks and sums rows of a result document for charts and tables. */
import { withinRange, type MetricName } from './metric.ts';
import { armSchema, type Arm } from '../recipe/recipe.ts';
import type { ResultRow, StudyResult, SummaryRow } from './result.ts';
import { sameBudget } from '../recipe/label-budget.ts';

export type ArmSummary = NonNullable<SummaryRow['arms'][Arm]>;

export const ARM_ORDER: readonly Arm[] = armSchema.options;

export function rowsOf(result: StudyResult, row: SummaryRow, arm?: Arm): ResultRow[] {
  return result.results.filter(
    (candidate) =>
      candidate.dataset === row.dataset &&
      // Draws of whole groups come to other counts with each seed.
      (row.budget !== undefined || candidate.labels === row.labels) &&
      sameBudget(candidate.budget, row.budget) &&
      (candidate.labelsPerClass ?? null) === (row.labelsPerClass ?? null) &&
      (arm === undefined || candidate.arm === arm),
  );
}

export function armsOf(row: SummaryRow): Arm[] {
  return ARM_ORDER.filter((arm) => row.arms[arm] !== undefined);
}

/** The 95 % interval of an arm's mean; cut at what the metric can be. Null with one seed. */
export function meanInterval({ interval }: ArmSummary, metric: MetricName): [number, number] | null {
  if (!interval) return null;
  const { low, high } = withinRange(metric, interval);
  return [low, high];
}

/** Sums confusion matrices over seeds; all have the same classes. */
export function sumConfusion(rows: readonly ResultRow[]): number[][] | null {
  const matrices = rows.flatMap((row) => (row.confusion ? [row.confusion] : []));
  const first = matrices[0];
  if (!first) return null;
  return first.map((line, i) =>
    line.map((_, j) => matrices.reduce((sum, matrix) => sum + (matrix[i]?.[j] ?? 0), 0)),
  );
}

export interface ClassRow {
  name: string;
  support: number;
  recall: Partial<Record<Arm, number>>;
  f1: Partial<Record<Arm, number>>;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Per class, the mean over seeds for each arm. */
export function classRows(result: StudyResult, row: SummaryRow): ClassRow[] {
  const names = rowsOf(result, row).find((one) => one.perClass)?.perClass ?? [];
  return names.map(({ name, support }, index) => {
    const line: ClassRow = { name, support, recall: {}, f1: {} };
    for (const arm of armsOf(row)) {
      const of = rowsOf(result, row, arm).flatMap((one) => one.perClass?.[index] ?? []);
      if (of.length === 0) continue;
      line.recall[arm] = mean(of.map((one) => one.recall));
      line.f1[arm] = mean(of.map((one) => one.f1));
    }
    return line;
  });
}

export interface TargetRow {
  name: string;
  samples: number;
  positives?: number | undefined;
  scores: Partial<Record<Arm, number>>;
}

/** The metric that each of several labels is told by: that all are right is said of none alone. */
export const targetMetric = (metric: MetricName): MetricName =>
  metric === 'all-right' ? 'accuracy' : metric;

/** Of each of several labels or numbers the mean over seeds for each arm; empty where a sample has one. */
export function targetRows(result: StudyResult, row: SummaryRow): TargetRow[] {
  const named = rowsOf(result, row).find((one) => one.perTarget)?.perTarget ?? [];
  return named.map(({ name, samples, positives }, index) => {
    const scores: TargetRow['scores'] = {};
    for (const arm of armsOf(row)) {
      const own = rowsOf(result, row, arm).flatMap(
        (one) => one.perTarget?.[index]?.scores[targetMetric(row.metric)] ?? [],
      );
      if (own.length > 0) scores[arm] = mean(own);
    }
    return { name, samples, positives, scores };
  });
}

/** Mean train and test score of an arm: the two ends of its overfit gap. */
export function trainAndTest(rows: readonly ResultRow[]): { train: number; test: number } | null {
  if (rows.length === 0) return null;
  return { train: mean(rows.map((row) => row.train)), test: mean(rows.map((row) => row.test)) };
}
