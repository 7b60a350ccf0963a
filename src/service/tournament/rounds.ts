/**
 * Tournaments: pretext tasks compete in rounds on the user's own data before the study's pretraining.
 *
 * Every candidate of a round is a pretext run of its own. When the last of a round has ended, the runs of the
 * next are added in the same transaction, and after the last round those of the study itself with the winner as
 * its task. So the runs are the plan: whatever is killed, nothing that was finished is done again.
 *
 * A candidate begins every round anew. To continue the checkpoint of the round before would continue a schedule
 * whose learning rate had already fallen to zero, and would compare tasks by how well they bear that; and a
 * round's own schedule, ended in full, is what a run of that length gives. As every round costs alike, that
 * costs half of what continuing would.
 */
import type { Study } from '../../contract/entities.ts';
import { pretextSchema, type PretextConfig, type Recipe } from '../../contract/recipe/recipe.ts';
import type { TournamentConfig } from '../../contract/recipe/tournament.ts';
import {
  getStudy,
  listRunsOf,
  type ReadableProject,
  type StoredRun,
  type WritableProject,
  insertRuns,
  type PlannedRun,
} from '../../project/index.ts';
import { adviceFor } from './advice.ts';
import { epochsOfRound, ranked, survivors } from './halving.ts';
import { planRuns } from '../recipes/plan.ts';
import { measuredCosts } from './costs.ts';
import { hasEnded, PACING, tournamentEntry } from './entry.ts';
import { judgeOf, standingsOf } from './standings.ts';

export interface Candidate {
  name: string;
  pretext: PretextConfig;
}

/** Adds what comes next once a round has ended. Returns the ids of new runs. */
export function continueTournament(project: WritableProject, studyId: string): string[] {
  const { study } = getStudy(project, studyId);
  const { tournament } = study.recipe;
  if (!tournament || study.status === 'cancelled') return [];
  const stored = listRunsOf(project, studyId);
  const entered = stored.filter((run) => tournamentEntry(run) !== null);
  if (entered.length < stored.length) return [];
  if (stored.length === 0) {
    const candidates = candidatesOf(project, study.recipe);
    return addRound(
      project,
      study,
      firstRound(tournament),
      candidates,
      costsOf(tournament, candidates, null),
    );
  }

  const round = lastRound(entered);
  if (!hasEnded(entered, round)) return [];
  const judge = judgeOf(tournament);
  const sound = standingsOf(project, entered, round, judge).filter(({ scores }) => scores !== null);
  if (sound.length === 0) return [];
  if (round === tournament.rounds)
    return tournament.train === false ? [] : addStudy(project, study, ranked(sound)[0]!.pretext);
  const next = round === PACING ? sound : survivors(sound, tournament.keep);
  const paced = tournament.equal === 'time' ? standingsOf(project, entered, PACING, judge) : [];
  return addRound(project, study, round + 1, next, costsOf(tournament, next, measuredCosts(paced)));
}

/** Whether the last round has been decided. */
export function isOver({ rounds, train }: TournamentConfig, stored: readonly StoredRun[]): boolean {
  const entered = stored.filter((run) => tournamentEntry(run) !== null);
  if (entered.length < stored.length) return true;
  return train === false && lastRound(entered) === rounds && hasEnded(entered, rounds);
}

export const firstRound = ({ equal }: TournamentConfig) => (equal === 'time' ? PACING : 1);

const lastRound = (entered: readonly StoredRun[]) =>
  Math.max(...entered.map((run) => tournamentEntry(run)!.round));

/** What an epoch of each costs of that which all get alike; null where that is the epoch itself. */
export function costsOf(
  { equal }: TournamentConfig,
  candidates: readonly Candidate[],
  measured: ReadonlyMap<string, number> | null,
): ReadonlyMap<string, number> | null {
  if (equal === 'time') return measured;
  if (equal === 'epochs') return null;
  return new Map(candidates.map(({ name, pretext }) => [name, 1 / pretext.batchSize]));
}

/** Tasks with their settings for this data: what a task proposes, unless the recipe names it. */
export function candidatesOf(project: ReadableProject, recipe: Recipe): Candidate[] {
  const { tasks, most, learningRates } = recipe.tournament!;
  const advice = adviceFor(project, recipe.data, { encoder: recipe.encoder.family, most });
  const base = pretextSchema.parse(recipe.pretext ?? {});
  const entries = tasks === 'auto' ? advice.start : tasks;
  return entries.flatMap((entry) => {
    const { task, options = {}, ...given } = typeof entry === 'string' ? { task: entry } : entry;
    const proposed = advice.tasks.find((one) => one.task === task)?.training ?? {};
    const { epochs: _epochs, ...training } = proposed;
    const own = task === base.task ? base.options : {};
    const pretext = { ...base, ...training, ...given, task, options: { ...own, ...options } };
    return learningRates.map((factor) => ({
      name: factor === 1 ? task : `${task}, learning rate × ${factor}`,
      pretext: { ...pretext, learningRate: Number((pretext.learningRate * factor).toPrecision(6)) },
    }));
  });
}

function addRound(
  project: WritableProject,
  { id, recipe }: Study,
  round: number,
  candidates: readonly Candidate[],
  costs: ReadonlyMap<string, number> | null,
): string[] {
  const tournament = recipe.tournament!;
  const epochsFor = epochsOfRound(tournament, Math.max(1, round), costs);
  const planned = candidates.flatMap(({ name, pretext }) => {
    const epochs = round === PACING ? 1 : epochsFor(name);
    const seeds = round === PACING ? 1 : tournament.seeds;
    return Array.from({ length: seeds }, (_, index): PlannedRun => {
      const seed = (recipe.pretext?.seed ?? pretext.seed) + index;
      const config = forRound(pretext, epochs, { seed, linear: judgeOf(tournament) === 'linear' });
      const [plan] = planRuns({ ...recipe, pretext: config, finetune: undefined });
      return {
        ...plan!,
        config: { ...plan!.config, tournament: { round, candidate: name, seed, of: pretext } },
      };
    });
  });
  return insertRuns(project, id, planned);
}

/** The settings of a candidate for so many epochs: the warm-up is a quarter at most, the probe comes at the end. */
function forRound(
  pretext: PretextConfig,
  epochs: number,
  { seed, linear }: { seed: number; linear: boolean },
): PretextConfig {
  const warmupEpochs = Math.min(pretext.warmupEpochs, epochs / 4);
  const probeEveryEpochs = Math.min(1000, epochs);
  return { ...pretext, epochs, seed, warmupEpochs, probeEveryEpochs, ...(linear && { linearProbe: true }) };
}

/** The study itself, with the winner as its pretext task. */
function addStudy(project: WritableProject, { id, recipe }: Study, winner: PretextConfig): string[] {
  return insertRuns(project, id, planRuns({ ...recipe, pretext: winner }));
}
