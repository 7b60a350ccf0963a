import { statSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { PretextError } from '../../../src/contract/errors.ts';
import { finetuneSchema, pretextSchema, type Arm } from '../../../src/contract/recipe/recipe.ts';
import { SPLIT_CODE } from '../../../src/contract/data/splits/split.ts';
import type { DatasetSelection } from '../../../src/contract/messages/dataset-selection.ts';
import type { FinetuneInputs, PretextInputs } from '../../../src/training/inputs.ts';
import { scoreOf } from '../../../src/learning/evaluation/metrics/metrics.ts';
import { readCheckpoint } from '../../../src/training/checkpoints/file.ts';
import { runFinetune } from '../../../src/training/finetune/run.ts';
import { runPretext } from '../../../src/training/pretext/run.ts';
import { recorder, type Recorder } from '../../fixtures/recorder.ts';
import { writeStripes } from '../../fixtures/stripes.ts';

let folder: string;
let dataset: DatasetSelection;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pretext-runs-'));
  dataset = await writeStripes(folder, 640);
});

const encoder = { family: 'residual', options: { width: 8, stages: 2, features: 16 } };
const shared = () => ({
  projectFolder: folder,
  inputShape: dataset.shape,
  modality: dataset.modality,
  encoder,
  threads: 2,
  resumeFrom: null,
});
const placeOf = (note: { file: string; sha256: string }) => ({
  file: join(folder, 'checkpoints', note.file),
  sha256: note.sha256,
});
const lastOf = (record: Recorder, kind: 'last' | 'best' = 'last') =>
  record.checkpoints.filter((note) => note.kind === kind).at(-1)!;

function pretextJob(runId: string, more: Partial<PretextInputs> = {}): PretextInputs {
  const pretext = pretextSchema.parse({
    task: 'simclr',
    epochs: 3,
    batchSize: 32,
    checkpointEverySteps: 8,
    probeEveryEpochs: 1,
    seed: 5,
  });
  return {
    kind: 'pretext',
    runId,
    ...shared(),
    pretext,
    startFrom: null,
    includeHeldOut: false,
    datasets: [dataset],
    probeDataset: dataset.name,
    ...more,
  };
}

function finetuneJob(
  runId: string,
  arm: Arm,
  checkpoint: FinetuneInputs['checkpoint'],
  more: Partial<FinetuneInputs> = {},
): FinetuneInputs {
  const finetune = finetuneSchema.parse({
    frozenEpochs: 0.1,
    layerDecay: 0.8,
    seeds: 2,
    epochs: 10,
    minimumSteps: 40,
    batchSize: 16,
    checkpointEverySteps: 15,
    learningRate: 0.003,
    patience: 0,
  });
  return {
    kind: 'finetune',
    runId,
    ...shared(),
    arm,
    budget: { perClass: 8 },
    metric: 'balanced-accuracy',
    target: 'classes',
    finetune,
    dataset,
    checkpoint,
    finishedSeeds: [],
    ...more,
  };
}

let runOfAll: Promise<Recorder> | null = null;
/** What a run by `pretextJob` alone tells: trained once, looked at by all tests that need no other. */
const undisturbed = () => (runOfAll ??= pretrain());
async function pretrain(): Promise<Recorder> {
  const record = recorder();
  expect(await runPretext(pretextJob('pretrained'), record)).toBe('done');
  return record;
}
const pretrained = async () => placeOf(lastOf(await undisturbed()));
const tensorsOf = async (record: Recorder) => (await readCheckpoint(placeOf(lastOf(record)).file)).tensors;

