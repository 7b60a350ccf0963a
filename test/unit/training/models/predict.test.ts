import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { finetuneSchema } from '../../../../src/contract/recipe/recipe.ts';
import type { DatasetSelection } from '../../../../src/contract/messages/dataset-selection.ts';
import type { Model } from '../../../../src/contract/model/model.ts';
import type { Prediction, Predictions } from '../../../../src/contract/model/prediction.ts';
import { runFinetune } from '../../../../src/training/finetune/run.ts';
import { explain } from '../../../../src/training/models/explain.ts';
import { loadModel } from '../../../../src/training/models/load.ts';
import { predict, type PredictControl } from '../../../../src/training/models/predict.ts';
import { indicesOfSplit } from '../../../../src/training/samples/selection.ts';
import { recorder } from '../../../fixtures/recorder.ts';
import { describedModel } from '../../../fixtures/models.ts';
import { writeStripes } from '../../../fixtures/stripes.ts';

const failsWith = (code: string) =>
  expect.objectContaining({ failure: expect.objectContaining({ code }) as unknown }) as unknown;

let folder: string;
let dataset: DatasetSelection;
let model: Model;
let modelFolder: string;
let pictures: string;
let test: Int32Array;
const SIDE = 12;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pretext-predict-'));
  dataset = await writeStripes(folder, 160);
  const record = recorder();
  await runFinetune(
    {
      kind: 'finetune',
      runId: 'aaaaaaaaaa',
      projectFolder: folder,
      inputShape: dataset.shape,
      modality: 'image',
      encoder: { family: 'residual', options: { width: 8, stages: 2, features: 16 } },
      threads: 2,
      resumeFrom: null,
      arm: 'baseline',
      budget: { perClass: 8 },
      metric: 'balanced-accuracy',
      target: 'classes',
      finetune: finetuneSchema.parse({ seeds: 1, epochs: 3, minimumSteps: 16, batchSize: 16, patience: 0 }),
      dataset,
      checkpoint: null,
      finishedSeeds: [],
      model: describedModel('aaaaaaaaaa', dataset),
    },
    record,
  );
  model = record.models[0]!.model;
  modelFolder = join(folder, 'models', model.id);
  test = indicesOfSplit(dataset, 'test');
  pictures = join(folder, 'pictures');
  await mkdir(join(pictures, 'more'), { recursive: true });
  const bytes = readFileSync(dataset.shard);
  for (const [place, index] of test.entries()) {
    const pixels = bytes.subarray(dataset.offsets[index]!, dataset.offsets[index]! + SIDE * SIDE);
    const file = join(pictures, place < 30 ? '' : 'more', `${String(place).padStart(3, '0')}.png`);
    await sharp(pixels, { raw: { width: SIDE, height: SIDE, channels: 1 } })
      .png()
      .toFile(file);
  }
  // The same picture twice is asked about twice; what is no picture is told and left out.
  writeFileSync(join(pictures, 'again.png'), readFileSync(join(pictures, '000.png')));
  writeFileSync(join(pictures, 'broken.png'), 'no picture at all');
});

const quiet: PredictControl = { signal: new AbortController().signal, progress: () => Promise.resolve() };
const asked = { rows: 100, pictures: false, output: null };
const fromFiles = (...paths: string[]) => ({ kind: 'files' as const, paths });
const fromDataset = () => ({
  kind: 'dataset' as const,
  dataset: { ...dataset, offsets: Float64Array.from(test, (index) => dataset.offsets[index]!) },
  sources: Array.from(test, (index) => `sample ${index}`),
});
const ask = (from: Parameters<typeof predict>[0]['from'], more: object = {}, control = quiet) =>
  predict({ model: modelFolder, from, ...asked, ...more }, control);
const named = ({ rows }: Predictions, name: string): Prediction =>
  rows.find(({ source }) => source.endsWith(name))!;

