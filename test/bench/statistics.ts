/** What rounds of measurements say. */

/** Where rounds were measured in turn, ours and the peer's of one round saw the same machine. */
export interface Comparison {
  ours: number;
  peer: number;
  ratio: number;
  spread: number;
}

/** The value below which `share` of the values lie, between neighbours in proportion (as NumPy's default). */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new Error('There is no quantile of no values.');
  const sorted = [...values].sort((first, second) => first - second);
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.ceil(place);
  return sorted[below]! + (sorted[above]! - sorted[below]!) * (place - below);
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/**
 * Medians of both sides, and the median and the quartiles' distance of the ratios of the rounds.
 *
 * @param better whether a smaller number (a time, memory) or a larger one (a rate) is better
 */
export function compare(
  ours: readonly number[],
  peer: readonly number[],
  better: 'smaller' | 'larger',
): Comparison {
  if (ours.length !== peer.length)
    throw new Error(`Rounds do not match: ${ours.length} of ours, ${peer.length} of the peer.`);
  const ratios = ours.map((own, round) => (better === 'smaller' ? peer[round]! / own : own / peer[round]!));
  return {
    ours: median(ours),
    peer: median(peer),
    ratio: median(ratios),
    spread: quantile(ratios, 0.75) - quantile(ratios, 0.25),
  };
}

/** How many steps a round needs to last about `wantedMs`, from what one step takes; at least `fewest`. */
export function stepsFor(wantedMs: number, stepMs: number, fewest = 2): number {
  return Math.max(fewest, Math.round(wantedMs / Math.max(stepMs, 1e-3)));
}
