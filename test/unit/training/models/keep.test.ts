import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { MODEL_FILE, modelSchema } from '../../../../src/contract/model/model.ts';
import { startTensorFlow } from '../../../../src/tensor/index.ts';
import { readCheckpoint, writeCheckpoint } from '../../../../src/training/checkpoints/file.ts';
import type { FinetuneInputs } from '../../../../src/training/inputs.ts';
import { keepModel, type KeptWeights, type ModelFacts } from '../../../../src/training/models/keep.ts';
import { readFileSync } from 'node:fs';
import { stripesJob } from '../../../fixtures/finetune-jobs.ts';
import { byteDataset, playedProgram, stateOf } from '../../../fixtures/played-programs.ts';
import { describedModel } from '../../../fixtures/models.ts';
import { temporaryFolder } from '../../../fixtures/projects.ts';

beforeAll(() => startTensorFlow({ threads: 1 }));

const program = playedProgram({ row: (sample) => ({ answers: [1, 0], features: [sample + 1, 2] }) });
const facts: ModelFacts = {
  channelStatistics: { mean: [3], standardDeviation: [4] },
  temperature: 1.5,
  intervals: [],
  labels: 6,
  splits: ['train'],
  scores: {
    metric: 'accuracy',
    train: { score: 1, samples: 6 },
    validation: { score: 0.5, samples: 4 },
    test: { score: 0.75, samples: 4 },
  },
  made: null,
};

async function keeping(
  { seeds = [1], ...more }: Partial<FinetuneInputs> & { seeds?: number[] } = {},
  dataset: Partial<FinetuneInputs['dataset']> = {},
) {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'checkpoints'));
  const members = await Promise.all(
    seeds.map(async (seed): Promise<KeptWeights> => {
      const file = `w-${seed}.safetensors`;
      const written = await writeCheckpoint(join(folder, 'checkpoints', file), {
        tensors: stateOf(seed),
        metadata: {},
      });
      return { file, ...written, seed, scales: [{ mean: 10, deviation: seed }] };
    }),
  );
  const job = stripesJob(folder, await byteDataset(20, dataset), 'aaaaaaaaaa', more);
  return { job, members, place: (id: string) => join(folder, 'models', id), folder };
}

