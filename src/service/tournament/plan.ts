/** What a tournament will be, before it starts: its candidates, its rounds, and about how long they take. */
import type { TournamentPlan } from '../../contract/recipe/tournament.ts';
import type { Recipe } from '../../contract/recipe/recipe.ts';
import { getStudy, listRuns, type ReadableProject } from '../../project/index.ts';
import { requireDataset } from '../datasets/selection.ts';
import { epochsOfRound, mean, survivorCount } from './halving.ts';
import { inputShapeOf } from '../datasets/selection.ts';
import { candidatesOf, costsOf, firstRound } from './rounds.ts';
import { paceOf, type PacedRun } from './costs.ts';
import { PACING } from './entry.ts';

/** To start a trainer, compile its step and ask the probes; measured at 3 to 5 seconds on two cores. */
export const SECONDS_AROUND_RUN = 4;

/** @throws PretextError where there is no such dataset */
export function planTournament(project: ReadableProject, recipe: Recipe): TournamentPlan {
  const tournament = recipe.tournament!;
  const candidates = candidatesOf(project, recipe);
  const samples = samplesSeen(project, recipe.data);
  const pace = paceOf(pacedRuns(project), recipe, inputShapeOf(project, recipe.data));
  const secondsOfEpoch = new Map(
    candidates.map(({ name, pretext }) => [name, samples * pace.secondsPerSample(pretext.task)]),
  );
  const epochsIn = (round: number) =>
    round === PACING
      ? () => 1
      : epochsOfRound(tournament, round, costsOf(tournament, candidates, secondsOfEpoch));
  const numbers = Array.from(
    { length: tournament.rounds + 1 - firstRound(tournament) },
    (_, i) => i + firstRound(tournament),
  );
  const rounds = numbers.map((round) => {
    const count = countIn(round, candidates.length, tournament.keep);
    const seeds = round === PACING ? 1 : tournament.seeds;
    const epochs = candidates.map(({ name }) => epochsIn(round)(name));
    // Who will be left is not known: the middle of all stands for them.
    const each = mean(candidates.map(({ name }, i) => epochs[i]! * secondsOfEpoch.get(name)!));
    return {
      round,
      candidates: count,
      epochs: { least: Math.min(...epochs), most: Math.max(...epochs) },
      seconds: count * seeds * (each + SECONDS_AROUND_RUN),
    };
  });
  return {
    candidates: candidates.map(({ name, pretext }) => ({
      candidate: name,
      task: pretext.task,
      learningRate: pretext.learningRate,
      batchSize: pretext.batchSize,
    })),
    rounds,
    seconds: rounds.reduce((sum, { seconds }) => sum + seconds, 0),
    measured: pace.measured,
  };
}

function countIn(round: number, all: number, keep: number): number {
  let count = all;
  for (let past = 1; past < round; past++) count = survivorCount(count, keep);
  return count;
}

export function samplesSeen(project: ReadableProject, { pretrain, includeHeldOut }: Recipe['data']): number {
  return pretrain.reduce((sum, name) => {
    const { sampleCount, split } = requireDataset(project, name).dataset;
    return sum + sampleCount - (includeHeldOut ? 0 : split.validation + split.test);
  }, 0);
}

export function pacedRuns(project: ReadableProject): PacedRun[] {
  return listRuns(project).map((run) => ({
    run,
    encoder: getStudy(project, run.studyId).study.recipe.encoder,
  }));
}
