import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MODEL_FILE, type Model } from '../../../src/contract/model/model.ts';
import { exportedModelOf } from '../../../src/export/kept-model.ts';
import { answersHere } from '../../../src/export/graph/model-graph.ts';
import { startTensorFlow } from '../../../src/tensor/index.ts';
import { decodeCheckpoint, writeCheckpoint } from '../../../src/training/checkpoints/file.ts';
import { writeExport } from '../../../src/trainer/export-model.ts';
import { exportCases, exportedModel, exportSamples } from '../../fixtures/exported-models.ts';
import { modelNote } from '../../fixtures/models.ts';

await startTensorFlow({ threads: 1 });

const each = exportCases[1]!;
const wanted = exportedModel(each);
let root: string;
let model: Model;

/** A kept model as a fine-tuning run leaves it. */
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'pretext-export-'));
  const folder = join(root, 'model');
  mkdirSync(folder);
  const part = await writeCheckpoint(join(folder, 'weights.safetensors'), {
    tensors: {
      ...wanted.members[0]!.weights,
      'optimizer/left-over': wanted.members[0]!.weights['head/bias']!,
    },
    metadata: { stage: 'finetune', ...notes() },
  });
  model = modelNote('aaaaaaaaaa-1', {
    modality: each.modality,
    inputShape: each.inputShape,
    encoder: { family: each.family as 'residual', options: each.options },
    head: { kind: 'classes', classNames: ['left', 'right "two"', 'up'] },
    channelStatistics: notes().channelStatistics,
    temperature: 1.5,
    members: [{ file: 'weights.safetensors', ...part, seed: 1, scale: null }],
  }).model;
  writeFileSync(join(folder, MODEL_FILE), JSON.stringify(model));
});
afterAll(() => rmSync(root, { recursive: true }));

const notes = () => ({
  encoder: wanted.encoder,
  modality: each.modality,
  inputShape: each.inputShape,
  task: 'simclr',
  channelStatistics: {
    mean: [...wanted.channelStatistics.mean],
    standardDeviation: [...wanted.channelStatistics.standardDeviation],
  },
});
const asked = (name: string) => ({
  source: { kind: 'model' as const, folder: join(root, 'model') },
  format: 'onnx' as const,
  encoderOnly: false,
  folder: join(root, name),
  overwrite: false,
  program: '1.2.3',
});

describe('a kept model', () => {
  it('answers as its parts say: temperature, classes, statistics', () => {
    const exported = exportedModelOf(model, [wanted.members[0]!.weights]);
    const samples = exportSamples(each, 3);
    expect(answersHere(exported, samples)).toEqual(answersHere(wanted, samples));
  });

  it('is written with a README that says where it comes from', async () => {
    const { files } = await writeExport(asked('onnx'));
    expect(files.map(({ path }) => path)).toEqual(['model.onnx', 'description.json', 'README.md']);
    expect(readdirSync(join(root, 'onnx')).sort()).toEqual(['README.md', 'description.json', 'model.onnx']);
    const readme = readFileSync(join(root, 'onnx', 'README.md'), 'utf8');
    expect(readme).toContain('balanced accuracy on 20 test samples: 0.8000.');
    expect(readme).toContain('Images are brought to 8 × 8 pixels and one channel (grey).');
    await expect(writeExport(asked('onnx'))).rejects.toMatchObject({ failure: { code: 'export.exists' } });
    await writeExport({ ...asked('onnx'), overwrite: true });
  });

  it('is written without its head where that is asked for', async () => {
    await writeExport({ ...asked('encoder'), format: 'safetensors', encoderOnly: true });
    const bytes = readFileSync(join(root, 'encoder', 'model.safetensors'));
    expect(bytes.toString('utf8', 8, 4000)).not.toContain('head.');
    expect(readFileSync(join(root, 'encoder', 'model.py'), 'utf8')).not.toContain('self.head');
  });

  it('is refused where a file of it was changed', async () => {
    const file = join(root, 'model', 'weights.safetensors');
    const before = readFileSync(file);
    writeFileSync(file, Buffer.concat([before, Buffer.of(0)]));
    await expect(writeExport(asked('changed'))).rejects.toMatchObject({ failure: { code: 'model.changed' } });
    writeFileSync(file, before);
    expect(readdirSync(root)).not.toContain('changed');
  });
});

it('the encoder of a checkpoint is written alone, under the run’s name', async () => {
  const file = join(root, 'checkpoint.safetensors');
  const { sha256 } = await writeCheckpoint(file, { tensors: wanted.members[0]!.weights, metadata: notes() });
  const source = { kind: 'checkpoint' as const, file, sha256, name: 'simclr-1' };
  await writeExport({ ...asked('from-checkpoint'), source, format: 'tfjs' });
  const description = JSON.parse(
    readFileSync(join(root, 'from-checkpoint', 'description.json'), 'utf8'),
  ) as Record<string, unknown>;
  expect(description).toMatchObject({ name: 'simclr-1', outputs: ['features'], classes: null });
  expect(decodeCheckpoint(readFileSync(file), file).metadata['task']).toBe('simclr');
});
