import { expect, it } from 'vitest';
import { labelBatches } from '../../../../../src/training/finetune/seeds/label-batches.ts';
import { drawLabels } from '../../../../../src/training/finetune/scores/labels.ts';
import { stripesJob } from '../../../../fixtures/finetune-jobs.ts';
import { temporaryFolder } from '../../../../fixtures/projects.ts';
import { writeStripes } from '../../../../fixtures/stripes.ts';

it('holds samples with their own targets and weights, and depends on seed and step alone', async () => {
  const folder = temporaryFolder();
  const job = stripesJob(folder, await writeStripes(folder, 64), 'aaaaaaaaaa', { budget: { perClass: 2 } });
  const labels = drawLabels(job, 1);
  const open = (step: number) => labelBatches(job, labels, { scales: null, batchSize: 8, seed: 1, step });
  const [whole, later] = [await open(0), await open(1)];
  const first = { ...(await whole.next()) };
  expect(first.samples).toHaveLength(8 * job.dataset.shape.reduce((all, side) => all * side));
  const kept = Array.from(first.targets);
  expect(kept.every((target) => target >= 0 && target < job.dataset.classNames.length)).toBe(true);
  expect(Array.from(first.weights)).toEqual(new Array(8).fill(1));
  const second = await whole.next();
  const again = await later.next();
  expect(Array.from(again.targets)).toEqual(Array.from(second.targets));
  expect(Array.from(again.samples)).toEqual(Array.from(second.samples));
  await whole.close();
  await later.close();
});

it('gives numbers on the scale of their labels', async () => {
  const folder = temporaryFolder();
  const stripes = await writeStripes(folder, 64);
  const numbers = Float32Array.from(stripes.classIds, (id) => 10 * id);
  const dataset = { ...stripes, classIds: new Int32Array(0), numbers };
  const job = stripesJob(folder, dataset, 'aaaaaaaaaa', { target: 'number', budget: { total: 16 } });
  const labels = drawLabels(job, 1);
  const scales = [{ mean: 10, deviation: 5 }];
  const source = await labelBatches(job, labels, { scales, batchSize: 4, seed: 1, step: 0 });
  const { targets } = await source.next();
  expect(Array.from(targets).every((value) => [-2, 0, 2, 4].includes(value))).toBe(true);
  await source.close();
});