describe('a pretext run', () => {
  it('draws curves, probes on validation data and keeps its last and best checkpoints', async () => {
    const record = await undisturbed();
    const losses = record.points.map((point) => point.values['loss']!);
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(losses.slice(-6))).toBeLessThan(mean(losses.slice(0, 6)) - 0.1);
    expect(record.points.filter((point) => 'knnAccuracy' in point.values)).toHaveLength(3);
    expect(lastOf(record).step).toBe(36);
    expect(lastOf(record, 'best').score).toBeGreaterThan(0.25);
    // The last probe also says how sure it is.
    expect(record.probes['knn']).toHaveLength(200);
    expect(record.probes['linear']).toBeUndefined();
  });

  it('lets a linear model judge as well, if it is told to, and learns the same', async () => {
    const probed = recorder();
    const job = pretextJob('judged');
    await runPretext({ ...job, pretext: { ...job.pretext, linearProbe: true } }, probed);
    const scores = probed.points.flatMap(({ values }) => values['linearAccuracy'] ?? []);
    expect(scores).toHaveLength(3);
    expect(scores.at(-1)).toBeGreaterThan(0.3);
    const resamples = probed.probes['linear']!;
    const mean = resamples.reduce((sum, score) => sum + score, 0) / resamples.length;
    expect(mean).toBeCloseTo(scores.at(-1)!, 1);
    expect(await tensorsOf(probed)).toEqual(await tensorsOf(await undisturbed()));
  });

  it('tells the machine, the time to its first step and where the time of its steps went', async () => {
    const record = await undisturbed();
    expect(record.environments).toMatchObject({ tensorflow: expect.any(String), device: 'cpu' });
    expect(record.environments['secondsToFirstStep']).toBeGreaterThan(0);
    expect(record.environments['stepMilliseconds']).toBeGreaterThan(0);
    const shares = (['Input', 'Views', 'Compute', 'Dispatch'] as const).map(
      (part) => record.environments[`stepShare${part}`]!,
    );
    expect(shares.every((share) => share >= 0)).toBe(true);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 2);
  });

  it('continues after a pause bit for bit as if nothing had happened', async () => {
    const whole = await undisturbed();
    const first = recorder((step) => (step === 13 ? 'pause' : null));
    expect(await runPretext(pretextJob('disturbed'), first)).toBe('paused');
    const second = recorder();
    expect(await runPretext(pretextJob('disturbed', { resumeFrom: placeOf(lastOf(first)) }), second)).toBe(
      'done',
    );
    expect(await tensorsOf(second)).toEqual(await tensorsOf(whole));
    const points = [...first.points, ...second.points].map((point) => [
      point.step,
      point.values['loss'],
      point.values['knnAccuracy'],
    ]);
    expect(points).toEqual(
      whole.points.map((point) => [point.step, point.values['loss'], point.values['knnAccuracy']]),
    );
  });

  it('never reads a test sample, and learns nothing from the validation samples that it looks at', async () => {
    const lastWeights = async (job: PretextInputs) => {
      const record = recorder();
      expect(await runPretext(job, record)).toBe('done');
      return tensorsOf(record);
    };
    const moved = (code: number, to: number) =>
      dataset.offsets.map((offset, i) => (dataset.splits[i] === code ? to : offset));
    // Reading any test sample would run past the end of the shard and fail.
    const noTest = { ...dataset, offsets: moved(SPLIT_CODE.test, Number.MAX_SAFE_INTEGER) };
    const oneValidation = { ...dataset, offsets: moved(SPLIT_CODE.validation, 0) };
    const [expected, found] = [
      await lastWeights(pretextJob('held-out', { datasets: [noTest], probeDataset: null })),
      await lastWeights(pretextJob('held-out-2', { datasets: [oneValidation], probeDataset: null })),
    ];
    expect(found).toEqual(expected);
  });

  it('looks at its health at every epoch, on samples that it does not train on', async () => {
    const record = await undisturbed();
    const looks = record.points.filter((point) => 'effectiveRank' in point.values);
    expect(looks.map(({ step }) => step)).toEqual([1, 12, 24, 36]);
    for (const { values } of looks) {
      expect(values['embeddingDeviation']).toBeGreaterThan(0.01);
      expect(values['embeddingDeviation']).toBeLessThan(0.25);
      expect(values['effectiveRank']).toBeGreaterThan(1);
      expect(values['effectiveRank']).toBeLessThan(16);
      expect(values['alignment']).toBeGreaterThan(0);
      expect(values['uniformity']).toBeLessThan(0);
      expect(values['validationLoss']).toBeGreaterThan(0);
    }
    expect(record.findings).toEqual([]);
    expect(record.environments).toMatchObject({ encoderFeatures: 16, healthSamplesUnseen: true });
  });

  it('keeps the checkpoint that is best by what the recipe says', async () => {
    for (const [bestBy, curve, best] of [
      ['rank', 'effectiveRank', Math.max],
      ['validation-loss', 'validationLoss', Math.min],
    ] as const) {
      const record = recorder();
      const job = pretextJob(`best-${bestBy}`);
      await runPretext({ ...job, pretext: { ...job.pretext, bestBy } }, record);
      const after = record.points.filter((point) => point.step >= 12);
      expect(lastOf(record, 'best')).toMatchObject({
        score: best(...after.flatMap((point) => point.values[curve] ?? [])),
        scoreOf: bestBy,
      });
    }
  });

  it('stops when it is cancelled, without another checkpoint', async () => {
    const record = recorder((step) => (step === 3 ? 'cancel' : null));
    expect(await runPretext(pretextJob('cancelled'), record)).toBe('cancelled');
    expect(record.lastStep).toBe(3);
    expect(record.checkpoints).toEqual([]);
  });

  it('says that a batch is larger than the data allow', async () => {
    const pretext = pretextSchema.parse({ batchSize: 512 });
    const error = await runPretext(pretextJob('large', { pretext }), recorder()).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(PretextError);
    expect((error as PretextError).failure).toMatchObject({
      code: 'pretext.too-few-samples',
      place: 'pretext.batchSize',
    });
    expect((error as PretextError).message).toContain('Found: 400');
  });
});

