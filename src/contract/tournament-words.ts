/** What a tournament found, in a sentence. */
import type { TournamentResult } from './result.ts';

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
const points = (share: number) => (share * 100).toFixed(1).replace('-', '−');

/** Whether the lead is more than the spread of the seeds, or of so many validation samples, explains. */
export function isClear(result: TournamentResult): boolean {
  const { recommendation } = result;
  if (!recommendation || recommendation.lead === null) return false;
  if (recommendation.interval) return recommendation.interval.low > 0;
  const [first, second] = result.rounds.at(-1)!.candidates;
  const error = Math.hypot(first?.standardError ?? 0, second?.standardError ?? 0);
  return recommendation.lead > 1.96 * error;
}

/** "SimCLR is recommended: 84.2 % by kNN …, 2.1 points ahead of BYOL." */
export function recommendationSentence(
  result: TournamentResult,
  titleOf: (candidate: string) => string = (candidate) => candidate,
): string | null {
  const { recommendation: found, validationSamples } = result;
  const score = result.rounds.at(-1)?.candidates[0]?.score;
  if (!found || score == null) return null;
  const head = `${titleOf(found.candidate)} is recommended: ${percent(score)} by kNN on ${validationSamples.toLocaleString('en')} validation samples`;
  if (found.runnerUp === null || found.lead === null) return `${head}; no other candidate came so far.`;
  const ahead = `${points(found.lead)} points ahead of ${titleOf(found.runnerUp)}`;
  const interval = found.interval
    ? `, 95 % interval ${points(found.interval.low)} to ${points(found.interval.high)}`
    : '';
  const doubt = isClear(result)
    ? ''
    : found.interval
      ? ': too close to tell apart'
      : ': less than so few validation samples can tell apart, either may be the better';
  return `${head}, ${ahead}${interval}${doubt}.`;
}

/** How compute was made equal, in a sentence. */
export function equalWords({ equal, rounds }: TournamentResult): string {
  return equal === 'time' && rounds[0]?.round === 0
    ? 'In every round each candidate gets the same time: epochs follow from what one epoch of it was measured to take.'
    : 'In every round each candidate sees the data equally often, whatever its steps cost.';
}
