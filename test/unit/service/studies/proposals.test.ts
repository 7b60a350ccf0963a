import { describe, expect, it } from 'vitest';
import { pretextSchema, recipeSchema, type RecipeInput } from '../../../../src/contract/recipe/recipe.ts';
import { getStudy, listRunsOf, setRecipe, type WritableProject } from '../../../../src/project/index.ts';
import { encoderReach, proposeForStudy, withProposals } from '../../../../src/service/studies/proposals.ts';
import { startStudy } from '../../../../src/service/studies/start.ts';
import { recipeToYaml } from '../../../../src/service/recipes/text.ts';
import { addDataset, sample, temporaryProject } from '../../../fixtures/projects.ts';
import { pretextOf } from '../../../fixtures/run-configs.ts';

const recipe = (pretext: RecipeInput['pretext'], data: Partial<RecipeInput['data']> = {}) =>
  recipeSchema.parse({ name: 'A', data: { pretrain: ['small'], ...data }, pretext });

function addSmall(project: WritableProject, count = 130) {
  const samples = Array.from({ length: count }, (_, i) => sample(i, { split: i % 4 === 3 ? 2 : 0 }));
  addDataset(project, 'small', samples, { shape: [28, 28, 1] });
}

describe('settings of pretraining that a recipe leaves out', () => {
  it('are those that the task proposes for the data', () => {
    const project = temporaryProject();
    addSmall(project);
    const { pretext } = withProposals(project, recipe({ task: 'jigsaw' }));
    // 98 samples for pretraining: two batches of 32 are in them, of 128 not one.
    expect(pretext!.batchSize).toBe(32);
    // The jigsaw itself says that 0.002 is too slow for it.
    expect(pretext!.learningRate).not.toBe(pretextSchema.parse({}).learningRate);
    expect(Object.values(pretext!).every((value) => value !== undefined)).toBe(true);
    expect(pretext!.warmupEpochs).toBeLessThanOrEqual(pretext!.epochs! / 4);
  });

  it('stay what the recipe says where it says something', () => {
    const project = temporaryProject();
    addSmall(project);
    const given = { task: 'simclr', epochs: 3, batchSize: 16, learningRate: 0.7, warmupEpochs: 2 };
    expect(withProposals(project, recipe(given)).pretext).toMatchObject(given);
  });

  it('are written down with the study and its runs, and printed', () => {
    const project = temporaryProject();
    addSmall(project);
    const asked = recipe({ task: 'jigsaw', epochs: 7, seeds: 2 });
    const { study } = startStudy(project, asked);
    expect(study.recipe.pretext).toMatchObject({ epochs: 7, batchSize: 32 });
    const runs = listRunsOf(project, study.id).map(pretextOf);
    expect(runs).toMatchObject([
      { epochs: 7, batchSize: 32, seed: 1 },
      { epochs: 7, batchSize: 32, seed: 2 },
    ]);
    expect(recipeToYaml(study.recipe)).toContain('batchSize: 32');
    // The same recipe once more is the same study.
    expect(startStudy(project, asked).study.id).toBe(study.id);
  });

  it('wait for the data of a study that imports them first', () => {
    const project = temporaryProject();
    const asked = recipe({ task: 'jigsaw', seeds: 2 }, { import: { small: { path: process.cwd() } } });
    const { study } = startStudy(project, asked);
    expect(study.status).toBe('importing');
    expect(study.recipe.pretext!.batchSize).toBeUndefined();
    addSmall(project);
    proposeForStudy(project, study.id);
    expect(getStudy(project, study.id).study.recipe.pretext!.batchSize).toBe(32);
    expect(listRunsOf(project, study.id).map(pretextOf)).toMatchObject([
      { batchSize: 32, seed: 1 },
      { batchSize: 32, seed: 2 },
    ]);
  });

  it('fit the data where those that are given cannot', () => {
    const project = temporaryProject();
    addSmall(project);
    expect(() => startStudy(project, recipe({ batchSize: 128 }))).toThrow(
      /`pretext.batchSize` of 128 needs at least 256 training samples. Found: 98. Choose 49 or less/,
    );
  });
});

describe('options of the encoder that a recipe leaves out', () => {
  const signals = (project: WritableProject, name: string, length: number, samplingRate: number) =>
    addDataset(
      project,
      name,
      Array.from({ length: 130 }, (_, i) => sample(i, { split: i % 4 === 3 ? 2 : 0 })),
      { modality: 'signal', shape: [length, 4], dtype: 'float32', samplingRate },
    );
  const asked = (name: string, options: Record<string, unknown> = {}) =>
    recipeSchema.parse({
      name: 'A',
      data: { pretrain: [name] },
      encoder: { options },
      pretext: { task: 'simclr' },
    });

  it('are those that let it look at half of the window or more, written down with the study and its runs', () => {
    const project = temporaryProject();
    signals(project, 'long', 1000, 100);
    const { study } = startStudy(project, asked('long', { features: 64 }));
    expect(study.recipe.encoder.options).toEqual({ features: 64, stages: 7, stemStride: 1, stemKernel: 0 });
    const [stored] = listRunsOf(project, study.id);
    expect(stored!.config.encoder.options).toMatchObject(study.recipe.encoder.options);
    expect(encoderReach(project, study.recipe)).toEqual({ points: 771, whole: 1000, samplingRate: 100 });
  });

  it('are written out anew, all of them, in runs that were written out before they were known', () => {
    const project = temporaryProject();
    signals(project, 'long', 1000, 100);
    const { study } = startStudy(project, asked('long'));
    const [stored] = listRunsOf(project, study.id);
    const all = stored!.config.encoder.options;
    setRecipe(project, study.id, { ...study.recipe, encoder: asked('long', { features: 64 }).encoder });
    proposeForStudy(project, study.id);
    const { config } = listRunsOf(project, study.id)[0]!;
    expect(config.encoder.options).toEqual({ ...(all as object), features: 64 });
    expect(config.writtenOut).toBe(true);
  });

  it('stay what the recipe says', () => {
    const project = temporaryProject();
    signals(project, 'long', 1000, 100);
    const { encoder } = withProposals(project, asked('long', { stages: 3 }));
    expect(encoder.options).toMatchObject({ stages: 3 });
  });
});
