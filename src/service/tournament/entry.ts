/** What a run of a tournament keeps in its configuration: which round it is of, and for whom it runs. */
import type { Run } from '../../contract/entities.ts';
import { isPretextConfig, type TournamentEntry } from '../../contract/recipe/run-config.ts';
import type { StoredRun } from '../../project/index.ts';
import { runIs } from '../../contract/status.ts';

/** The round before the first, in which one epoch of each measures what an epoch costs. */
export const PACING = 0;

/** null: the run is of no tournament. */
export function tournamentEntry({ config }: Pick<StoredRun, 'config'>): TournamentEntry | null {
  return isPretextConfig(config) ? (config.tournament ?? null) : null;
}

export const isOut = (run: Run) => runIs('lost', run);

/** Whether all runs of a round have ended, in whatever way. */
export function hasEnded(entered: readonly StoredRun[], round: number): boolean {
  const ofRound = entered.filter((run) => tournamentEntry(run)?.round === round);
  return ofRound.every(({ run }) => run.status === 'done' || isOut(run));
}

/**
 * Runs that say nothing about the study's end: candidates that failed or were cancelled while others of
 * their round were not. They are out, and the study goes on.
 */
export function eliminated(runs: readonly StoredRun[]): Set<string> {
  const entered = runs.flatMap(({ run, config }) => {
    const entry = tournamentEntry({ config });
    return entry ? [{ run, round: entry.round }] : [];
  });
  const lost = entered.filter(
    ({ run, round }) => isOut(run) && entered.some((other) => other.round === round && !isOut(other.run)),
  );
  return new Set(lost.map(({ run }) => run.id));
}