describe('a kept model', () => {
  it('is a folder with its weights, its description and what it was trained on', async () => {
    const { job, members, place } = await keeping();
    const { model, bytes } = await keepModel(job, program, members, facts);
    const folder = place('aaaaaaaaaa-1');
    expect(readdirSync(folder).toSorted()).toEqual([
      'model.json',
      'reference.safetensors',
      'weights.safetensors',
    ]);
    expect(modelSchema.parse(JSON.parse(readFileSync(join(folder, MODEL_FILE), 'utf8')))).toEqual(model);
    expect(bytes).toBe(
      readdirSync(folder).reduce((sum, name) => sum + readFileSync(join(folder, name)).length, 0),
    );
    expect(model).toMatchObject({
      id: 'aaaaaaaaaa-1',
      head: { kind: 'classes', classNames: ['even', 'odd'] },
      channelStatistics: { mean: [3], standardDeviation: [4] },
      members: [{ file: 'weights.safetensors', seed: 1, scale: null }],
      trainedOn: { arm: 'baseline', labels: 6, splits: ['train'] },
      temperature: 1.5,
    });
    const { tensors } = await readCheckpoint(join(folder, 'reference.safetensors'), model.reference!.sha256);
    const samples = [...tensors['sample']!.values];
    // The training samples, each with its features and class.
    expect(samples.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 5, 6, 7, 10, 11, 12, 15, 16, 17]);
    expect([...tensors['features']!.values]).toEqual(samples.flatMap((at) => [at + 1, 2]));
    expect([...tensors['target']!.values]).toEqual(samples.map((at) => at % 2));
    expect(model.reference).toMatchObject({ samples: 12, neighbors: 10 });
  });

  it('of several members names the weights of each, and of numbers how each is scaled', async () => {
    const numbers = Float32Array.from({ length: 20 }, (_, at) => at / 2);
    const { job, members, place } = await keeping(
      { seeds: [1, 4], target: 'number', metric: 'rmse' },
      { classIds: new Int32Array(), classNames: [], numbers },
    );
    const { model } = await keepModel(job, program, members, facts);
    expect(model.head).toEqual({ kind: 'number' });
    expect(model.members).toMatchObject([
      { file: 'weights-1.safetensors', seed: 1, scale: { mean: 10, deviation: 1 } },
      { file: 'weights-4.safetensors', seed: 4, scale: { mean: 10, deviation: 4 } },
    ]);
    const weights = await readCheckpoint(join(place(model.id), 'weights-4.safetensors'), members[1]!.sha256);
    expect(weights.tensors['weight']!.values[0]).toBe(4);
    const { tensors } = await readCheckpoint(join(place(model.id), 'reference.safetensors'));
    expect([...tensors['target']!.values]).toEqual([...tensors['sample']!.values].map((at) => at / 2));
  });

  it('keeps further heads, each with what it was trained on', async () => {
    const { job, members, place } = await keeping();
    const dataset = await byteDataset(10, { name: 'other', classNames: ['low', 'high'] });
    const own = { ...job, dataset, model: describedModel('aaaaaaaaaa', dataset) };
    const further = [{ job: own, facts: { ...facts, labels: 4, temperature: 2 }, scales: [null] }];
    const { model, bytes } = await keepModel(job, program, members, facts, further);
    expect(model).toMatchObject({
      format: 3,
      trainedOn: { dataset: job.dataset.name, labels: 6 },
      others: [
        {
          head: { kind: 'classes', classNames: ['low', 'high'] },
          trainedOn: { dataset: 'other', labels: 4 },
          temperature: 2,
          reference: { file: 'reference-1.safetensors' },
        },
      ],
    });
    const names = readdirSync(place(model.id));
    expect(names).toContain('reference-1.safetensors');
    expect(bytes).toBe(
      names.reduce((sum, name) => sum + readFileSync(join(place(model.id), name)).length, 0),
    );
  });

  it('takes the place of the one that stood there, and of what a killed process left', async () => {
    const { job, members, place } = await keeping();
    await keepModel(job, program, members, { ...facts, labels: 2 });
    const left = `${place('aaaaaaaaaa-1')}.tmp-${process.pid}`;
    mkdirSync(left);
    writeFileSync(join(left, 'weights.safetensors'), 'half');
    const { model } = await keepModel(job, program, members, facts);
    expect(model.trainedOn.labels).toBe(6);
    expect(readdirSync(join(place(model.id), '..'))).toEqual(['aaaaaaaaaa-1']);
  });

  it('knows how many bits of stored 16 its values use', async () => {
    const { job, members } = await keeping();
    const stored = { shape: [1, 1, 1], dtype: 'uint16' as const };
    const described = describedModel('aaaaaaaaaa', { name: 'bytes', ...stored });
    // Pairs of bytes, little-endian: the values are 16 · 1, 16 · 2 and 16 · 3, whose lowest bit is the fifth.
    writeFileSync(
      job.dataset.shard,
      Uint8Array.from({ length: 40 }, (_, at) => (at % 2 ? 0 : 16 * (1 + (at % 3)))),
    );
    const dataset = {
      ...job.dataset,
      dtype: 'uint16' as const,
      offsets: Float64Array.from({ length: 20 }, (_, at) => 2 * at),
    };
    const { model } = await keepModel({ ...job, dataset, model: described }, program, members, facts);
    expect(model.preparation.bits).toBe(12);
  });

  it('leaves nothing where its weights are gone', async () => {
    const { job, members, place } = await keeping();
    await expect(keepModel(job, program, [{ ...members[0]!, file: 'gone' }], facts)).rejects.toThrow();
    expect(existsSync(place('aaaaaaaaaa-1'))).toBe(false);
    expect(readdirSync(join(place('aaaaaaaaaa-1'), '..'))).toEqual([]);
    await expect(keepModel({ ...job, model: undefined }, program, members, facts)).rejects.toThrow(
      'by a job that does not describe it',
    );
  });
});
