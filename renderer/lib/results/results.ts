/** Picks and sums rows of a result document for the charts and tables of the comparison page. */
import { isShare, type MetricName } from '../../../src/contract/metric.ts';
import type { Arm } from '../../../src/contract/recipe.ts';
import type { ResultRow, StudyResult, SummaryRow } from '../../../src/contract/result.ts';
import { sameBudget } from '../forms/finetune-plan.ts';

export type ArmSummary = NonNullable<SummaryRow['arms'][Arm]>;

export const ARM_ORDER: readonly Arm[] = ['pretrained', 'baseline', 'frozen', 'linear-probe', 'knn-probe'];

export function rowsOf(result: StudyResult, row: SummaryRow, arm?: Arm): ResultRow[] {
  return result.results.filter(
    (candidate) =>
      candidate.dataset === row.dataset &&
      candidate.labels === row.labels &&
      sameBudget(candidate.budget, row.budget) &&
      (candidate.labelsPerClass ?? null) === (row.labelsPerClass ?? null) &&
      (arm === undefined || candidate.arm === arm),
  );
}

export function armsOf(row: SummaryRow): Arm[] {
  return ARM_ORDER.filter((arm) => row.arms[arm] !== undefined);
}

/** Half of the 95 % interval of a mean; Student's t with n − 1 degrees of freedom. */
export function halfInterval(sd: number, n: number): number {
  if (n < 2) return 0;
  return (studentT975(n - 1) * sd) / Math.sqrt(n);
}

/** The 95 % interval of an arm's mean; scores that are shares cannot leave 0 to 1. */
export function meanInterval(summary: ArmSummary, metric: MetricName): [number, number] {
  const half = halfInterval(summary.sd, summary.n);
  const low = summary.mean - half;
  const high = summary.mean + half;
  return isShare(metric) ? [Math.max(0, low), Math.min(1, high)] : [low, high];
}

/** The 0.975 quantile of Student's t for small whole degrees of freedom, then Cornish and Fisher's expansion. */
export function studentT975(degrees: number): number {
  const known = [12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.306, 2.2622, 2.2281];
  const exact = known[degrees - 1];
  if (exact !== undefined) return exact;
  const z = 1.959964;
  const first = (z ** 3 + z) / 4;
  const second = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96;
  const third = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384;
  return z + first / degrees + second / degrees ** 2 + third / degrees ** 3;
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

/** Mean train and test score of an arm: the two ends of its overfit gap. */
export function trainAndTest(rows: readonly ResultRow[]): { train: number; test: number } | null {
  if (rows.length === 0) return null;
  return { train: mean(rows.map((row) => row.train)), test: mean(rows.map((row) => row.test)) };
}
