import { describe, expect, it } from 'vitest';
import { recipeSchema } from '../../../../src/contract/recipe/recipe.ts';
import {
  getRun,
  getStudy,
  insertMetrics,
  listRunsOf,
  updateRun,
  type StoredRun,
} from '../../../../src/project/index.ts';
import { tournamentEntry } from '../../../../src/service/tournament/entry.ts';
import { planTournament } from '../../../../src/service/tournament/plan.ts';
import { tournamentResult } from '../../../../src/service/tournament/result.ts';
import {
  candidatesOf,
  continueTournament,
  costsOf,
  isOver,
} from '../../../../src/service/tournament/rounds.ts';
import { addDataset, addStudy, sample, temporaryProject } from '../../../fixtures/projects.ts';
import { pretextOf } from '../../../fixtures/run-configs.ts';

const recipeOf = (tournament: object = {}) =>
  recipeSchema.parse({
    name: 'A',
    data: { pretrain: ['small'] },
    pretext: { epochs: 30 },
    finetune: { arms: ['pretrained'], budgets: ['all'] },
    tournament: {
      tasks: ['simclr', 'rotation', 'denoising'],
      learningRates: [1],
      rounds: 2,
      epochs: 4,
      keep: 0.5,
      equal: 'epochs',
      ...tournament,
    },
  });

/** A study whose rounds the test plays: what each candidate scores, null for a run that failed. */
function playing(tournament: object = {}) {
  const project = temporaryProject();
  addDataset(
    project,
    'small',
    Array.from({ length: 200 }, (_, i) => sample(i, { split: i % 5 === 4 ? 1 : 0 })),
  );
  const recipe = recipeOf(tournament);
  const id = addStudy(project, recipe);
  const entries = (): [string, number, number][] =>
    listRunsOf(project, id).flatMap((run) => {
      const entry = tournamentEntry(run);
      return entry
        ? [[entry.candidate, entry.round, pretextOf(run)!.epochs] as [string, number, number]]
        : [];
    });
  const play = (runs: string[], scores: Record<string, number | null>) => {
    for (const runId of runs) {
      const score = scores[tournamentEntry(getRun(project, runId))!.candidate]!;
      if (score === null) updateRun(project, runId, { status: 'failed' });
      else {
        insertMetrics(project, runId, [{ step: 9, epoch: 1, values: { linearAccuracy: score } }]);
        updateRun(project, runId, { status: 'done' });
      }
    }
    return continueTournament(project, id);
  };
  const result = () =>
    tournamentResult(project, getStudy(project, id).study, {
      validationSamples: 40,
      metric: 'accuracy',
    } as never);
  return { project, recipe, id, entries, play, result, begin: () => continueTournament(project, id) };
}

describe('a tournament', () => {
  it('lets the better half go on with as many more epochs, and ends with the winner as the study’s task', () => {
    const { project, entries, play, begin } = playing();
    const first = begin();
    expect(entries()).toEqual([
      ['simclr', 1, 4],
      ['rotation', 1, 4],
      ['denoising', 1, 4],
    ]);
    const second = play(first, { simclr: 0.7, rotation: 0.5, denoising: 0.8 });
    expect(entries().slice(3).toSorted()).toEqual([
      ['denoising', 2, 8],
      ['simclr', 2, 8],
    ]);
    const study = play(second, { simclr: 0.9, denoising: 0.8 }).map((id) => getRun(project, id));
    expect(study.map(({ run }) => run.kind)).toEqual(['pretext', 'finetune']);
    expect(pretextOf(study[0] as StoredRun)).toMatchObject({ task: 'simclr' });
  });

  it('adds nothing while a run of the round goes on, nor after the study began', () => {
    const { play, begin } = playing({ rounds: 1 });
    const first = begin();
    expect(play(first.slice(0, 2), { simclr: 0.7, rotation: 0.5 })).toEqual([]);
    expect(play(first.slice(2), { denoising: 0.8 })).toHaveLength(2);
    expect(begin()).toEqual([]);
  });

  it('goes on without a candidate that failed, however few are left', () => {
    const { entries, play, begin } = playing();
    play(begin(), { simclr: null, rotation: 0.5, denoising: null });
    expect(entries().slice(3)).toEqual([['rotation', 2, 8]]);
  });

  it('is over with its last round where only a ranking was asked for', () => {
    const { project, recipe, id, play, begin } = playing({ rounds: 1, train: false });
    const first = begin();
    expect(isOver(recipe.tournament!, listRunsOf(project, id))).toBe(false);
    expect(play(first, { simclr: 0.7, rotation: 0.5, denoising: 0.6 })).toEqual([]);
    expect(isOver(recipe.tournament!, listRunsOf(project, id))).toBe(true);
  });

  it('measures an epoch of each first, where all are to get as much time', () => {
    const { entries, begin } = playing({ equal: 'time' });
    begin();
    expect(entries().map(([, round, epochs]) => [round, epochs])).toEqual([
      [0, 1],
      [0, 1],
      [0, 1],
    ]);
  });

  it('tries each task with each factor of its learning rate', () => {
    const { project } = playing();
    const names = candidatesOf(project, recipeOf({ tasks: ['simclr'], learningRates: [1, 0.3] }));
    expect(names.map(({ name }) => name)).toEqual(['simclr', 'simclr, learning rate × 0.3']);
    expect(names[1]!.pretext.learningRate).toBeCloseTo(0.3 * names[0]!.pretext.learningRate, 9);
  });

  it('has an epoch cost as many steps as it has batches, where steps are to be equal', () => {
    const candidate = (name: string, batchSize: number) => ({ name, pretext: { batchSize } }) as never;
    const config = recipeOf({ equal: 'steps' }).tournament!;
    expect([...costsOf(config, [candidate('a', 32), candidate('b', 64)], null)!]).toEqual([
      ['a', 1 / 32],
      ['b', 1 / 64],
    ]);
  });
});

describe('the result of a tournament', () => {
  it('says who stands where in each round, and what became of them', () => {
    const { play, begin, result } = playing();
    expect(result()).toBeNull();
    const second = play(begin(), { simclr: 0.7, rotation: null, denoising: 0.8 });
    const [round] = result()!.rounds;
    expect(round!.candidates.map(({ candidate, score, outcome }) => [candidate, score, outcome])).toEqual([
      ['denoising', 0.8, 'kept'],
      ['simclr', 0.7, 'kept'],
      ['rotation', null, 'failed'],
    ]);
    expect(result()!.recommendation).toBeNull();
    play(second, { simclr: 0.9, denoising: 0.8 });
    expect(result()!.recommendation).toMatchObject({ candidate: 'simclr', runnerUp: 'denoising', seeds: 1 });
    expect(result()!.recommendation!.lead).toBeCloseTo(0.1, 9);
    expect(result()!.rounds[1]!.candidates.map(({ outcome }) => outcome)).toEqual(['finalist', 'finalist']);
  });
});

describe('the plan of a tournament', () => {
  it('halves candidates and doubles epochs from round to round', () => {
    const { project, recipe } = playing();
    const { rounds, candidates, measured, seconds } = planTournament(project, recipe);
    expect(candidates.map(({ task }) => task)).toEqual(['simclr', 'rotation', 'denoising']);
    expect(
      rounds.map(({ round, candidates: count, epochs }) => [round, count, epochs.least, epochs.most]),
    ).toEqual([
      [1, 3, 4, 4],
      [2, 2, 8, 8],
    ]);
    expect(measured).toBe(false);
    expect(seconds).toBeCloseTo(
      rounds.reduce((sum, round) => sum + round.seconds, 0),
      9,
    );
  });
});
