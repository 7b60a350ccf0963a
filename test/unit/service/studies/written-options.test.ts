import { describe, expect, it } from 'vitest';
import { recipeSchema, type RecipeInput } from '../../../../src/contract/recipe/recipe.ts';
import { isPretextConfig } from '../../../../src/contract/recipe/run-config.ts';
import { proposedOptions, writtenOptions } from '../../../../src/learning/catalogue.ts';
import {
  getRun,
  getStudy,
  insertMetrics,
  listRunsOf,
  registerCheckpoint,
  saveFolds,
  updateRun,
  type WritableProject,
} from '../../../../src/project/index.ts';
import { portableRecipe } from '../../../../src/service/recipes/portable.ts';
import { proposeForStudy } from '../../../../src/service/studies/proposals.ts';
import { startStudy } from '../../../../src/service/studies/start.ts';
import { refreshStudy } from '../../../../src/service/studies/transitions.ts';
import { withOptionsAtStart, writeOptionsOut } from '../../../../src/service/studies/written-options.ts';
import { addDataset, addRun, addStudy, sample, temporaryProject } from '../../../fixtures/projects.ts';
import { pretextConfig, pretextOf } from '../../../fixtures/run-configs.ts';

const recipe = (more: Partial<RecipeInput>) =>
  recipeSchema.parse({ name: 'A', data: { pretrain: ['small'] }, ...more });

function addSignals(project: WritableProject, length = 128) {
  const samples = Array.from({ length: 130 }, (_, i) =>
    sample(i, { split: i % 5 === 3 ? 2 : i % 5 === 4 ? 1 : 0, classId: i % 2 }),
  );
  addDataset(project, 'small', samples, {
    modality: 'signal',
    shape: [length, 8],
    dtype: 'float32',
    samplingRate: 200,
    labeledCount: 130,
  });
}

describe('options that a recipe leaves out', () => {
  it('are written into the runs as they are planned, all but views of other kinds of data', () => {
    const project = temporaryProject();
    addSignals(project);
    const { study } = startStudy(
      project,
      recipe({ pretext: { options: { temperature: 0.25 } }, finetune: { arms: ['pretrained', 'baseline'] } }),
    );
    const stored = listRunsOf(project, study.id);
    expect(stored).toHaveLength(3);
    expect(stored.every(({ config }) => config.writtenOut)).toBe(true);
    const { options } = pretextOf(stored[0]!)!;
    expect(options).toMatchObject({ temperature: 0.25, signalViews: { cropProbability: 0.2 } });
    expect(Object.keys(options)).not.toContain('imageViews');
    // The encoder is that of all runs of the study, whichever version begins them.
    expect(stored.map(({ config }) => config.encoder)).toEqual(Array(3).fill(stored[0]!.config.encoder));
    expect(stored[0]!.config.encoder.options).toMatchObject({ width: expect.any(Number) as number });
    // A form begins with what was asked for, and what the recipe is carried elsewhere with says all.
    expect(study.recipe.pretext!.options).toEqual({ temperature: 0.25 });
    const { recipe: portable } = portableRecipe(project, study.recipe, study.id);
    expect(portable.pretext!.options).toEqual(options);
    expect(recipeSchema.parse(portable).pretext!.options).toEqual(options);
  });

  it('are written once the data are there, where these were imported first', () => {
    const project = temporaryProject();
    const asked = recipe({
      data: { pretrain: ['small'], import: { small: { path: process.cwd() } } },
      pretext: {},
    });
    const { study } = startStudy(project, asked);
    expect(pretextOf(listRunsOf(project, study.id)[0]!)!.options).toEqual({});
    addSignals(project);
    proposeForStudy(project, study.id);
    expect(pretextOf(listRunsOf(project, study.id)[0]!)!.options).toHaveProperty('signalViews');
  });

  it('suit each round of a tournament by its own length, and then the study', () => {
    const project = temporaryProject();
    addSignals(project);
    const { study } = startStudy(
      project,
      recipe({
        tournament: {
          tasks: [{ task: 'byol', batchSize: 8, options: { projectionHidden: 64 } }],
          learningRates: [1],
          rounds: 2,
          equal: 'epochs',
          epochs: 1,
        },
        pretext: { epochs: 100 },
      }),
    );
    const momenta = () =>
      listRunsOf(project, study.id).map((stored) => {
        const { momentum, projectionHidden } = pretextOf(stored)!.options;
        expect(stored.config.writtenOut).toBe(true);
        expect(projectionHidden).toBe(64);
        return [pretextOf(stored)!.epochs, momentum];
      });
    const play = () => {
      const { run } = listRunsOf(project, study.id).at(-1)!;
      insertMetrics(project, run.id, [
        { step: 9, epoch: 1, values: { knnAccuracy: 0.5, linearAccuracy: 0.5 } },
      ]);
      updateRun(project, run.id, { status: 'done', startedAt: new Date(0).toISOString() });
      refreshStudy(project, study.id);
    };
    // 78 samples are nine steps of eight: 1 - 5 / 9, then of twice and of a hundred times as many.
    expect(momenta()).toEqual([[1, 0.5]]);
    play();
    expect(momenta()[1]).toEqual([2, 0.722]);
    play();
    expect(momenta()[2]).toEqual([100, 0.994]);
    for (const { config } of listRunsOf(project, study.id).slice(0, 2))
      expect(isPretextConfig(config) && config.tournament!.of.options).toEqual({ projectionHidden: 64 });
  });

  it('have the size of what the fold of a run sees', () => {
    const project = temporaryProject();
    const samples = Array.from({ length: 8000 }, (_, i) => sample(i, { split: 0 }));
    addDataset(project, 'small', samples);
    const study = addStudy(project);
    const fold = { number: 1, of: 2, sha256: 'a' };
    const groups = { by: 'group', train: ['x'], validation: ['v'], test: ['t'] };
    saveFolds(project, study, [{ ...fold, ...groups, trainingSamples: 1000 }]);
    const config = pretextConfig({ fold, pretext: { task: 'moco-v2' } });
    const run = addRun(project, study, { config });
    writeOptionsOut(project, study);
    // A quarter of a thousand; of eight thousand it were 2,048.
    expect(pretextOf(getRun(project, run.id))!.options.queueSize).toBe(256);
  });

  it('that do not suit the data are left for the run to tell', () => {
    const project = temporaryProject();
    addSignals(project);
    const study = addStudy(project);
    const options = { signalViews: { cutProbability: 1, cutCount: 5, cutOf: 5 } };
    const run = addRun(project, study, { config: pretextConfig({ pretext: { options } }) });
    writeOptionsOut(project, study);
    expect(getRun(project, run.id).config.writtenOut).toBeUndefined();
    expect(() => withOptionsAtStart(project, getRun(project, run.id))).toThrow(
      'cutCount must be below cutOf',
    );
  });
});

