/**
 * How sure a mean score, or a mean difference of two arms, is.
 *
 * Three things make it unsure: how pretraining happened to go, which labels and first weights a seed drew, and which
 * samples happen to be in the test split. Seeds are nested in pretrainings, and all are tested on the same samples:
 * pretrainings (or seeds, where there is one pretraining) and test samples are crossed random effects, as readers and
 * cases are where radiologists read the same images (Obuchowski and Rockette 1995). The variance of the mean is
 *
 *     A + max(B − E, 0)
 *
 * A is the spread of the independent units (pretrainings, or seeds), B that over test samples of the mean of all
 * models, E what test samples alone contribute to A. Covariances over test samples come from the infinitesimal
 * jackknife (Efron 1982, The Jackknife, the Bootstrap and Other Resampling Plans), over groups where there are
 * groups: it needs no random numbers, and no model is asked again.
 *
 * A comes from very few units, B from many samples. Each gets the quantile of Student's t for its own degrees of
 * freedom, and half widths add up like sides of a right triangle: so an interval holds the truth at least as often as
 * it says (Banerjee 1960, Sankhyā 22, 357–378). Satterthwaite's degrees of freedom, estimated from the same few
 * numbers, fall short: with two pretrainings such intervals held it 88 times in a hundred, these 95 to 99 times.
 */
import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import { foldInterval } from './fold-interval.ts';

export interface Unit {
  value: number;
  /** Which pretraining it starts from; the same for all where none or one takes part. */
  pretraining: string | number | null;
  /** Which fold it was trained and tested in; left out: the study has none. */
  fold?: number | undefined;
  /**
   * What blocks of test samples (single ones or groups, the same for every unit) contribute to the value: sums of
   * influences, which are 0 in all. Null where the answers are not known.
   */
  influences: ArrayLike<number> | null;
}

export interface MeanInterval {
  mean: number;
  low: number;
  high: number;
  /** Independent pretrainings that the interval is over; 1: it holds for that one. */
  pretrainings: number;
  /** Whether the interval is also over test samples. */
  testSamples: boolean;
  /** Folds that the interval is over, and with them groups, and the pretrainings of each. */
  folds?: number;
}

/** Seeds of one pretraining, or one seed, with its weight in the mean. */
interface Reader {
  weight: number;
  value: number;
  influences: Float64Array | null;
}

/** The interval of the mean over all units; null with fewer than two of them. */
export function meanInterval(units: readonly Unit[], confidence = 0.95): MeanInterval | null {
  if (units.length < 2) return null;
  if (units.some(({ fold }) => fold !== undefined)) return overFolds(units, confidence);
  const pretrainings = Map.groupBy(units, ({ pretraining }) => pretraining);
  const nested = pretrainings.size > 1;
  const readers = (nested ? [...pretrainings.values()] : units.map((unit) => [unit])).map((own) =>
    readerOf(own, units.length),
  );
  const mean = readers.reduce((sum, { weight, value }) => sum + weight * value, 0);
  const samples = samplesOf(readers);
  const half = Math.sqrt(
    squaredHalf(
      {
        variance: spreadOf(readers.map(({ weight, value }) => ({ weight, away: value - mean }))),
        degrees: readers.length - 1,
      },
      samples,
      0.5 + confidence / 2,
    ),
  );
  return {
    mean,
    low: mean - half,
    high: mean + half,
    pretrainings: pretrainings.size,
    testSamples: samples !== null,
  };
}

/** Everything differs between folds: groups, pretrainings, labels. */
function overFolds(units: readonly Unit[], confidence: number): MeanInterval | null {
  const folds = [...Map.groupBy(units, ({ fold }) => fold).values()];
  const means = folds.map((own) => own.reduce((sum, { value }) => sum + value, 0) / own.length);
  const found = foldInterval(means, confidence);
  const pretrainings = new Set(units.map(({ fold, pretraining }) => `${fold}/${pretraining}`)).size;
  return found && { ...found, pretrainings, testSamples: true, folds: folds.length };
}

function readerOf(own: readonly Unit[], all: number): Reader {
  const value = own.reduce((sum, unit) => sum + unit.value, 0) / own.length;
  const known = own.flatMap(({ influences }) => (influences ? [influences] : []));
  return {
    weight: own.length / all,
    value,
    influences: known.length === own.length ? meanOf(known) : null,
  };
}

function meanOf(lists: readonly ArrayLike<number>[]): Float64Array {
  const sums = new Float64Array(lists[0]!.length);
  for (const list of lists) for (let i = 0; i < sums.length; i++) sums[i]! += list[i]! / lists.length;
  return sums;
}

/** Variance of a weighted mean from the distances to it; unbiased where the weights follow the precision. */
const spreadOf = (readers: readonly { weight: number; away: number }[]) =>
  readers.reduce((sum, { weight, away }) => sum + (weight ** 2 / (1 - weight)) * away ** 2, 0);

interface OfSamples {
  /** B: variance of the mean over test samples. */
  mean: number;
  /** E: what test samples contribute to the spread of the readers. */
  spread: number;
  degrees: number;
}

/** Null where a reader's answers are not known, or where there are fewer than two blocks of test samples. */
function samplesOf(readers: readonly Reader[]): OfSamples | null {
  const blocks = readers[0]!.influences?.length ?? 0;
  if (blocks < 2 || readers.some(({ influences }) => influences?.length !== blocks)) return null;
  const found = { mean: 0, spread: 0, degrees: blocks - 1 };
  for (let block = 0; block < blocks; block++) {
    const mean = readers.reduce((sum, { weight, influences }) => sum + weight * influences![block]!, 0);
    found.mean += mean ** 2;
    found.spread += spreadOf(
      readers.map(({ weight, influences }) => ({ weight, away: influences![block]! - mean })),
    );
  }
  const small = blocks / (blocks - 1);
  return { ...found, mean: found.mean * small, spread: found.spread * small };
}

function squaredHalf(
  readers: { variance: number; degrees: number },
  samples: OfSamples | null,
  quantile: number,
): number {
  const ofReaders = tQuantile(quantile, readers.degrees) ** 2 * readers.variance;
  if (!samples) return ofReaders;
  const factor = tQuantile(quantile, samples.degrees) ** 2;
  const shared = Math.max(0, samples.mean - samples.spread);
  // Units that happen to agree do not make the test samples more numerous.
  return Math.max(ofReaders + factor * shared, factor * samples.mean);
}
