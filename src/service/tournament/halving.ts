/** Successive halving (Jamieson and Talwalkar 2016): who goes on, and with how much compute. Pure. */
import { median } from '../../learning/evaluation/intervals/statistics.ts';

export interface Scored {
  name: string;
  /** One score a seed, higher is better; null: a run of it failed. */
  scores: readonly number[] | null;
}

/** Candidates in order of their mean score, those that failed last. */
export function ranked<Candidate extends Scored>(candidates: readonly Candidate[]): Candidate[] {
  const place = ({ scores }: Scored) => (scores && scores.length > 0 ? mean(scores) : -Infinity);
  return candidates.toSorted((a, b) => {
    const [first, second] = [place(a), place(b)];
    return first === second ? 0 : second - first;
  });
}

/** Those that go on: the given share, rounded up, never fewer than two as long as there are two. */
export function survivors<Candidate extends Scored>(
  candidates: readonly Candidate[],
  keep: number,
): Candidate[] {
  const sound = ranked(candidates).filter(({ scores }) => scores !== null);
  return sound.slice(0, survivorCount(sound.length, keep));
}

/** How many of so many go on. */
export function survivorCount(count: number, keep: number): number {
  return Math.min(count, Math.max(2, Math.ceil(count * keep - 1e-9)));
}

/**
 * Epochs of each candidate in a round, counted from 1. A round has as many more epochs as it has fewer
 * candidates, so every round costs alike. With costs (time of an epoch), a candidate gets the epochs that fit
 * into the time that the middle one of them needs: cheap tasks see the data more often.
 */
export function epochsOfRound(
  { epochs, keep }: { epochs: number; keep: number },
  round: number,
  costs: ReadonlyMap<string, number> | null,
): (name: string) => number {
  const alike = epochs / keep ** (round - 1);
  const middle = costs && median([...costs.values()]);
  return (name) => {
    const cost = costs?.get(name);
    return Math.max(1, Math.round(middle && cost ? (alike * middle) / cost : alike));
  };
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
