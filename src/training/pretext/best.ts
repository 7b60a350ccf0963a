/** By what the best checkpoint of a pretext run is chosen. */
import { PretextError } from '../../contract/errors.ts';
import type { BestBy, PretextConfig } from '../../contract/recipe/recipe.ts';

/** The curve that holds the metric. */
const CURVES: Record<BestBy, string> = {
  knn: 'knnAccuracy',
  rank: 'effectiveRank',
  'validation-loss': 'validationLoss',
};

/**
 * The metric of a run: the one that was asked for, else the probe where there are labels, else the rank: a
 * pretext loss falls in a collapse too, the rank does not rise in one.
 *
 * @throws PretextError where the probe was asked for and there is none
 */
export function bestByOf({ bestBy }: Pick<PretextConfig, 'bestBy'>, hasProbe: boolean): BestBy {
  if (bestBy === 'knn' && !hasProbe)
    throw new PretextError({
      code: 'pretext.no-probe',
      message:
        'The best checkpoint is to be chosen by the kNN probe, but this run has none: it needs labeled samples in the training and the validation split, and `pretext.probeEveryEpochs` above 0.',
      place: 'pretext.bestBy',
      remedy: 'Choose rank or validation-loss, or leave it out.',
    });
  return bestBy ?? (hasProbe ? 'knn' : 'rank');
}

/** The score among the values of a point; null where it was not measured. */
export const scoreAmong = (values: Record<string, number>, bestBy: BestBy): number | null =>
  values[CURVES[bestBy]] ?? null;

/** An equal score later is not better. */
export const isBetter = (bestBy: BestBy, score: number, best: number | null): boolean =>
  best === null || (bestBy === 'validation-loss' ? score < best : score > best);
