import { describe, expect, it } from 'vitest';
import { armSettings, settingDifferences } from '../../../../src/contract/recipe/arm-settings.ts';
import { finetuneSchema, recipeSchema, type RecipeInput } from '../../../../src/contract/recipe/recipe.ts';
import {
  atEdge,
  candidatesOf,
  settingsWords,
  tuningCost,
  tuningCostWords,
  withCandidate,
} from '../../../../src/contract/recipe/tuning-plan.ts';
import { planRuns } from '../../../../src/service/recipes/plan.ts';
import { ofFinetuning } from '../../../fixtures/run-configs.ts';

const finetune = (input: RecipeInput['finetune']) => finetuneSchema.parse(input);

describe('candidates', () => {
  it('are none without tuning, and every combination with it, each once', () => {
    expect(candidatesOf(finetune({}))).toEqual([]);
    const config = finetune({ tune: { learningRates: [0.001, 0.01, 0.001], weightDecays: [0, 0.1] } });
    expect(candidatesOf(config)).toEqual([
      { learningRate: 0.001, weightDecay: 0 },
      { learningRate: 0.001, weightDecay: 0.1 },
      { learningRate: 0.01, weightDecay: 0 },
      { learningRate: 0.01, weightDecay: 0.1 },
    ]);
  });

  it('freeze the baseline’s layers as they freeze those of the pretrained arm', () => {
    const config = finetune({ frozenEpochs: 0.1, tune: { learningRates: [0.01], frozenEpochs: [0, 0.3] } });
    const [, second] = candidatesOf(config);
    const own = withCandidate(config, second!);
    expect(own).not.toHaveProperty('tune');
    expect(armSettings('baseline', own).frozenShare).toBe(0.3);
    expect(armSettings('pretrained', own).frozenShare).toBe(0.3);
    expect(armSettings('frozen', own).frozenShare).toBe(1);
    // What both are tuned in is no difference that the recipe makes.
    expect(settingDifferences(['pretrained', 'baseline'], config)).toEqual([]);
    expect(settingDifferences(['pretrained', 'baseline'], finetune({ frozenEpochs: 0.1 }))).toHaveLength(1);
  });

  it('are told by what they differ in', () => {
    const all = candidatesOf(finetune({ tune: { learningRates: [0.001, 0.01], weightDecays: [0.1] } }));
    expect(settingsWords(all[1]!, all)).toBe('learning rate 0.01');
    expect(all.map((one) => atEdge(one, all))).toEqual([true, true]);
    const three = candidatesOf(finetune({ tune: { weightDecays: [0, 0.1] } }));
    expect(settingsWords(three[3]!, three)).toBe('learning rate 0.001, weight decay 0.1');
    expect(atEdge(three[3]!, three)).toBe(false);
  });
});

describe('the cost of tuning', () => {
  it('is tries × trained arms × budgets × seeds', () => {
    const config = finetune({
      tune: {},
      seeds: 5,
      budgets: ['all', { perClass: 5 }],
      arms: ['pretrained', 'baseline', 'knn-probe'],
    });
    expect(tuningCost(config)).toEqual({
      tries: 3,
      choices: 4,
      runs: 4 * 3 + 2,
      runsWithout: 6,
      trainings: 60,
      trainingsWithout: 20,
    });
    expect(tuningCostWords(config)).toBe(
      'Tuning: 3 settings tried for each of 2 trained arms at each of 2 label budgets, with every seed: 60 trainings instead of 20.',
    );
    expect(tuningCost(finetune({}))).toBeNull();
  });
});

describe('the plan of a tuned study', () => {
  it('tries the same settings for every trained arm at every budget, and probes once', () => {
    const recipe = recipeSchema.parse({
      name: 'A',
      data: { pretrain: ['small'] },
      pretext: {},
      finetune: { tune: { learningRates: [0.1, 0.2] }, budgets: ['all', { perClass: 1 }] },
    });
    const runs = planRuns(recipe).filter(({ kind }) => kind === 'finetune');
    const rates = (arm: string, budget: unknown) =>
      runs
        .filter((run) => run.arm === arm && JSON.stringify(run.budget) === JSON.stringify(budget))
        .map((run) => ofFinetuning(run)?.finetune.learningRate);
    for (const budget of recipe.finetune!.budgets) {
      for (const arm of ['pretrained', 'baseline', 'frozen']) expect(rates(arm, budget)).toEqual([0.1, 0.2]);
      expect(rates('knn-probe', budget)).toEqual([0.001]);
    }
    expect(runs.every((run) => !('tune' in ofFinetuning(run)!.finetune))).toBe(true);
  });
});
