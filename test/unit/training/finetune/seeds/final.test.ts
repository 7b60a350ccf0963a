import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Followed, Making } from '../../../../../src/contract/model/making.ts';
import type { DatasetSelection } from '../../../../../src/contract/messages/dataset-selection.ts';
import { runFinetune } from '../../../../../src/training/finetune/run.ts';
import { createAnswerer } from '../../../../../src/training/models/answer.ts';
import { loadModel } from '../../../../../src/training/models/load.ts';
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
const final: Making = {
  kind: 'final',
  splits: ['train', 'validation', 'test'],
  share: 0.5,
  followed,
  temperature: 1.25,
  intervals: [],
};
const placeOf = (record: Recorder) => join(folder, 'models', record.models.at(-1)!.model.id);

describe('a final model', () => {
  it('is trained once on all labels that it may see, for as long as others were best', async () => {
    const record = recorder();
    const ended = await runFinetune(
      stripesJob(folder, dataset, 'ffffffffff', { budget: 'all', seeds: [0], making: final }),
      record,
    );
    expect(ended).toBe('done');
    const { model } = record.models[0]!;
    expect(model.id).toBe('ffffffffff-final');
    // 320 labels in batches of 16: 20 steps an epoch, 80 in all, and half of them are taken.
    expect(record.lastStep).toBe(40);
    expect(model.made).toEqual({ kind: 'final', followed, epochs: 2 });
    expect(model.trainedOn.labels).toBe(320);
    expect(model.trainedOn.splits).toEqual(['train', 'validation', 'test']);
    expect(model.temperature).toBe(1.25);
    expect(model.scores.validation).toBeNull();
    expect(model.scores.test).toBeNull();
    expect(model.scores.train!.samples).toBe(320);
    // Nothing for the comparison.
    expect(record.rows).toEqual([]);
    expect(record.answers).toEqual([]);
    const { model: read, reference } = await loadModel(placeOf(record));
    expect(read).toEqual(model);
    expect([...reference!.samples]).toHaveLength(320);
  });

  it('goes on after a pause and comes out the same to the bit', async () => {
    const job = (runId: string) =>
      stripesJob(folder, dataset, runId, { budget: 'all', seeds: [0], making: final });
    const whole = recorder();
    await runFinetune(job('gggggggggg'), whole);
    const halted = recorder((step) => (step >= 17 ? 'pause' : null));
    expect(await runFinetune(job('hhhhhhhhhh'), halted)).toBe('paused');
    const last = halted.checkpoints.at(-1)!;
    const rest = recorder();
    const resumeFrom = { file: join(folder, 'checkpoints', last.file), sha256: last.sha256 };
    await runFinetune({ ...job('hhhhhhhhhh'), resumeFrom }, rest);
    const weightsOf = async (record: Recorder) => (await loadModel(placeOf(record))).weights;
    expect(await weightsOf(rest)).toEqual(await weightsOf(whole));
  });

  it('of several heads is one training on the labels of all datasets, and answers each by its own', async () => {
    const other = await writeStripes(folder, 160, 'other');
    const runId = 'jjjjjjjjjj';
    const own = { ...followed, test: { score: 0.7, samples: 40 } };
    const record = recorder();
    await runFinetune(
      stripesJob(folder, dataset, runId, {
        budget: 'all',
        seeds: [0],
        others: [{ dataset: other, target: 'classes', model: describedModel(runId, other) }],
        making: {
          ...final,
          others: [{ dataset: 'other', followed: own, temperature: 2, intervals: [] }],
        },
      }),
      record,
    );
    // As long as the dataset with the most labels asks for: the other is gone through twice as often.
    expect(record.lastStep).toBe(40);
    const { model } = record.models[0]!;
    expect(model).toMatchObject({ temperature: 1.25, made: { followed, epochs: 2 } });
    expect(model.others).toMatchObject([
      {
        temperature: 2,
        trainedOn: { dataset: 'other', labels: 160, splits: ['train', 'validation', 'test'] },
        made: { kind: 'final', followed: own, epochs: 4 },
        scores: { validation: null, test: null },
      },
    ]);
    for (const one of [dataset, other]) {
      const all = Int32Array.from(one.classIds, (_, at) => at);
      const loaded = await loadModel(placeOf(record), one.name);
      const answerer = createAnswerer(loaded, 'uint8');
      const { values, width } = await answerer.answer(one, all);
      answerer.close();
      const isRight = Array.from(all, (at) => {
        const answers = [...values.subarray(at * width, (at + 1) * width)];
        return answers.indexOf(Math.max(...answers)) === one.classIds[at];
      });
      const recalls = one.classNames.map((_, id) => {
        const members = isRight.filter((_right, at) => one.classIds[at] === id);
        return members.filter(Boolean).length / members.length;
      });
      const recall = recalls.reduce((sum, value) => sum + value, 0) / recalls.length;
      expect(loaded.model.scores.train).toEqual({
        score: expect.closeTo(recall, 12) as number,
        samples: all.length,
      });
      expect(recall).toBeGreaterThan(0.4);
    }
  });
});
