import { describe, expect, it } from 'vitest';
import type { PretextDraft, TournamentDraft } from '../../../../../renderer/lib/forms/drafts.ts';
import { pretextRecipe, takeWinner } from '../../../../../renderer/lib/forms/recipes.ts';
import {
  candidatesWords,
  candidateTasks,
  epochsWords,
  planTimeWords,
  recipeOfForm,
} from '../../../../../renderer/lib/forms/tournament.ts';
import type { Advice, TaskAdvice } from '../../../../../src/contract/advice.ts';
import type { Recipe } from '../../../../../src/contract/recipe/recipe.ts';

const draft = (): PretextDraft => ({
  datasets: ['cells'],
  task: 'simclr',
  taskOptions: {},
  family: 'residual',
  encoderOptions: { residual: { width: 8 } },
  startFrom: '',
  config: { epochs: 7 },
  includeHeldOut: false,
  byRecording: false,
  together: null,
  alsoFinetune: [],
  shape: {},
  seed: 1,
  name: '',
});
const wishes = (more: Partial<TournamentDraft> = {}): TournamentDraft => ({
  tasks: null,
  values: {},
  batchSize: undefined,
  minutes: undefined,
  ...more,
});
const advised = (task: string, impossible: string | null = null): TaskAdvice => ({
  task,
  title: task,
  family: null,
  impossible,
  points: 1,
  reasons: [],
  training: { batchSize: 64 },
  options: {},
});
const advice: Advice = {
  sampleCount: 1000,
  tasks: [advised('simclr'), advised('byol'), advised('rotation'), advised('colorization', 'grey')],
  encoders: {},
  start: ['rotation', 'simclr'],
};
const recipeOf = (reading: ReturnType<typeof recipeOfForm>): Recipe => {
  if (!reading.valid) throw new Error(JSON.stringify(reading.failures));
  return reading.recipe;
};

describe('the tournament form', () => {
  it('begins with what the advisor proposes, and takes no task that does not fit', () => {
    expect(candidateTasks(wishes(), advice)).toEqual(['simclr', 'rotation']);
    expect(candidateTasks(wishes({ tasks: ['colorization', 'byol'] }), advice)).toEqual(['byol']);
  });

  it('makes a recipe that ends with the ranking', () => {
    const recipe = recipeOf(recipeOfForm(draft(), wishes({ values: { equal: 'steps', seeds: 2 } }), advice));
    expect(recipe.tournament).toMatchObject({
      tasks: ['simclr', 'rotation'],
      equal: 'steps',
      seeds: 2,
      train: false,
      probe: 'linear',
    });
    expect(recipe.pretext).toBeUndefined();
    expect(recipe.encoder).toEqual({ family: 'residual', options: { width: 8 } });
    const warm = recipeOf(recipeOfForm({ ...draft(), startFrom: 'c1' }, wishes(), advice));
    expect(warm.pretext?.startFrom).toBe('c1');
  });

  it('holds every candidate to the largest batch that was asked for', () => {
    const recipe = recipeOf(recipeOfForm(draft(), wishes({ tasks: ['byol'], batchSize: 64 }), advice));
    expect(recipe.tournament?.tasks).toEqual([{ task: 'byol', options: {}, batchSize: 64 }]);
  });

  it('tells its plan roughly', () => {
    const candidates = ['a', 'a', 'b', 'b'].map((task) => ({
      candidate: task,
      task,
      learningRate: 1,
      batchSize: 8,
    }));
    expect(candidatesWords({ candidates, rounds: [], seconds: 0, measured: true })).toBe(
      '4 candidates: 2 tasks at 2 learning rates each',
    );
    const plan = { candidates: [], rounds: [], seconds: 754, measured: true };
    expect(planTimeWords(plan)).toBe('About 13 min, as earlier runs on this data took.');
    expect(planTimeWords({ ...plan, seconds: 44, measured: false })).toMatch(
      /^About 40 s, by a rule of thumb/,
    );
    expect(epochsWords({ least: 2, most: 9 })).toBe('2 to 9 epochs each');
    expect(epochsWords({ least: 1, most: 1 })).toBe('1 epoch each');
  });

  it('hands its winner to the pretext form, which starts from the same checkpoint', () => {
    const form = draft();
    const recipe = recipeOf(recipeOfForm({ ...draft(), startFrom: 'c1' }, wishes(), advice));
    takeWinner(form, recipe, {
      task: 'byol',
      options: { momentum: 0.99 },
      learningRate: 0.001,
      batchSize: 32,
    });
    const reading = pretextRecipe(form, 'BYOL on cells', { epochs: 30, learningRate: 0.1 });
    expect(reading.valid && reading.recipe).toMatchObject({
      data: { pretrain: ['cells'] },
      encoder: { family: 'residual', options: { width: 8 } },
      pretext: {
        task: 'byol',
        options: { momentum: 0.99 },
        learningRate: 0.001,
        batchSize: 32,
        epochs: 7,
        startFrom: 'c1',
      },
    });
  });
});
