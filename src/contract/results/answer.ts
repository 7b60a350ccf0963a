/** The one sentence that the comparison page opens with: honest in every direction. */
import { isShare, metricOf } from './metric.ts';
import type { SummaryRow } from './result.ts';
import { scopeWords, verdictOf, type Verdict } from './verdict.ts';
import { labelsWords } from '../words.ts';

export interface Answer {
  verdict: Verdict;
  /** The main clause. */
  headline: string;
  /** Interval, budget and overfit gap. */
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

function intervalWords(row: SummaryRow, low: number, high: number): string {
  const show = (value: number) => (isShare(row.metric) ? boundWords(value * 100) : value.toFixed(3));
  return `95 % interval ${show(low)} to ${show(high)}`.replaceAll('-', '−');
}

/** Where seen and unseen data differ less, the model overfits less. */
function gapWords(row: SummaryRow): string {
  const before = row.arms.baseline?.overfitGap;
  const after = row.arms.pretrained?.overfitGap;
  if (before === undefined || after === undefined) return '';
  const from = before.toFixed(2);
  const to = after.toFixed(2);
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
    : 'There is no paired comparison yet';
}

const whatIsMissing = ({ difference }: SummaryRow) =>
  difference && difference.low === difference.high
    ? 'It takes more seeds to say how sure that is'
    : 'It takes both arms and at least two seeds';

export function answerOf(row: SummaryRow): Answer {
  const verdict = verdictOf(row);
  const labels = labelsWords(row);
  const headline = headlineOf(row, verdict);
  if (verdict === 'unknown' || !row.difference)
    return { verdict, headline, detail: `${whatIsMissing(row)}, at ${labels}.` };
  const interval = `${intervalWords(row, row.difference.low, row.difference.high)} ${scopeWords(row.difference)}`;
  const gap = gapWords(row);
  return { verdict, headline, detail: `${interval}, at ${labels}${gap ? `; ${gap}` : ''}.` };
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