describe('a run that an earlier version planned', () => {
  it('tells with what it goes on, once, and keeps it from then on', () => {
    const project = temporaryProject();
    addSignals(project);
    const study = addStudy(project);
    const config = pretextConfig({
      pretext: { options: { temperature: 0.5, signalViews: { cropProbability: 0.8 } } },
    });
    const run = addRun(project, study, { config });
    const begun = withOptionsAtStart(project, getRun(project, run.id));
    expect(pretextOf(begun)!.options).toMatchObject({
      temperature: 0.5,
      signalViews: { cropProbability: 0.8 },
    });
    const told = begun.run.environment!.optionsFilledLater!;
    expect(told).toMatch(/signalViews\.cropMinimum 0\.\d+/);
    expect(told).not.toMatch(/temperature|cropProbability/);
    expect(getRun(project, run.id).config).toEqual(begun.config);
    expect(withOptionsAtStart(project, getRun(project, run.id)).config).toEqual(begun.config);
  });

  it('goes on with the sizes that it has begun with, and the encoder of its weights', () => {
    const project = temporaryProject();
    addSignals(project, 1000);
    const study = addStudy(project);
    const config = pretextConfig({ pretext: { task: 'swav', batchSize: 8 } });
    const run = addRun(project, study, { config });
    registerCheckpoint(project, run.id, {
      kind: 'last',
      file: 'a.safetensors',
      sha256: 'a'.repeat(64),
      bytes: 1,
      step: 3,
      epoch: 3,
      score: null,
      scoreOf: null,
    });
    const begun = withOptionsAtStart(project, getRun(project, run.id));
    const { options } = pretextOf(begun)!;
    expect(options).toMatchObject({ signalViews: {}, temperature: 0.2 });
    for (const name of ['prototypes', 'queueSize']) {
      expect(options).not.toHaveProperty(name);
      expect(begun.run.environment!.optionsFilledLater).not.toMatch(name);
    }
    // The trainer takes what it took before: of the samples that it sees, and of an encoder for which nothing was proposed.
    const context = { modality: 'signal', inputShape: [1000, 8], sampleCount: 77 } as const;
    const taken = writtenOptions('swav', {}, context);
    expect(writtenOptions('swav', options, context)).toMatchObject({
      prototypes: taken.prototypes,
      queueSize: taken.queueSize,
    });
    const proposed = proposedOptions(config.encoder, 'signal', [1000, 8], { samplingRate: 200 });
    expect(proposed.stages).toBeGreaterThan(3);
    expect(begun.config.encoder.options).toMatchObject({ stages: 3, stemStride: 2 });
    expect(withOptionsAtStart(project, getRun(project, run.id)).config).toEqual(begun.config);
  });

  it('says nothing where this version planned it', () => {
    const project = temporaryProject();
    addSignals(project);
    const { study } = startStudy(project, recipe({ pretext: {} }));
    const [stored] = listRunsOf(project, study.id);
    expect(withOptionsAtStart(project, stored!).run.environment).toBeNull();
    expect(getStudy(project, study.id).study.runIds).toHaveLength(1);
  });
});
