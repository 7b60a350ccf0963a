import { describe, expect, it } from 'vitest';
import { timeWords } from '../../../../src/contract/machine/time-estimate.ts';
import { recipeSchema } from '../../../../src/contract/recipe/recipe.ts';
import { estimateTime } from '../../../../src/service/tournament/time.ts';
import { getDataset, updateRun } from '../../../../src/project/index.ts';
import { addDataset, addRun, addStudy, sample, temporaryProject } from '../../../fixtures/projects.ts';

const recipe = (more: object = {}) =>
  recipeSchema.parse({
    name: 'A',
    data: { pretrain: ['small'] },
    pretext: { task: 'simclr', epochs: 10 },
    ...more,
  });

describe('the time of a pretraining', () => {
  it('is that of the last run on the same data, for as many samples as it will see', () => {
    const project = temporaryProject();
    const { id: datasetId } = addDataset(
      project,
      'small',
      Array.from({ length: 100 }, (_, i) => sample(i)),
    );
    const guessed = estimateTime(project, recipe())!;
    expect(guessed.measured).toBe(false);
    expect(guessed.seconds).toBeGreaterThan(4);
    const { id } = addRun(project, addStudy(project, recipe()));
    const progress = { step: 1, steps: 1, epoch: 1, epochs: 1, loss: 1, learningRate: 1, secondsLeft: 0 };
    updateRun(project, id, {
      status: 'done',
      progress: { ...progress, samplesPerSecond: 50, phase: 'Training' },
    });
    const { sampleCount, split } = getDataset(project, datasetId).dataset;
    const seen = sampleCount - split.validation - split.test;
    const found = estimateTime(project, recipe())!;
    expect(found.measured).toBe(true);
    // Ten epochs at 50 samples a second, and 4 seconds around the run.
    expect(found.seconds).toBeCloseTo((10 * seen) / 50 + 4, 6);
  });

  it('is not told where nothing is pretrained, or its data are not there', () => {
    const project = temporaryProject();
    expect(estimateTime(project, recipe())).toBeNull();
    addDataset(project, 'small', [sample(0)]);
    expect(estimateTime(project, recipe({ fromCheckpoint: 'x' }))).toBeNull();
  });

  it('says whether it was measured', () => {
    const minutes = (seconds: number) => `${seconds / 60} min`;
    expect(timeWords({ seconds: 120, measured: true }, minutes)).toBe(
      'Pretraining takes about 2 min, by earlier runs on these data.',
    );
    expect(timeWords({ seconds: 120, measured: false }, minutes)).toContain('three times more or less');
  });
});