describe('predictions', () => {
  it('of picture files are those of the samples that the files were made from', async () => {
    const [files, stored] = [await ask(fromFiles(pictures)), await ask(fromDataset())];
    expect(files.samples).toBe(test.length + 1);
    expect(files.leftOut).toBe(1);
    expect(files.issues).toContainEqual(
      expect.objectContaining({ file: join(pictures, 'broken.png'), severity: 'left-out' }),
    );
    for (const [place, row] of stored.rows.entries()) {
      const found = named(files, `${String(place).padStart(3, '0')}.png`);
      found.values.forEach((value, id) => expect(value).toBeCloseTo(row.values[id]!, 5));
      expect(found.percentile).toBeCloseTo(row.percentile!, 1);
    }
    expect(named(files, 'again.png').values).toEqual(named(files, '000.png').values);
    const sum = files.rows[0]!.values.reduce((total, value) => total + value, 0);
    expect(sum).toBeCloseTo(1, 6);
    const [nearest] = files.rows[0]!.nearest;
    expect(nearest!.label).toBe(dataset.classNames[dataset.classIds[nearest!.sample]!]);
  });

  it('of single files and of folders are answered in one go, with pictures where they are wanted', async () => {
    const from = fromFiles(join(pictures, '003.png'), join(pictures, 'more'), join(pictures, '001.png'));
    const found = await ask(from, { pictures: true, rows: 2 });
    expect(found.samples).toBe(test.length - 30 + 2);
    expect(found.rows.map(({ source }) => source)).toEqual([
      join(pictures, '003.png'),
      join(pictures, '001.png'),
    ]);
    expect(found.rows[0]!.panel).toMatchObject({ kind: 'image', width: SIDE, height: SIDE });
  });

  it.each(['csv', 'jsonl', 'parquet'] as const)(
    'are written as %s, and read back the same',
    async (format) => {
      const file = join(folder, `out-${format}.${format}`);
      const output = { file, format, overwrite: false, embeddings: true };
      const told = await ask(fromFiles(pictures), { output });
      expect(told.file).toBe(file);
      const rows = await readBack(file, format);
      expect(rows).toHaveLength(test.length + 1);
      const [row] = rows;
      const first = told.rows[0]!;
      expect(row!['source']).toBe(first.source);
      const best = first.values.indexOf(Math.max(...first.values));
      expect(row!['label']).toBe(dataset.classNames[best]);
      expect(Number(row!['probability'])).toBeCloseTo(first.values[best]!, 12);
      expect(Number(row!['probability: rising'])).toBeCloseTo(first.values[1]!, 12);
      expect(Number(row!['unlike_training_percentile'])).toBeCloseTo(first.percentile!, 9);
      expect(Object.keys(row!).filter((name) => name.startsWith('feature_'))).toHaveLength(16);
      expect(Number.isFinite(Number(row!['feature_16']))).toBe(true);
      const [head, line] = readFileSync(told.leftOutFile!, 'utf8').split('\r\n');
      expect(head).toBe('file,row,reason,message');
      expect(line).toContain(`${join(pictures, 'broken.png')},`);
      expect(readdirSync(folder).filter((name) => /tmp|gathered/.test(name))).toEqual([]);
      const again = ask(fromFiles(pictures), { output });
      await expect(again).rejects.toEqual(failsWith('file.exists'));
      expect(await readBack(file, format)).toHaveLength(test.length + 1);
      await ask(fromFiles(join(pictures, 'more')), { output: { ...output, overwrite: true } });
      expect(await readBack(file, format)).toHaveLength(test.length - 30);
    },
  );

  it('go on where they were interrupted, and begin anew where the samples are others', async () => {
    const file = join(folder, 'interrupted.csv');
    const output = { file, format: 'csv' as const, overwrite: false, embeddings: false };
    const abort = new AbortController();
    const from = manySamples(5000);
    const stopping: PredictControl = {
      signal: abort.signal,
      progress({ done }) {
        if (done > 2048) throw new Error('stopped');
        return Promise.resolve();
      },
    };
    await expect(ask(from, { output }, stopping)).rejects.toThrow('stopped');
    expect(existsSync(file)).toBe(false);
    const done: number[] = [];
    const control = { ...quiet, progress: async ({ done: now }: { done: number }) => void done.push(now) };
    const resumed = await ask(from, { output }, control);
    expect(done).toEqual([5000]);
    expect(resumed.samples).toBe(5000);
    const lines = readFileSync(file, 'utf8').trimEnd().split('\r\n');
    expect(lines).toHaveLength(5001);
    expect(lines.slice(1).map((line) => line.split(',')[0])).toEqual(from.sources);
    // Others, of which nothing was done.
    rmSync(file);
    await expect(ask(from, { output }, stopping)).rejects.toThrow('stopped');
    expect((await ask(fromFiles(pictures), { output })).samples).toBe(test.length + 1);
  });

  it('of other channels, other kinds of data or nothing are refused in words', async () => {
    const recordings = join(folder, 'recordings');
    await mkdir(recordings);
    const rows = Array.from({ length: 300 }, (_, i) => `${i / 100},${Math.sin(i / 9)},${Math.cos(i / 7)}`);
    writeFileSync(join(recordings, 'a.csv'), `time,x,y\n${rows.join('\n')}\n`);
    await expect(ask(fromFiles(recordings))).rejects.toEqual(failsWith('model.other-kind'));
    const broken = join(folder, 'only-broken');
    await mkdir(broken);
    writeFileSync(join(broken, 'a.png'), 'nothing');
    const nothing = {
      file: join(folder, 'none.csv'),
      format: 'csv' as const,
      overwrite: false,
      embeddings: false,
    };
    await expect(ask(fromFiles(broken), { output: nothing })).rejects.toEqual(failsWith('predict.nothing'));
    expect(readdirSync(folder).filter((name) => name.includes('none.csv'))).toEqual([]);
    const bands = join('test', 'fixtures', 'cases', '20-more-than-three-bands');
    await expect(ask(fromFiles(bands))).rejects.toEqual(failsWith('model.other-channels'));
    await expect(ask(fromFiles(join(folder, 'nowhere')))).rejects.toEqual(failsWith('path.missing'));
  });

  it('are not begun where the file cannot be written', async () => {
    const file = join(folder, 'stripes.bin', 'out.csv');
    const output = { file, format: 'csv', overwrite: false, embeddings: false };
    await expect(ask(fromFiles(pictures), { output })).rejects.toThrow();
    expect(existsSync(dataset.shard)).toBe(true);
  });
});

