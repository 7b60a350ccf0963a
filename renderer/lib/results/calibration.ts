/** Reliability over seeds, for the chart of the comparison page. */
import type { ResultRow } from '../../../src/contract/results/result.ts';

export interface ReliabilityPoint {
  /** Means over the test samples of all seeds whose confidence lies in the bin. */
  confidence: number;
  accuracy: number;
  /** Their share of all test samples. */
  share: number;
}

/** The bins of all rows put together; empty ones are left out. */
export function reliabilityPoints(
  rows: readonly ResultRow[],
  moment: 'before' | 'after',
): ReliabilityPoint[] {
  const all = rows.flatMap((row) => row.calibration?.[moment] ?? []);
  const total = all.flatMap(({ bins }) => bins).reduce((sum, { count }) => sum + count, 0);
  return (all[0]?.bins ?? []).flatMap((_, at) => {
    const bins = all.flatMap(({ bins: own }) => own[at] ?? []);
    const count = bins.reduce((sum, bin) => sum + bin.count, 0);
    if (count === 0) return [];
    const mean = (value: 'confidence' | 'accuracy') =>
      bins.reduce((sum, bin) => sum + bin.count * bin[value], 0) / count;
    return [{ confidence: mean('confidence'), accuracy: mean('accuracy'), share: count / total }];
  });
}
