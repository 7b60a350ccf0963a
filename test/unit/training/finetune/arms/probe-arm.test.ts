import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { SPLIT_CODE } from '../../../../../src/contract/data/splits/split.ts';
import { answersHere } from '../../../../../src/export/graph/model-graph.ts';
import { startTensorFlow } from '../../../../../src/tensor/index.ts';
import { writeCheckpoint } from '../../../../../src/training/checkpoints/file.ts';
import { runProbeArm } from '../../../../../src/training/finetune/arms/probe-arm.ts';
import type { FinetuneInputs } from '../../../../../src/training/inputs.ts';
import { readSamples } from '../../../../../src/training/samples/reader.ts';
import { exportedModel } from '../../../../fixtures/exported-models.ts';
import { stripesJob } from '../../../../fixtures/finetune-jobs.ts';
import { temporaryFolder } from '../../../../fixtures/projects.ts';
import { recorder } from '../../../../fixtures/recorder.ts';
import { writeStripes } from '../../../../fixtures/stripes.ts';

beforeAll(() => startTensorFlow({ threads: 1 }));
const options = { width: 8, features: 16, stages: 2 };

async function pretrained(arm: FinetuneInputs['arm'], more: Partial<FinetuneInputs> = {}) {
  const folder = temporaryFolder();
  const dataset = await writeStripes(folder, 96);
  const model = exportedModel(
    { name: 'stripes', family: 'residual', modality: 'image', inputShape: dataset.shape, options },
    { head: null },
  );
  const file = join(folder, 'pretrained.safetensors');
  const { encoder, channelStatistics } = model;
  const { sha256 } = await writeCheckpoint(file, {
    tensors: model.members[0]!.weights,
    metadata: { encoder, modality: 'image', inputShape: dataset.shape, channelStatistics },
  });
  const record = recorder();
  const job = stripesJob(folder, dataset, 'aaaaaaaaaa', {
    arm,
    encoder: { family: 'residual', options },
    budget: 'all',
    seeds: [1],
    checkpoint: { file, sha256 },
    ...more,
  });
  return { run: () => runProbeArm(job, record), record, dataset, model };
}
const cosine = (a: Float32Array, b: Float32Array) => {
  const dot = (x: Float32Array, y: Float32Array) => x.reduce((sum, value, at) => sum + value * y[at]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
};

it('of neighbours answers as the 20 most alike training samples vote, by features that are not trained', async () => {
  const { run, record, dataset, model } = await pretrained('knn-probe');
  expect(await run()).toBe('done');
  const all = Int32Array.from({ length: 96 }, (_, at) => at);
  const features = answersHere(model, Float32Array.from(await readSamples(dataset, all)))[
    'features'
  ]! as Float32Array;
  const rowOf = (at: number) => features.subarray(16 * at, 16 * (at + 1));
  const of = (split: number) => [...all].filter((at) => dataset.splits[at] === split);
  // Votes weigh as exp(cosine / 0.07): Wu et al. 2018.
  const answers = of(SPLIT_CODE.test).map((query) => {
    const near = of(SPLIT_CODE.train)
      .map((at) => ({ id: dataset.classIds[at]!, likeness: cosine(rowOf(query), rowOf(at)) }))
      .toSorted((a, b) => b.likeness - a.likeness)
      .slice(0, 20);
    const votes = [0, 1, 2, 3].map((id) =>
      near.filter((one) => one.id === id).reduce((sum, one) => sum + Math.exp(one.likeness / 0.07), 0),
    );
    return { truth: dataset.classIds[query]!, answer: votes.indexOf(Math.max(...votes)) };
  });
  const recalls = [0, 1, 2, 3].map((id) => {
    const own = answers.filter(({ truth }) => truth === id);
    return own.filter(({ answer }) => answer === id).length / own.length;
  });
  expect(record.rows).toMatchObject([{ arm: 'knn-probe', seed: 1, labels: 60 }]);
  expect(record.rows[0]!.test).toBeCloseTo(recalls.reduce((sum, one) => sum + one, 0) / 4, 6);
  const [report] = record.reports;
  expect(report!.taken.map(({ name }) => name).toSorted()).toEqual(
    Object.keys(model.members[0]!.weights).toSorted(),
  );
  expect(record.models).toEqual([]);
});

it('that is linear tells its classes in probabilities', async () => {
  const { run, record } = await pretrained('linear-probe');
  await run();
  const [row] = record.rows;
  expect(row).toMatchObject({ arm: 'linear-probe', labels: 60 });
  // It separates what it is fitted to better than one of four by chance.
  expect(row!.train).toBeGreaterThan(0.5);
  expect(row!.calibration!.before.logLoss).toBeGreaterThan(0);
});

it('needs an encoder that was pretrained', async () => {
  const { run } = await pretrained('knn-probe', { checkpoint: null });
  await expect(run()).rejects.toMatchObject({
    failure: {
      code: 'probe.no-checkpoint',
      message: 'A knn-probe looks at a pretrained encoder, but the study has none.',
      place: 'finetune.arms',
    },
  });
});
