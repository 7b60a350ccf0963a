/** What putting datasets together bought: the pairs of arms that say it, and one sentence for all of them. */
import type { Arm } from '../recipe/arms.ts';
import { budgetTitle } from '../words.ts';
import { differenceWords, intervalWords } from './answer.ts';
import type { Difference, StudyResult, SummaryRow } from './result.ts';

/** One paired difference of the figure. */
export interface TogetherRow {
  dataset: string;
  labels: string;
  /** What is compared with what, in words. */
  pair: string;
  difference: Difference;
  row: SummaryRow;
}

const PAIRS: [Arm, Arm, string][] = [
  ['pretrained', 'pretrained-own', 'all together, beside own data alone'],
  ['pretrained', 'pretrained-others', 'all together, beside all but own'],
  ['pretrained', 'baseline', 'all together, beside no pretraining'],
  ['pretrained-own', 'baseline', 'own data alone, beside no pretraining'],
  ['pretrained-others', 'baseline', 'all but own, beside no pretraining'],
];

/** Every pair at every budget of every dataset; empty where a study compares nothing of the kind. */
export function togetherRows({ summary }: Pick<StudyResult, 'summary'>): TogetherRow[] {
  if (!summary.some(({ differences }) => differences?.length)) return [];
  return summary.flatMap((row) => {
    const found = [...(row.difference ? [row.difference] : []), ...(row.differences ?? [])];
    return PAIRS.flatMap(([one, other, pair]) => {
      const difference = found.find(({ of }) => of[0] === one && of[1] === other);
      return difference ? [{ dataset: row.dataset, labels: budgetTitle(row), pair, difference, row }] : [];
    });
  });
}

type Outcome = 'paid' | 'cost' | 'open';

function outcomeOf({ low, high }: Difference): Outcome {
  if (low === high) return 'open';
  return low > 0 ? 'paid' : high < 0 ? 'cost' : 'open';
}

/**
 * Whether putting together paid, and for whom: each dataset by the difference to pretraining on its own data alone,
 * with its interval. Null where nothing was compared with that.
 */
export function togetherSentence(result: Pick<StudyResult, 'summary'>): string | null {
  const rows = togetherRows(result).filter(({ difference }) => difference.of[1] === 'pretrained-own');
  if (rows.length === 0) return null;
  const outcomes = rows.map(({ difference }) => outcomeOf(difference));
  const told = [...new Set(rows.map(({ dataset }) => dataset))].map((dataset) => {
    const own = rows.filter((one) => one.dataset === dataset);
    const parts = own.map(({ row, labels, difference }) => {
      const sign = difference.mean < 0 ? '−' : '+';
      return `${sign}${differenceWords(row, difference.mean)} at ${labels} (${intervalWords(row, difference.low, difference.high)})`;
    });
    return `${dataset}: ${parts.join(', ')}`;
  });
  return `${headline(rows, outcomes)} Beside pretraining on its own data alone, ${told.join('; ')}.`;
}

function headline(rows: readonly TogetherRow[], outcomes: readonly Outcome[]): string {
  const of = (wanted: Outcome) => [
    ...new Set(rows.filter((_, at) => outcomes[at] === wanted).map(({ dataset }) => dataset)),
  ];
  const [paid, cost] = [of('paid'), of('cost')];
  if (paid.length === 0 && cost.length === 0)
    return 'Whether putting the datasets together pays could not be told for any of them.';
  const parts = [
    ...(paid.length > 0 ? [`paid for ${paid.join(' and ')}`] : []),
    ...(cost.length > 0 ? [`cost ${cost.join(' and ')}`] : []),
  ];
  const neither = [...new Set(rows.map(({ dataset }) => dataset))].filter(
    (dataset) => !paid.includes(dataset) && !cost.includes(dataset),
  );
  const rest = neither.length > 0 ? `; for ${neither.join(' and ')} it could not be told` : '';
  return `Putting the datasets together ${parts.join(' and ')}${rest}.`;
}