describe('a fine-tuning run', () => {
  it('trains every seed and reports train, validation and test scores with the confusion matrix', async () => {
    const record = recorder();
    expect(await runFinetune(finetuneJob('scratch', 'baseline', null), record)).toBe('done');
    expect(record.rows.map((row) => [row.arm, row.seed, row.labels, row.labelsPerClass])).toEqual([
      ['baseline', 1, 32, 8],
      ['baseline', 2, 32, 8],
    ]);
    for (const row of record.rows) {
      expect(row.test).toBeGreaterThan(0.4);
      expect(row.confusion!.flat().reduce((sum, count) => sum + count, 0)).toBe(160);
      expect(row.testMetrics!['balanced-accuracy']).toBe(row.test);
      expect(Math.max(...row.curve!.map((point) => point.validation))).toBeCloseTo(row.validation, 10);
    }
    expect(record.reports).toEqual([]);
  });

  it('keeps its answers on every test sample, from which the score follows again', async () => {
    const groups = Int32Array.from(dataset.classIds, (_, i) => i % 7);
    const record = recorder();
    const job = finetuneJob('keeps', 'baseline', null, { dataset: { ...dataset, groups } });
    await runFinetune(job, record);
    for (const [i, row] of record.rows.entries()) {
      const { file, sha256, bytes, influences } = record.answers[i]!;
      const path = join(job.projectFolder, 'answers', file);
      expect(file).toBe(`keeps-${row.seed}.safetensors`);
      const { tensors, metadata } = await readCheckpoint(path, sha256);
      expect(statSync(path).size).toBe(bytes);
      const [targets, predictions] = [tensors['target']!.values, tensors['answer']!.values];
      const classCount = dataset.classNames.length;
      expect(scoreOf('balanced-accuracy', { targets, predictions, classCount })).toBe(row.test);
      expect([...targets]).toEqual([...tensors['sample']!.values].map((index) => dataset.classIds[index]));
      expect(Math.min(...tensors['probability']!.values)).toBeGreaterThanOrEqual(1 / classCount - 1e-6);
      expect(metadata).toMatchObject({ arm: 'baseline', seed: row.seed, classNames: dataset.classNames });
      // One block for each group.
      expect(influences).toHaveLength(7);
      expect(influences.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 12);
    }
  });

  it('trains the seeds that it is given, as any run of them would', async () => {
    const [all, one] = [recorder(), recorder()];
    await runFinetune(finetuneJob('all', 'baseline', null), all);
    await runFinetune(finetuneJob('one', 'baseline', null, { seeds: [2] }), one);
    expect(one.rows).toEqual([all.rows[1]]);
  });

  it('takes the encoder of a checkpoint, and a frozen encoder stays as it is', async () => {
    const checkpoint = await pretrained();
    const record = recorder();
    await runFinetune(finetuneJob('frozen', 'frozen', checkpoint), record);
    const [report] = record.reports;
    expect(report!.taken.length).toBeGreaterThan(10);
    expect(report!.frozen).toHaveLength(report!.taken.length);
    expect(report!.missing).toEqual([]);
    const before = (await readCheckpoint(checkpoint.file)).tensors;
    const after = (await readCheckpoint(placeOf(lastOf(record, 'best')).file)).tensors;
    for (const { name } of report!.taken) expect(after[name]).toEqual(before[name]);
  });

  it('continues in the middle of a seed with the same results', async () => {
    const checkpoint = await pretrained();
    const whole = recorder();
    await runFinetune(finetuneJob('ft-whole', 'pretrained', checkpoint), whole);
    const first = recorder((step) => (step === 57 ? 'pause' : null));
    expect(await runFinetune(finetuneJob('ft-parts', 'pretrained', checkpoint), first)).toBe('paused');
    expect(first.rows).toHaveLength(1);
    const second = recorder();
    const rest = { resumeFrom: placeOf(lastOf(first)), finishedSeeds: [1] };
    expect(await runFinetune(finetuneJob('ft-parts', 'pretrained', checkpoint, rest), second)).toBe('done');
    expect([...first.rows, ...second.rows]).toEqual(whole.rows);
  });

  it('probes the frozen features with a linear and a kNN probe', async () => {
    const checkpoint = await pretrained();
    for (const arm of ['linear-probe', 'knn-probe'] as const) {
      const record = recorder();
      expect(await runFinetune(finetuneJob(arm, arm, checkpoint), record)).toBe('done');
      expect(record.rows).toHaveLength(2);
      for (const row of record.rows) expect(row.test).toBeGreaterThan(0.4);
    }
  });

  it('predicts numbers as well', async () => {
    const numbers = Float32Array.from(dataset.classIds, (id) => 100 + 10 * id);
    const regression = { ...dataset, classIds: new Int32Array(), classNames: [], numbers };
    const job = finetuneJob('numbers', 'baseline', null, {
      dataset: regression,
      target: 'number',
      metric: 'r2',
      budget: { total: 200 },
    });
    const record = recorder();
    await runFinetune({ ...job, finetune: { ...job.finetune, epochs: 30, seeds: 1 } }, record);
    expect(record.rows[0]!.test).toBeGreaterThan(0.3);
    expect(record.rows[0]!.testMetrics!['rmse']).toBeLessThan(11);
  });
});
