import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { PretextError } from '../../../../src/contract/errors.ts';
import { pretextSchema } from '../../../../src/contract/recipe/recipe.ts';
import type { SampleDescription } from '../../../../src/contract/data/sample-description.ts';
import type { DatasetSelection } from '../../../../src/contract/messages/dataset-selection.ts';
import type { PretextInputs } from '../../../../src/training/inputs.ts';
import { defineEncoder, type EncoderDefinition } from '../../../../src/learning/encoders/encoder.ts';
import { encoders, findEncoder } from '../../../../src/learning/encoders/registry.ts';
import { pretextTasks } from '../../../../src/learning/pretext/registry.ts';
import { definePretextTask, pretextModel, type PretextTask } from '../../../../src/learning/pretext/task.ts';
import { tf, type Scalar, type Tensor } from '../../../../src/tensor/index.ts';
import { following } from '../../../../src/learning/pretext/parts/window-draws.ts';
import { runPretext } from '../../../../src/training/pretext/run.ts';
import { recorder } from '../../../fixtures/recorder.ts';

/** What encoders were told of the values when they were built. */
const told: SampleDescription[] = [];
const listening = defineEncoder({
  id: 'listening',
  title: 'Listening',
  summary: 'The residual network for signals, which keeps what it is told.',
  modalities: ['signal'],
  options: z.strictObject({}),
  build(_, inputShape, about) {
    told.push(about);
    const { build, options } = findEncoder('residual', 'signal');
    return build(options.parse({ width: 8, stages: 1, features: 16 }), inputShape, about);
  },
});

/**
 * Asks for everything that may be asked. Values of a sample are its number in the dataset, so that a sample can be told
 * from its values; the metrics say how far what was asked for is from what it should be.
 */
const curious = definePretextTask({
  id: 'curious',
  title: 'Curious',
  summary: 'Asks where samples come from.',
  paper: { authors: 'Nobody', year: 2026, title: 'A test' },
  modalities: ['signal'],
  asks: ['group', 'recording', 'time', 'companions', 'found'],
  companions: () => ({
    count: 2,
    among: 'recording',
    words: 'two that follow it',
    draw: (places) => following(places, 2, 0),
  }),
  meanOverSamples: true,
  pseudoLabel: 'None.',
  healthy: 'Always.',
  options: z.strictObject({}),
  defaults: () => ({ options: {}, training: {} }),
  build: ({ encoder }) =>
    pretextModel({
      encoder,
      heads: [],
      step({ samples, facts, encode }) {
        const { group, recording, time, companions, found } = facts!;
        const number = (values: Tensor) => tf.mean(values, [1, 2]);
        const own = number(samples);
        const wrong = (found: Tensor, expected: Tensor) =>
          tf.max(tf.abs(tf.sub(tf.cast(found, 'float32'), expected))) as Scalar;
        // 16 samples a recording, in order; groups of two recordings; half a second between samples.
        const place = tf.mod(own, 16);
        // The second that follows, where it is there, else the sample itself.
        const there = tf.cast(tf.lessEqual(place, 13.5), 'float32');
        const second = tf.mean(tf.slice(companions!, [0, 1], [-1, 1]), [1, 2, 3]);
        const isThere = tf.reshape(tf.slice(found!, [0, 1], [-1, 1]), [-1]);
        return {
          loss: tf.mean(tf.square(encode(samples).features)) as Scalar,
          metrics: {
            wrongRecordings: wrong(recording!, tf.floor(tf.div(own, 16))),
            wrongGroups: wrong(group!, tf.floor(tf.div(own, 32))),
            wrongTimes: wrong(time!, tf.mul(place, 0.5)),
            wrongCompanions: wrong(second, tf.add(own, tf.mul(there, 2))),
            wrongFound: wrong(isThere, there),
          },
        };
      },
    }),
  preview: () => ({ columns: [], pseudoLabels: [] }),
});

const [tasks, families] = [pretextTasks as PretextTask[], encoders as EncoderDefinition[]];
let dataset: DatasetSelection;
let folder: string;
beforeAll(async () => {
  tasks.push(curious);
  families.push(listening);
  folder = await mkdtemp(join(tmpdir(), 'pretext-facts-'));
  const count = 64;
  const [length, channels] = [16, 2];
  const values = Float32Array.from({ length: count * length * channels }, (_, i) =>
    Math.floor(i / (length * channels)),
  );
  const shard = join(folder, 'numbers.bin');
  await writeFile(shard, values);
  const numbers = Int32Array.from({ length: count }, (_, i) => i);
  dataset = {
    name: 'numbers',
    modality: 'signal',
    shape: [length, channels],
    dtype: 'float32',
    shard,
    offsets: Float64Array.from(numbers, (i) => i * length * channels * 4),
    splits: new Uint8Array(count),
    classIds: new Int32Array(count).fill(-1),
    numbers: new Float32Array(),
    classNames: [],
    channelStatistics: { mean: [0, 0], standardDeviation: [1, 1] },
    groups: numbers.map((i) => Math.floor(i / 32)),
    recordings: numbers.map((i) => Math.floor(i / 16)),
    times: Float32Array.from(numbers, (i) => (i % 16) / 2),
    about: { channelNames: ['a', 'b'], samplingRate: 32 },
  };
});
afterAll(() => {
  tasks.pop();
  families.pop();
});

function pretrain(data: DatasetSelection) {
  const record = recorder();
  const job: PretextInputs = {
    kind: 'pretext',
    runId: 'run',
    projectFolder: folder,
    inputShape: data.shape,
    modality: 'signal',
    about: data.about,
    encoder: { family: 'listening', options: {} },
    threads: 1,
    resumeFrom: null,
    startFrom: null,
    pretext: pretextSchema.parse({ task: 'curious', epochs: 2, batchSize: 16, accumulation: 2 }),
    // Nothing is held out, so that every sample has its neighbour.
    includeHeldOut: true,
    datasets: [data],
    probeDataset: null,
  };
  return runPretext(job, record).then(() => record);
}

describe('a task that asks for more of samples than their values', () => {
  it('gets it for every sample of every batch, in parts of a batch too, and the encoder is told rate and channels', async () => {
    const { points } = await pretrain(dataset);
    const wrong = points.flatMap(({ values }) =>
      Object.entries(values).filter(([name]) => name.startsWith('wrong')),
    );
    expect(wrong.length).toBeGreaterThan(4);
    for (const [name, value] of wrong) expect([name, value]).toEqual([name, 0]);
    expect(told[0]).toEqual({ channelNames: ['a', 'b'], samplingRate: 32 });
  });

  it('is refused data that cannot say it', async () => {
    const { groups: _, ...ungrouped } = dataset;
    await expect(pretrain(ungrouped)).rejects.toThrow(PretextError);
    const { recordings: _also, ...loose } = dataset;
    await expect(pretrain(loose)).rejects.toThrow(/not known of numbers/);
  });
});

describe('companions', () => {
  it('are told to be missing where hardly a sample has them, before anything is trained', async () => {
    const apart = { ...dataset, times: dataset.times!.map((time) => 2 * time) };
    await expect(pretrain(apart)).rejects.toThrow(
      'Each sample needs two that follow it. Found for 0 % of the 64 samples that pretraining sees.',
    );
  });
});
