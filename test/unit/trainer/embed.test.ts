import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DatasetSelection } from '../../../src/contract/messages/dataset-selection.ts';
import { answersHere } from '../../../src/export/graph/model-graph.ts';
import { startTensorFlow } from '../../../src/tensor/index.ts';
import { writeEmbeddings } from '../../../src/trainer/embed.ts';
import { writeCheckpoint } from '../../../src/training/checkpoints/file.ts';
import { readSamples } from '../../../src/training/samples/reader.ts';
import { exportedModel, largestDifference } from '../../fixtures/exported-models.ts';
import { writeStripes } from '../../fixtures/stripes.ts';

await startTensorFlow({ threads: 1 });

const COUNT = 70;
let folder: string;
let dataset: DatasetSelection;
let checkpoint: { file: string; sha256: string };
let wanted: ReturnType<typeof exportedModel>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pretext-embed-'));
  dataset = await writeStripes(folder, COUNT);
  const { shape: inputShape } = dataset;
  const options = { width: 8, features: 16, stages: 2 };
  wanted = exportedModel(
    { name: 'stripes', family: 'residual', modality: 'image', inputShape, options },
    { head: null },
  );
  const file = join(folder, 'checkpoint.safetensors');
  const { mean, standardDeviation } = wanted.channelStatistics;
  const { sha256 } = await writeCheckpoint(file, {
    tensors: wanted.members[0]!.weights,
    metadata: {
      encoder: wanted.encoder,
      modality: 'image',
      inputShape,
      channelStatistics: { mean, standardDeviation },
    },
  });
  checkpoint = { file, sha256 };
});
afterAll(() => rmSync(folder, { recursive: true }));

const from = (of: DatasetSelection) => ({
  kind: 'dataset' as const,
  dataset: of,
  sources: Array.from({ length: COUNT }, (_, index) => `${index}.png`),
});
const asked = (name: string, more: object = {}) => ({
  source: { kind: 'checkpoint' as const, ...checkpoint, name: 'simclr-1' },
  from: from(dataset),
  format: 'parquet' as const,
  file: join(folder, name),
  overwrite: false,
  ...more,
});
const control = { signal: new AbortController().signal, progress: async () => undefined };

it('writes the features that the encoder gives, with what each sample is', async () => {
  const done = await writeEmbeddings(asked('a.parquet'), control);
  expect(done).toEqual({ files: [join(folder, 'a.parquet')], samples: COUNT, features: 16, leftOut: 0 });
  const rows = await parquetReadObjects({
    file: new Uint8Array(readFileSync(join(folder, 'a.parquet'))).buffer,
  });
  const bytes = await readSamples(
    dataset,
    Int32Array.from({ length: COUNT }, (_, index) => index),
  );
  const here = answersHere(wanted, Float32Array.from(bytes))['features']!;
  const found = rows.flatMap((row) =>
    Array.from({ length: 16 }, (_, column) => Number(row[`feature_${column}`])),
  );
  expect(largestDifference(found, here)).toBeLessThan(1e-4);
  expect(rows[3]).toMatchObject({ source: '3.png', label: dataset.classNames[dataset.classIds[3]!] });
});

it('writes over nothing, and leaves nothing half written', async () => {
  const file = join(folder, 'mine.parquet');
  writeFileSync(file, 'mine');
  await expect(writeEmbeddings(asked('mine.parquet'), control)).rejects.toMatchObject({
    failure: { code: 'file.exists' },
  });
  const stopped = { ...control, progress: () => Promise.reject(new Error('withdrawn')) };
  await expect(writeEmbeddings(asked('mine.parquet', { overwrite: true }), stopped)).rejects.toThrow(
    'withdrawn',
  );
  expect(readFileSync(file, 'utf8')).toBe('mine');
  expect(readdirSync(folder).filter((name) => name.includes('.tmp-'))).toEqual([]);
});

it('refuses samples that the encoder cannot read', async () => {
  const other = { ...dataset, shape: [4, 4, 3] };
  await expect(writeEmbeddings(asked('b.parquet', { from: from(other) }), control)).rejects.toMatchObject({
    failure: { code: 'embed.other-samples' },
  });
});

it('takes files only where a model says how they are prepared', async () => {
  const files = { kind: 'files', paths: [folder] };
  await expect(writeEmbeddings(asked('c.parquet', { from: files }), control)).rejects.toMatchObject({
    failure: { code: 'embed.no-preparation' },
  });
});
