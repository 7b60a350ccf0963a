import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { DatasetSelection } from '../../../../src/contract/messages/dataset-selection.ts';
import type { FinetuneInputs } from '../../../../src/training/inputs.ts';
import { startTensorFlow } from '../../../../src/tensor/index.ts';
import { readCheckpoint } from '../../../../src/training/checkpoints/file.ts';
import { runFinetune } from '../../../../src/training/finetune/run.ts';
import { createAnswerer } from '../../../../src/training/models/answer.ts';
import { loadModel } from '../../../../src/training/models/load.ts';
import { indicesOfSplit } from '../../../../src/training/samples/selection.ts';
import { stripesJob } from '../../../fixtures/finetune-jobs.ts';
import { recorder, type Recorder } from '../../../fixtures/recorder.ts';
import { describedModel } from '../../../fixtures/models.ts';
import { writeStripes } from '../../../fixtures/stripes.ts';

const failsWith = (code: string) =>
  expect.objectContaining({ failure: expect.objectContaining({ code }) as unknown }) as unknown;

let folder: string;
let dataset: DatasetSelection;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pretext-kept-'));
  dataset = await writeStripes(folder, 320);
});

const jobOf = (runId: string, more: Partial<FinetuneInputs> = {}) => stripesJob(folder, dataset, runId, more);

let ran: Promise<Recorder> | null = null;
const ofClasses = () =>
  (ran ??= (async () => {
    const record = recorder();
    await runFinetune(jobOf('aaaaaaaaaa'), record);
    return record;
  })());
const placeOf = (record: Recorder) => join(folder, 'models', record.models.at(-1)!.model.id);

