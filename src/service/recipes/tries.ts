/** What a run keeps in its configuration when it is one of several: the settings it tries, the pretraining it is for. */
import type { Run } from '../../contract/entities.ts';
import { isPretextConfig } from '../../contract/recipe/run-config.ts';
import type { CandidateSettings } from '../../contract/recipe/tuning.ts';
import type { StoredRun } from '../../project/index.ts';

/** null: the run is no try. */
export function triedBy({ config }: Pick<StoredRun, 'config'>): CandidateSettings | null {
  return isPretextConfig(config) ? null : (config.try?.settings ?? null);
}

/** Which of several pretrainings a run starts from; null where there is one, or none. */
export function pretrainingOf({ config }: Pick<StoredRun, 'config'>): number | null {
  return isPretextConfig(config) ? null : (config.pretraining ?? null);
}

/** Makes a model of what others found, and measures nothing. */
export const isMaking = ({ run }: Pick<StoredRun, 'run'>) => run.making != null;

/** A learning rate that was too high is an answer, not a failure of the study. */
export const diverged = ({ status, failure }: Run) =>
  status === 'failed' && failure?.code === 'training.diverged';

/** Which fold a run is of, from 1; null where the study has none. */
export const foldOf = ({ config }: Pick<StoredRun, 'config'>): number | null => config.fold?.number ?? null;

/**
 * Tries of one arm at one label budget belong together, and in each fold to themselves: what validates in one fold is
 * tested in another.
 */
export const placeOf = (stored: Pick<StoredRun, 'run' | 'config'>) =>
  JSON.stringify([stored.run.arm, stored.run.budget, foldOf(stored)]);

/** Tries that diverged or were cancelled while others of their arm and budget were not: the study goes on without. */
export function lostTries(runs: readonly StoredRun[]): Set<string> {
  const tries = runs.filter((stored) => triedBy(stored) !== null);
  const out = ({ run }: StoredRun) => diverged(run) || run.status === 'cancelled';
  const lost = tries.filter(
    (one) => out(one) && tries.some((other) => placeOf(other) === placeOf(one) && !out(other)),
  );
  return new Set(lost.map(({ run }) => run.id));
}
