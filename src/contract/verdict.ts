/** What a difference says: the same in the window, on the command line and in documents. */
import type { SummaryRow } from './result.ts';

export type Verdict = 'better' | 'same' | 'worse' | 'unknown';

/**
 * Whether pretraining helps, by the 95 % interval of how much better it is. An interval of no width says that
 * the spread is not known, and so nothing: two seeds that happen to agree prove nothing.
 */
export function verdictOf({ difference }: Pick<SummaryRow, 'difference'>): Verdict {
  if (!difference || difference.of[0] !== 'pretrained' || difference.of[1] !== 'baseline') return 'unknown';
  const { low, high } = difference;
  if (low === high) return 'unknown';
  if (low > 0) return 'better';
  return high < 0 ? 'worse' : 'same';
}