describe('an explanation', () => {
  it('is of the same answer as the prediction, and its maps of two classes tell their distance', async () => {
    const [row] = (await ask(fromFiles(join(pictures, '005.png')))).rows;
    const from = { kind: 'file' as const, source: row!.source };
    const [first, second] = await Promise.all(
      [0, 1].map((target) => explain({ model: modelFolder, from, target }, quiet)),
    );
    first!.values.forEach((value, id) => expect(value).toBeCloseTo(row!.values[id]!, 4));
    expect(first!.panel).toMatchObject({ kind: 'image', width: SIDE, height: SIDE });
    const { weights } = await loadModel(modelFolder);
    const bias = weights[0]!['head/bias']!.values;
    const logit = (explanation: typeof first, target: number) => {
      const { values, grid } = explanation!.maps.find(({ method }) => method === 'grad-cam')!;
      expect(values).toHaveLength(grid.reduce((product, side) => product * side, 1));
      return values.reduce((sum, value) => sum + value, 0) / values.length + bias[target]!;
    };
    const distance = Math.log(row!.values[0]! / row!.values[1]!) * model.temperature!;
    expect(logit(first, 0) - logit(second, 1)).toBeCloseTo(distance, 3);
    const occlusion = first!.maps.find(({ method }) => method === 'occlusion')!;
    expect(occlusion.grid).toEqual([12, 12]);
    expect(Math.max(...occlusion.values.map(Math.abs))).toBeGreaterThan(0);
  });

  it('of a sample of a dataset is that of the same pixels in a file; what is gone is said', async () => {
    const { dataset: few } = fromDataset();
    const one = { ...few, offsets: few.offsets.slice(5, 6) };
    const stored = await explain(
      { model: modelFolder, from: { kind: 'dataset', dataset: one }, target: null },
      quiet,
    );
    const source = join(pictures, '005.png');
    const file = await explain({ model: modelFolder, from: { kind: 'file', source }, target: null }, quiet);
    expect(stored).toEqual(file);
    const gone = { kind: 'file' as const, source: join(pictures, 'gone.png rows 1–8') };
    await expect(explain({ model: modelFolder, from: gone, target: null }, quiet)).rejects.toEqual(
      failsWith('explain.no-sample'),
    );
    await expect(
      explain({ model: modelFolder, from: { kind: 'file', source }, target: 9 }, quiet),
    ).rejects.toEqual(failsWith('explain.no-class'));
  });
});

/** The test samples over and over, as a large dataset. */
function manySamples(count: number) {
  const { dataset: few } = fromDataset();
  const offsets = Float64Array.from({ length: count }, (_, i) => few.offsets[i % few.offsets.length]!);
  const sources = Array.from({ length: count }, (_, i) => `s${i}`);
  return { kind: 'dataset' as const, dataset: { ...few, offsets }, sources };
}

async function readBack(
  file: string,
  format: 'csv' | 'jsonl' | 'parquet',
): Promise<Record<string, unknown>[]> {
  if (format === 'parquet') return parquetReadObjects({ file: await asyncBufferFromFile(file) });
  const lines = readFileSync(file, 'utf8').trimEnd().split(/\r?\n/);
  if (format === 'jsonl') return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  const [head, ...rows] = lines.map((line) => line.split(','));
  return rows.map((row) => Object.fromEntries(head!.map((name, at) => [name, row[at]])));
}
