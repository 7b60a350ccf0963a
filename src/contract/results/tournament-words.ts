/** What a tournament found, in sentences. */
import type { ProbeKind } from '../recipe/probe.ts';
import { defaultMetric, isShare, metricOf, type MetricName } from './metric.ts';
import type { TournamentResult } from './result.ts';

/** What the candidates are judged by. */
export const judgedBy = ({ metric }: TournamentResult): MetricName => metric ?? defaultMetric('classes');

/** A score or an end of an interval as bare text: percent of a share, the number itself of any other. */
export function bareScore(metric: MetricName, value: number): string {
  const text = isShare(metric) ? (value * 100).toFixed(1) : value.toFixed(3);
  return text.replace('-', '−');
}

/** “84.2 %”, “R² 0.842”. */
const namedScore = (metric: MetricName, value: number) =>
  isShare(metric) ? `${bareScore(metric, value)} %` : `${metricOf(metric).title} ${bareScore(metric, value)}`;

export const PROBE_WORDS: Record<ProbeKind, string> = { linear: 'linear probe', knn: 'kNN' };

type TitleOf = (candidate: string) => string;
const asItIs: TitleOf = (candidate) => candidate;

/** Whether the lead is more than the spread of the seeds, or of so many validation samples, explains. */
export function isClear(result: TournamentResult): boolean {
  const { recommendation } = result;
  if (!recommendation || recommendation.lead === null) return false;
  if (recommendation.interval) return recommendation.interval.low > 0;
  const [first, second] = result.rounds.at(-1)!.candidates;
  const errors = [first?.standardError, second?.standardError];
  if (errors.some((error) => error == null)) return false;
  return recommendation.lead > 1.96 * Math.hypot(...(errors as number[]));
}

/** "SimCLR is recommended: 84.2 % by linear probe …, 2.1 points ahead of BYOL." */
export function recommendationSentence(result: TournamentResult, titleOf = asItIs): string | null {
  const { recommendation: found, validationSamples, probe } = result;
  const score = result.rounds.at(-1)?.candidates[0]?.score;
  if (!found || score == null) return null;
  const metric = judgedBy(result);
  const head = `${titleOf(found.candidate)} is recommended: ${namedScore(metric, score)} by ${PROBE_WORDS[probe]} on ${validationSamples.toLocaleString('en')} validation samples`;
  if (found.runnerUp === null || found.lead === null) return `${head}; no other candidate came so far.`;
  const bare = (value: number) => bareScore(metric, value);
  const unit = isShare(metric) ? ' points' : '';
  const ahead = `${bare(found.lead)}${unit} ahead of ${titleOf(found.runnerUp)}`;
  const interval = found.interval
    ? `, 95 % interval ${bare(found.interval.low)} to ${bare(found.interval.high)}`
    : '';
  const doubt = isClear(result)
    ? ''
    : found.interval
      ? ': too close to tell apart'
      : ': less than so few validation samples can tell apart, either may be the better';
  return `${head}, ${ahead}${interval}${doubt}.`;
}

/** Why this one, and how sure that is: what else would do as well, and what was not measured. */
export function reasonSentences(result: TournamentResult, titleOf = asItIs): string[] {
  const found = result.recommendation;
  if (!found) return [];
  const { tied = [], seeds = 1 } = found;
  const others = result.rounds.at(-1)!.candidates.length - 1 - tied.length;
  const beaten = others > 0 ? `clearly ahead of ${others} ${others === 1 ? 'other' : 'others'}` : '';
  const equals = tied.length > 0 ? `not clearly ahead of ${tied.map(titleOf).join(', ')}` : '';
  const standing = [beaten, equals].filter(Boolean).join(', ');
  const quickest = tied.length > 0 ? quickestOf(result, [found.candidate, ...tied]) : null;
  return [
    ...(standing ? [`It has the highest score of the last round: ${standing}.`] : []),
    ...(quickest && quickest !== found.candidate
      ? [
          `Where they cannot be told apart, choose what suits you otherwise: ${titleOf(quickest)} sees the most samples a second.`,
        ]
      : []),
    seeds === 1
      ? 'Intervals are over validation samples only: with one seed, nobody knows how much the luck of training does. Two or three seeds would tell.'
      : `Intervals are over validation samples and ${seeds} seeds.`,
  ];
}

/** The candidate with the most epochs a second in the last round. */
function quickestOf({ rounds }: TournamentResult, names: readonly string[]): string | null {
  const last = rounds.at(-1)!.candidates.filter(({ candidate }) => names.includes(candidate));
  // What was reused took no time here, and cannot be compared.
  if (last.some(({ seconds }) => seconds === 0)) return null;
  const rate = ({ epochs, seconds }: (typeof last)[number]) => epochs / seconds;
  return [...last].sort((a, b) => rate(b) - rate(a))[0]?.candidate ?? null;
}

const EQUAL_WORDS: Record<TournamentResult['equal'], string> = {
  time: 'In every round each candidate gets the same time: epochs follow from what one epoch of it was measured to take.',
  epochs: 'In every round each candidate sees the data equally often, whatever its steps cost.',
  steps: 'In every round each candidate takes equally many steps, whatever its batches hold and cost.',
};

/** How compute was made equal, in a sentence. */
export function equalWords({ equal, rounds }: TournamentResult): string {
  return EQUAL_WORDS[equal === 'time' && rounds[0]?.round !== 0 ? 'epochs' : equal];
}
