import { expect, it } from 'vitest';
import { importSchema } from '../../../../src/contract/recipe/recipe.ts';
import { getDataset, getRun } from '../../../../src/project/index.ts';
import { describeModel, sourceOf } from '../../../../src/service/runs/describe-model.ts';
import { addDataset, addRun, addStudy, sample, temporaryProject } from '../../../fixtures/projects.ts';

function described() {
  const project = temporaryProject();
  const { id } = addDataset(project, 'small', [sample(0)], { channelNames: ['C3'], samplingRate: 250 });
  const run = getRun(project, addRun(project, addStudy(project), { kind: 'finetune', title: 'baseline' }).id);
  const stored = getDataset(project, id);
  const importOptions = importSchema.parse({
    path: '/secret/patients',
    labels: '/secret/labels.csv',
    group: 'subject',
    images: { size: 28 },
  });
  const source = { run: { name: 'simclr-1', task: 'simclr' }, checkpointId: 'c' };
  return { project, model: describeModel(project, run, { ...stored, importOptions }, source, []), run };
}

it('says where a model comes from: project, study, run, data and pretraining', () => {
  const { model, run } = described();
  expect(model.origin).toMatchObject({
    project: 'A',
    study: 'A study',
    run: run.run.name,
    dataset: 'small',
    pretraining: { run: 'simclr-1', task: 'simclr', checkpointId: 'c' },
  });
});

it('keeps what decides about values, and nothing of where data and labels lay', () => {
  const { preparation } = described().model;
  expect(preparation).toMatchObject({
    options: { images: { size: 28 } },
    stored: { shape: [16, 16, 1], dtype: 'uint8' },
    channelNames: ['C3'],
    samplingRate: 250,
  });
  expect(JSON.stringify(preparation)).not.toContain('secret');
  expect(JSON.stringify(preparation)).not.toContain('subject');
});

it('has no source where the run of a checkpoint is gone', () => {
  const { project } = described();
  expect(sourceOf(project, { id: 'gone' } as Parameters<typeof sourceOf>[1])).toBeNull();
});
