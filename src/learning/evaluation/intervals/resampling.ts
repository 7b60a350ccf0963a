/** Bootstrap (Efron 1979) of a score over the samples that it was measured on. */
import { randomStream } from '../../random.ts';

/** So many resamples give a standard error that is itself sure to about a twentieth. */
const RESAMPLES = 200;
const SEED = 1979;

/**
 * The score on resamples drawn with replacement within each stratum, so that no class is ever missing.
 *
 * The draws depend on the strata alone: two encoders asked about the same samples are scored on the same resamples,
 * and the spread of their differences is that of a paired comparison.
 *
 * @param strata places of samples; each is drawn from as often as it has places
 * @param score of the samples at the given places
 */
export function resampledScores(
  strata: readonly ArrayLike<number>[],
  score: (places: Int32Array) => number,
  count = RESAMPLES,
): number[] {
  const sizes = strata.map(({ length }) => length);
  const stream = randomStream(SEED, `resamples of ${sizes.join()}`);
  const places = new Int32Array(sizes.reduce((sum, size) => sum + size, 0));
  return Array.from({ length: count }, () => {
    let next = 0;
    for (const stratum of strata)
      for (let i = 0; i < stratum.length; i++) places[next++] = stratum[stream.integer(stratum.length)]!;
    return score(places);
  });
}

/**
 * The same with whole groups drawn with replacement, as samples of one subject tell less than as many of several.
 * A class may then be missing from a resample, as it may from other subjects.
 *
 * @param groups places of the samples of each group
 */
export function resampledGroupScores(
  groups: readonly ArrayLike<number>[],
  score: (places: Int32Array) => number,
  count = RESAMPLES,
): number[] {
  const sizes = groups.map(({ length }) => length);
  const stream = randomStream(SEED, `resamples of groups ${sizes.join()}`);
  return Array.from({ length: count }, () => {
    const drawn = sizes.map(() => groups[stream.integer(groups.length)]!);
    return score(Int32Array.from(drawn.flatMap((own) => Array.from(own))));
  });
}
