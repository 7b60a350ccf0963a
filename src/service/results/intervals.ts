/** The intervals of an arm's mean, and of the difference of two arms. */
import { asGain, differenceWithinRange, withinRange } from '../../contract/results/metric.ts';
import type { Difference, ResultRow } from '../../contract/results/result.ts';
import { meanInterval } from '../../learning/evaluation/intervals/uncertainty.ts';
import { COMPARED } from './fairness.ts';

export type Scored = Pick<ResultRow, 'seed' | 'metric' | 'test' | 'pretraining' | 'fold'>;

/** One seed's score, with what test samples contributed to it where that is known. */
export interface Measurement<Row extends Scored = Scored> {
  row: Row;
  influences: Float64Array | null;
}

const gainOf = ({ metric, test }: Scored) => asGain(metric, test);

/** What `meanInterval` takes. */
export const unitOf = ({ row, influences }: Measurement) => ({
  value: gainOf(row),
  pretraining: row.pretraining ?? null,
  fold: row.fold,
  influences,
});

/** What both arms did alike, but for their weights: the same labels, in the same fold. */
const pairOf = ({ row: { fold, seed } }: Measurement) => `${fold ?? ''}/${seed}`;

/** Two ends of gains as two ends of scores, as far as scores can be. */
export function scoreEnds(metric: Scored['metric'], { low, high }: { low: number; high: number }) {
  const [least, most] = [asGain(metric, low), asGain(metric, high)].toSorted((a, b) => a - b);
  return withinRange(metric, { low: least!, high: most! });
}

export function armInterval(measured: readonly Measurement[]): { low: number; high: number } | null {
  const found = meanInterval(measured.map(unitOf));
  return found && scoreEnds(measured[0]!.row.metric, found);
}

/** How much better one arm is than another, pretrained than baseline unless others are named, over the seeds (of each fold) that both have: positive is better. */
export function differenceOf(
  pretrained: readonly Measurement[],
  baseline: readonly Measurement[],
  interval: (units: Parameters<typeof meanInterval>[0]) => Omit<Difference, 'of'> | null = meanInterval,
  of: Difference['of'] = COMPARED,
): Difference | null {
  const others = new Map(baseline.map((one) => [pairOf(one), one]));
  const pairs = pretrained.flatMap((one) => {
    const other = others.get(pairOf(one));
    if (!other) return [];
    return [
      {
        value: gainOf(one.row) - gainOf(other.row),
        pretraining: one.row.pretraining ?? null,
        fold: one.row.fold,
        influences: lessOf(one.influences, other.influences),
      },
    ];
  });
  const found = interval(pairs);
  const [first] = pretrained;
  return found && { of, seeds: pairs.length, ...differenceWithinRange(first!.row.metric, found) };
}

/** Both arms answered the same test samples, so what they have in common cancels out. */
function lessOf(first: Float64Array | null, second: Float64Array | null): Float64Array | null {
  if (!first || first.length !== second?.length) return null;
  return first.map((value, block) => value - second[block]!);
}
