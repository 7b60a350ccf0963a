import { expect, it } from 'vitest';
import type { FeatureMatrix } from '../../../../../src/learning/evaluation/probes/features.ts';
import type { LabeledRows } from '../../../../../src/learning/evaluation/probes/several-fits.ts';
import { runFittedArm } from '../../../../../src/training/finetune/arms/fitted-arm.ts';
import type { FinetuneInputs } from '../../../../../src/training/inputs.ts';
import { stripesJob } from '../../../../fixtures/finetune-jobs.ts';
import { byteDataset } from '../../../../fixtures/played-programs.ts';
import { temporaryFolder } from '../../../../fixtures/projects.ts';
import { recorder } from '../../../../fixtures/recorder.ts';

/** The row of a sample is its place. */
const rowsOf = async (indices: Int32Array): Promise<FeatureMatrix> => ({
  values: Float32Array.from(indices),
  rows: indices.length,
  columns: 1,
});
const jobOf = async (more: Partial<FinetuneInputs> = {}, dataset: Partial<FinetuneInputs['dataset']> = {}) =>
  stripesJob(temporaryFolder(), await byteDataset(20, dataset), 'aaaaaaaaaa', {
    arm: 'linear-probe',
    budget: { perClass: 2 },
    ...more,
  });

it('is fitted once for each seed to the labels that are drawn, and scored by what it answers', async () => {
  const fitted: { labeled: LabeledRows; validation: LabeledRows; classCount: number }[] = [];
  const record = recorder();
  const ended = await runFittedArm(await jobOf(), record, {
    rowsOf,
    fit(labeled, validation, classCount) {
      fitted.push({ labeled, validation, classCount });
      // All above 10 are said to be odd: of test samples 4, 9, 14, 19 the first and the last rightly.
      return (rows) =>
        Float64Array.from([...rows.values].flatMap((row) => (row > 10 ? [0.25, 0.75] : [0.75, 0.25])));
    },
  });
  expect(ended).toBe('done');
  expect(record.rows).toMatchObject([
    { seed: 1, labels: 4, test: 0.5 },
    { seed: 2, labels: 4, test: 0.5 },
  ]);
  expect([fitted.length, record.lastStep]).toEqual([2, 2]);
  for (const { labeled, validation, classCount } of fitted) {
    const samples = [...labeled.features.values];
    expect(samples.every((at) => at % 5 < 3)).toBe(true);
    expect([...labeled.targets]).toEqual(samples.map((at) => at % 2));
    expect([...labeled.targets].toSorted()).toEqual([0, 0, 1, 1]);
    expect([...validation.features.values]).toEqual([3, 8, 13, 18]);
    expect(classCount).toBe(2);
  }
  expect([...fitted[0]!.labeled.features.values]).not.toEqual([...fitted[1]!.labeled.features.values]);
});

it('is fitted to numbers as they are', async () => {
  const numbers = Float32Array.from({ length: 20 }, (_, at) => 2 * at);
  const record = recorder();
  const job = await jobOf(
    { target: 'number', metric: 'rmse', budget: 'all' },
    { classIds: new Int32Array(), classNames: [], numbers },
  );
  await runFittedArm(job, record, {
    rowsOf,
    fit(labeled, _validation, classCount) {
      expect(classCount).toBe(0);
      expect([...labeled.targets]).toEqual([...labeled.features.values].map((at) => 2 * at));
      return (rows) => Float64Array.from(rows.values, (row) => 2 * row + 3);
    },
  });
  expect(record.rows[0]).toMatchObject({ labels: 12 });
  // Always 3 too much.
  expect(record.rows[0]!.test).toBeCloseTo(3, 6);
});

it('does what is asked between seeds, and none twice', async () => {
  const fit = () => (rows: FeatureMatrix) => new Float64Array(2 * rows.rows).fill(0.5);
  const paused = recorder((step) => (step === 1 ? 'pause' : null));
  expect(await runFittedArm(await jobOf(), paused, { rowsOf, fit })).toBe('paused');
  expect(paused.rows.map(({ seed }) => seed)).toEqual([1]);
  const rest = recorder();
  await runFittedArm(await jobOf({ finishedSeeds: [1] }), rest, { rowsOf, fit });
  expect(rest.rows.map(({ seed }) => seed)).toEqual([2]);
  const cancelled = recorder(() => 'cancel');
  expect(await runFittedArm(await jobOf(), cancelled, { rowsOf, fit })).toBe('cancelled');
  expect(cancelled.rows).toEqual([]);
});
