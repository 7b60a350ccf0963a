/** The one sentence that the comparison page opens with: honest in every direction. */
import { isShare, metricOf } from './metric.ts';
import type { SummaryRow } from './result.ts';
import { scopeWords, verdictOf, type Verdict } from './verdict.ts';
import { formatScore, labelsWords } from '../words.ts';

export interface Answer {
  verdict: Verdict;
  /** The main clause. */
  headline: string;
  /** Interval, budget, overfit gap, and what did better without any network. */
  detail: string;
}

/** A difference in the metric's own words: points for shares, plain for R² and RMSE. */
export function differenceWords(row: SummaryRow, value: number): string {
  const size = Math.abs(value);
  if (isShare(row.metric)) return `${(size * 100).toFixed(1)} points`;
  return `${size.toFixed(3)} ${metricOf(row.metric).word}`;
}

/** One digit after the point; more where that would hide on which side of zero a bound lies. */
function boundWords(points: number): string {
  const short = points.toFixed(1);
  return Number(short) === 0 && points !== 0 ? String(Number(points.toPrecision(1))) : short;
}

export function intervalWords(row: SummaryRow, low: number, high: number): string {
  const show = (value: number) => (isShare(row.metric) ? boundWords(value * 100) : value.toFixed(3));
  return `95 % interval ${show(low)} to ${show(high)}`.replaceAll('-', '−');
}

/** Where seen and unseen data differ less, the model overfits less. */
function gapWords(row: SummaryRow): string {
  const before = row.arms.baseline?.overfitGap;
  const after = row.arms.pretrained?.overfitGap;
  if (before === undefined || after === undefined) return '';
  const [from, to] = [before, after].map((gap) => gap.toFixed(2).replace('-', '−'));
  if (from === to) return `the overfit gap stayed at ${to}`;
  return `the overfit gap ${after < before ? 'shrank' : 'grew'} from ${from} to ${to}`;
}

function headlineOf(row: SummaryRow, verdict: Verdict): string {
  const words = differenceWords(row, row.difference?.mean ?? 0);
  const error = metricOf(row.metric).better === 'lower';
  if (verdict === 'better')
    return error ? `Pretraining lowered the error by ${words}` : `Pretraining added ${words}`;
  if (verdict === 'worse')
    return error ? `Pretraining raised the error by ${words}` : `Pretraining cost ${words}`;
  if (verdict === 'same') return 'Pretraining made no measurable difference';
  return row.difference && row.difference.low === row.difference.high
    ? `All seeds gave the same difference, ${words}`
    : 'There is no paired comparison';
}

const REFERENCES = [
  ['reference-linear', 'a linear model'],
  ['reference-trees', 'boosted trees'],
] as const;

/** The best model without a network, where its mean is better than after pretraining; nothing hides behind the baseline. */
export function referenceWords({ arms, metric }: SummaryRow): string | null {
  const pretrained = arms.pretrained?.mean;
  if (pretrained === undefined) return null;
  const sign = metricOf(metric).better === 'lower' ? -1 : 1;
  const better = REFERENCES.flatMap(([arm, words]) => {
    const mean = arms[arm]?.mean;
    return mean !== undefined && sign * (mean - pretrained) > 0 ? [{ words, mean }] : [];
  }).sort((first, second) => sign * (second.mean - first.mean))[0];
  if (!better) return null;
  const scores = `${formatScore(metric, better.mean)} on average, ${formatScore(metric, pretrained)} after pretraining`;
  return `Without any network, ${better.words} did better: ${scores}.`;
}

/** A study may be without an arm for good, or not have come to it yet. */
function whatIsMissing({ difference, arms }: SummaryRow): string {
  if (difference && difference.low === difference.high) return 'It takes more seeds to say how sure that is';
  if (!arms.baseline)
    return 'It takes the same model from random weights (the baseline), of which there is no result';
  if (!arms.pretrained) return 'It takes the pretrained model, of which there is no result';
  return 'It takes at least two seeds of both arms';
}

export function answerOf(row: SummaryRow): Answer {
  const verdict = verdictOf(row);
  const labels = labelsWords(row);
  const headline = headlineOf(row, verdict);
  const reference = referenceWords(row);
  const ending = reference ? ` ${reference}` : '';
  if (verdict === 'unknown' || !row.difference)
    return { verdict, headline, detail: `${whatIsMissing(row)}, at ${labels}.${ending}` };
  const interval = `${intervalWords(row, row.difference.low, row.difference.high)} ${scopeWords(row.difference)}`;
  const gap = gapWords(row);
  return { verdict, headline, detail: `${interval}, at ${labels}${gap ? `; ${gap}` : ''}.${ending}` };
}

/** The whole sentence, for copying and for assistive technology. */
export function answerSentence(row: SummaryRow): string {
  const answer = answerOf(row);
  const mark = row.transductive ? ' Transductive: pretraining saw the test samples.' : '';
  return mark.length > 0 ? `${plainSentence(answer)}${mark}` : plainSentence(answer);
}

function plainSentence(answer: Answer): string {
  return answer.verdict === 'unknown'
    ? `${answer.headline}. ${answer.detail}`
    : `${answer.headline}, ${answer.detail}`;
}
