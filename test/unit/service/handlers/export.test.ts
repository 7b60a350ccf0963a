import { join } from 'node:path';
import { expect, it } from 'vitest';
import { registerCheckpoint, registerModel } from '../../../../src/project/index.ts';
import { connected, failureOf } from '../../../fixtures/connected.ts';
import { modelNote } from '../../../fixtures/models.ts';
import {
  addDataset,
  addRun,
  addStudy,
  sample,
  temporaryFolder,
  temporaryProject,
} from '../../../fixtures/projects.ts';

it('takes weights from models of the project, from folders, and from checkpoints', async () => {
  const project = temporaryProject();
  const run = addRun(project, addStudy(project), { kind: 'finetune', title: 'baseline', arm: 'baseline' });
  registerModel(project, run.id, modelNote(`${run.id}-1`));
  const { checkpoint } = registerCheckpoint(project, run.id, {
    kind: 'last',
    file: 'a.safetensors',
    sha256: 'a'.repeat(64),
    bytes: 1,
    step: 1,
    epoch: 1,
    score: null,
    scoreOf: null,
  });
  const asked: { source: unknown }[] = [];
  const client = await connected(project, {
    export: (question: { source: unknown; folder: string }) => {
      asked.push(question);
      return { folder: question.folder, files: [] };
    },
  });
  const [to, elsewhere] = [temporaryFolder(), temporaryFolder()];
  const wishes = { format: 'onnx' as const, encoderOnly: false, overwrite: false, to };
  for (const source of [
    { kind: 'model' as const, model: 'baseline-1' },
    { kind: 'model' as const, model: elsewhere },
    { kind: 'checkpoint' as const, checkpointId: checkpoint.id },
  ])
    expect((await client.model.export({ ...wishes, source })).folder).toBe(to);
  expect(asked.map(({ source }) => source)).toEqual([
    { kind: 'model', folder: join(project.folder, 'models', `${run.id}-1`) },
    { kind: 'model', folder: elsewhere },
    {
      kind: 'checkpoint',
      file: join(project.folder, 'checkpoints', 'a.safetensors'),
      sha256: 'a'.repeat(64),
      name: run.name,
    },
  ]);
  const source = { kind: 'model' as const, model: 'baseline-1' };
  expect(await failureOf(client.model.export({ ...wishes, source, to: 'here' }))).toEqual({
    code: 'export.place',
    message: 'A place to write to must be a whole path. Found: here.',
  });
});

it('embeds a dataset in the shape that the encoder was trained on', async () => {
  const project = temporaryProject();
  const run = addRun(project, addStudy(project));
  const { id: datasetId } = addDataset(project, 'small', [sample(0), sample(1)]);
  const { checkpoint } = registerCheckpoint(project, run.id, {
    kind: 'last',
    file: 'a.safetensors',
    sha256: 'a'.repeat(64),
    bytes: 1,
    step: 1,
    epoch: 1,
    score: null,
    scoreOf: null,
  });
  const asked: { from: { dataset: { shape: number[] }; sources: string[] } }[] = [];
  const client = await connected(project, {
    embed: (question: (typeof asked)[0]) => {
      asked.push(question);
      return { files: ['/a'], samples: 2, features: 3, leftOut: 0 };
    },
  });
  await client.model.embed({
    id: 'a',
    source: { kind: 'checkpoint', checkpointId: checkpoint.id },
    from: { kind: 'dataset', datasetId },
    format: 'npz',
    to: join(project.folder, 'a.npz'),
    overwrite: false,
  });
  expect(asked[0]!.from).toMatchObject({ dataset: { shape: [16, 16, 1] }, sources: ['0.png', '1.png'] });
});
