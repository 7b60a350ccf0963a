import { mkdtemp } from 'node:fs/promises';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Followed, Making } from '../../../../../src/contract/model/making.ts';
import type { DatasetSelection } from '../../../../../src/contract/messages/dataset-selection.ts';
import { readCheckpoint } from '../../../../../src/training/checkpoints/file.ts';
import { runFinetune } from '../../../../../src/training/finetune/run.ts';
import { createAnswerer } from '../../../../../src/training/models/answer.ts';
import { loadModel, type LoadedModel } from '../../../../../src/training/models/load.ts';
import { indicesOfSplit } from '../../../../../src/training/samples/selection.ts';
import { stripesJob } from '../../../../fixtures/finetune-jobs.ts';
import { describedModel } from '../../../../fixtures/models.ts';
import { recorder, type Recorder } from '../../../../fixtures/recorder.ts';
import { writeStripes } from '../../../../fixtures/stripes.ts';

let folder: string;
let dataset: DatasetSelection;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pretext-made-'));
  dataset = await writeStripes(folder, 320);
});

const followed: Followed = {
  runs: ['baseline-1'],
  seeds: 2,
  labels: 32,
  metric: 'balanced-accuracy',
  validation: { score: 0.9, samples: 40 },
  test: { score: 0.8, samples: 80 },
};
const placeOf = (record: Recorder) => join(folder, 'models', record.models.at(-1)!.model.id);

/** What the members at these places answer for test samples, without a temperature. */
async function answersOf(loaded: LoadedModel, one: DatasetSelection, places: number[]) {
  const plain = { ...loaded.model, temperature: null };
  const answerer = createAnswerer(
    {
      ...loaded,
      model: { ...plain, members: places.map((place) => plain.members[place]!) },
      weights: places.map((place) => loaded.weights[place]!),
    },
    'uint8',
  );
  const { values, width } = await answerer.answer(one, indicesOfSplit(one, 'test'));
  answerer.close();
  return { values, width };
}

/** Over the classes, by hand. */
function meanRecall(
  { classIds, classNames }: DatasetSelection,
  indices: Int32Array,
  { values, width }: Awaited<ReturnType<typeof answersOf>>,
): number {
  const right = Array.from(indices, (index, row) => {
    const own = [...values.subarray(row * width, (row + 1) * width)];
    return { target: classIds[index]!, answer: own.indexOf(Math.max(...own)) };
  });
  const recalls = classNames.map((_, id) => {
    const own = right.filter(({ target }) => target === id);
    return own.filter(({ answer }) => answer === id).length / own.length;
  });
  return recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length;
}

describe('an ensemble', () => {
  const ensemble: Making = { kind: 'ensemble', followed };
  let run: Recorder;
  let made: Recorder;
  beforeAll(async () => {
    run = recorder();
    await runFinetune(stripesJob(folder, dataset, 'aaaaaaaaaa'), run);
    made = recorder();
    await runFinetune(stripesJob(folder, dataset, 'eeeeeeeeee', { making: ensemble }), made);
  });

  it('holds the very models of the run’s seeds', async () => {
    const { model, weights } = await loadModel(placeOf(made));
    expect(model.id).toBe('eeeeeeeeee-ensemble');
    expect(readdirSync(placeOf(made)).toSorted()).toEqual([
      'model.json',
      'reference.safetensors',
      'weights-1.safetensors',
      'weights-2.safetensors',
    ]);
    const best = await loadModel(placeOf(run));
    const { seed } = best.model.members[0]!;
    expect(weights[model.members.findIndex((one) => one.seed === seed)]).toEqual(best.weights[0]);
  });

  it('answers the mean of what its members answer, and is scored by that', async () => {
    const loaded = await loadModel(placeOf(made));
    const both = await answersOf(loaded, dataset, [0, 1]);
    const [first, second] = [await answersOf(loaded, dataset, [0]), await answersOf(loaded, dataset, [1])];
    both.values.forEach((value, at) =>
      expect(value).toBeCloseTo((first.values[at]! + second.values[at]!) / 2, 12),
    );
    const mean = meanRecall(dataset, indicesOfSplit(dataset, 'test'), both);
    expect(loaded.model.scores.test).toEqual({ score: expect.closeTo(mean, 12) as number, samples: 80 });
    expect(loaded.model.scores.train).toBeNull();
    expect(loaded.model.temperature).toBeGreaterThan(0);
  });

  it('that is interrupted trains no member twice', async () => {
    const halted = recorder((step) => (step >= 30 ? 'pause' : null));
    await runFinetune(stripesJob(folder, dataset, 'iiiiiiiiii', { making: ensemble }), halted);
    const places = halted.checkpoints.map(({ kind, file, sha256 }) => ({
      kind,
      file: join(folder, 'checkpoints', file),
      sha256,
    }));
    const members = places.filter(({ kind }) => kind === 'member');
    expect(members).toHaveLength(1);
    const resumeFrom = places.findLast(({ kind }) => kind === 'last')!;
    const rest = recorder();
    await runFinetune(
      stripesJob(folder, dataset, 'iiiiiiiiii', { making: ensemble, members, resumeFrom }),
      rest,
    );
    expect(rest.checkpoints.filter(({ kind }) => kind === 'member')).toHaveLength(1);
    const [again, before] = [await loadModel(placeOf(rest)), await loadModel(placeOf(made))];
    expect(again.weights).toEqual(before.weights);
    expect(again.model.temperature).toBe(before.model.temperature);
    const { tensors } = await readCheckpoint(members[0]!.file, members[0]!.sha256);
    expect(again.weights[0]).toEqual(tensors);
  });

  it('of several heads averages, calibrates and scores each on its own dataset', async () => {
    const other = await writeStripes(folder, 160, 'other');
    const runId = 'jjjjjjjjjj';
    const own = { ...followed, test: { score: 0.7, samples: 40 } };
    const record = recorder();
    await runFinetune(
      stripesJob(folder, dataset, runId, {
        others: [{ dataset: other, target: 'classes', model: describedModel(runId, other) }],
        making: { ...ensemble, others: [{ dataset: 'other', followed: own }] },
      }),
      record,
    );
    for (const [one, told] of [[dataset, followed] as const, [other, own] as const]) {
      const loaded = await loadModel(placeOf(record), one.name);
      const { model } = loaded;
      expect(model.made).toEqual({ kind: 'ensemble', followed: told, epochs: null });
      const test = indicesOfSplit(one, 'test');
      const both = await answersOf(loaded, one, [0, 1]);
      const alone = [await answersOf(loaded, one, [0]), await answersOf(loaded, one, [1])];
      both.values.forEach((value, at) =>
        expect(value).toBeCloseTo((alone[0]!.values[at]! + alone[1]!.values[at]!) / 2, 12),
      );
      expect(model.scores.test).toEqual({
        score: expect.closeTo(meanRecall(one, test, both), 12) as number,
        samples: test.length,
      });
      expect(model.temperature).toBeGreaterThan(0);
    }
  });
});