describe('a kept model', () => {
  it('is the best seed by validation score, in one folder without anything unfinished', async () => {
    const record = await ofClasses();
    const { model, bytes } = record.models.at(-1)!;
    const best = record.rows.toSorted((a, b) => b.validation - a.validation)[0]!;
    expect(model.id).toBe(`aaaaaaaaaa-${best.seed}`);
    expect(model.members.map(({ seed }) => seed)).toEqual([best.seed]);
    expect(model.scores).toEqual({
      metric: 'balanced-accuracy',
      train: { score: best.train, samples: 32 },
      validation: { score: best.validation, samples: 40 },
      test: { score: best.test, samples: 80 },
    });
    expect(model.temperature).toBe(best.calibration!.temperature);
    const files = readdirSync(placeOf(record)).toSorted();
    expect(files).toEqual(['model.json', 'reference.safetensors', 'weights.safetensors']);
    const sizes = files.map((file) => statSync(join(placeOf(record), file)).size);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(bytes);
    expect(readdirSync(join(folder, 'models')).every((name) => !name.includes('tmp'))).toBe(true);
  });

  it('answers exactly as its run answered on the test samples', async () => {
    const record = await ofClasses();
    await startTensorFlow();
    // As anybody would have it: copied elsewhere.
    const copy = await mkdtemp(join(tmpdir(), 'pretext-copied-'));
    await cp(placeOf(record), copy, { recursive: true });
    const loaded = await loadModel(copy);
    const { seed } = loaded.model.members[0]!;
    const kept = record.answers.find(({ file }) => file.endsWith(`-${seed}.safetensors`))!;
    const { tensors } = await readCheckpoint(join(folder, 'answers', kept.file), kept.sha256);
    const test = indicesOfSplit(dataset, 'test');
    expect([...tensors['sample']!.values]).toEqual([...test]);

    const plain = createAnswerer({ ...loaded, model: { ...loaded.model, temperature: null } }, 'uint8');
    const { values, width } = await plain.answer(dataset, test);
    plain.close();
    const answered = Array.from(test, (_, row) => {
      const own = values.slice(row * width, (row + 1) * width);
      return own.indexOf(Math.max(...own));
    });
    expect(answered).toEqual([...tensors['answer']!.values]);
    const highest = Float32Array.from(answered, (id, row) => values[row * width + id]!);
    expect(highest).toEqual(tensors['probability']!.values);

    // The temperature changes how sure it is, and no answer.
    const calibrated = createAnswerer(loaded, 'uint8');
    const believed = await calibrated.answer(dataset, test);
    calibrated.close();
    const temperature = loaded.model.temperature!;
    for (let row = 0; row < 5; row += 1) {
      const own = values.slice(row * width, (row + 1) * width);
      const powers = own.map((value) => value ** (1 / temperature));
      const sum = powers.reduce((total, value) => total + value, 0);
      for (let id = 0; id < width; id += 1)
        expect(believed.values[row * width + id]).toBeCloseTo(powers[id]! / sum, 6);
    }
  });

  it('knows its training samples, and finds noise unlike them', async () => {
    const record = await ofClasses();
    await startTensorFlow();
    const loaded = await loadModel(placeOf(record));
    const answerer = createAnswerer(loaded, 'uint8');
    const train = indicesOfSplit(dataset, 'train');
    expect([...loaded.reference!.samples]).toEqual([...train]);
    const { nearest } = await answerer.answer(dataset, train);
    // Each is its own nearest.
    expect(nearest!.every(({ rows }, row) => rows[0] === row)).toBe(true);
    const black = join(folder, 'black.bin');
    writeFileSync(black, new Uint8Array(12 * 12));
    const strange = { ...dataset, shard: black, offsets: Float64Array.of(0) };
    const found = await answerer.answer(strange, Int32Array.of(0));
    answerer.close();
    expect(found.nearest![0]!.percentile).toBe(100);
  });

  it('of numbers answers in their unit, with the interval that validation samples ask for', async () => {
    const numbers = Float32Array.from(dataset.classIds, (id, i) => 1000 + 50 * id + (i % 3));
    const ofNumbers = { ...dataset, classIds: new Int32Array(), classNames: [], numbers };
    const record = recorder();
    await runFinetune(
      jobOf('bbbbbbbbbb', {
        dataset: ofNumbers,
        target: 'number',
        metric: 'rmse',
        budget: { total: 40 },
        model: describedModel('bbbbbbbbbb', ofNumbers),
      }),
      record,
    );
    const loaded = await loadModel(placeOf(record));
    const { seed } = loaded.model.members[0]!;
    const kept = record.answers.find(({ file }) => file.endsWith(`-${seed}.safetensors`))!;
    const { tensors } = await readCheckpoint(join(folder, 'answers', kept.file), kept.sha256);
    const answerer = createAnswerer(loaded, 'uint8');
    const { values } = await answerer.answer(ofNumbers, indicesOfSplit(dataset, 'test'));
    const validation = indicesOfSplit(dataset, 'validation');
    const held = await answerer.answer(ofNumbers, validation);
    answerer.close();
    values.forEach((value, i) => expect(value).toBeCloseTo(tensors['answer']!.values[i]!, 3));
    const [first] = loaded.model.intervals;
    expect(first!.level).toBe(0.9);
    // 40 validation samples: the 37th smallest of their errors, ⌈41 × 0.9⌉.
    const errors = Array.from(validation, (index, i) => Math.abs(held.values[i]! - numbers[index]!));
    expect(first!.halfWidth).toBeCloseTo(errors.toSorted((a, b) => a - b)[36]!, 3);
  });

  it('is refused when a file was changed, is missing, or its description is not one', async () => {
    const record = await ofClasses();
    const changed = async (file: string, change: (bytes: Buffer) => Buffer | string) => {
      const copy = await mkdtemp(join(tmpdir(), 'pretext-changed-'));
      await cp(placeOf(record), copy, { recursive: true });
      writeFileSync(join(copy, file), change(readFileSync(join(copy, file))));
      return loadModel(copy);
    };
    const flipped = (bytes: Buffer) => {
      bytes[bytes.length - 3]! ^= 1;
      return bytes;
    };
    await expect(changed('weights.safetensors', flipped)).rejects.toEqual(failsWith('model.changed'));
    await expect(changed('reference.safetensors', flipped)).rejects.toEqual(failsWith('model.changed'));
    await expect(changed('model.json', () => '{')).rejects.toEqual(failsWith('model.broken'));
    await expect(changed('model.json', () => '{"format":99}')).rejects.toEqual(failsWith('model.newer'));
    const leading = (bytes: Buffer) => String(bytes).replace('"weights.safetensors"', '"../../weights"');
    await expect(changed('model.json', leading)).rejects.toEqual(failsWith('model.broken'));
    await expect(loadModel(tmpdir())).rejects.toEqual(failsWith('model.missing'));
    expect(existsSync(placeOf(record))).toBe(true);
  });
});
