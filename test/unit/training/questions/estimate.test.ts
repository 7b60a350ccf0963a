import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { estimatedBytes } from '../../../../src/contract/machine/memory.ts';
import { finetuneSchema, pretextSchema, type Arm } from '../../../../src/contract/recipe/recipe.ts';
import type { Question } from '../../../../src/contract/messages/questions.ts';
import type { DatasetSelection } from '../../../../src/contract/messages/dataset-selection.ts';
import type { FinetuneInputs } from '../../../../src/training/inputs.ts';
import { estimateNeeds } from '../../../../src/training/questions/estimate.ts';
import { runFinetune } from '../../../../src/training/finetune/run.ts';
import { runPretext } from '../../../../src/training/pretext/run.ts';
import { recorder, type Recorder } from '../../../fixtures/recorder.ts';
import { writeStripes } from '../../../fixtures/stripes.ts';

let folder: string;
let dataset: DatasetSelection;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pretext-estimate-'));
  dataset = await writeStripes(folder, 640);
});

const encoder = { family: 'residual', options: { width: 16, stages: 2, features: 16 } };
const shared = () => ({
  runId: 'run',
  projectFolder: folder,
  inputShape: dataset.shape,
  modality: dataset.modality,
  encoder,
  threads: 2,
  resumeFrom: null,
});
const MIB = 2 ** 20;
const toldBy = ({ environments }: Recorder) => environments['memoryEstimateMiB'];
const endAfter = (steps: number) => recorder((step) => (step >= steps ? 'cancel' : null));

async function estimated(more: Partial<Question<'estimate'>>): Promise<number> {
  const [need] = await estimateNeeds({
    ...shared(),
    dtype: 'uint8',
    precision: 'float32',
    pretext: null,
    finetune: null,
    ...more,
  });
  return Math.round(estimatedBytes(need!) / MIB);
}

describe('the estimate before a run is what the run itself finds', () => {
  it.each([
    ['simclr', 1],
    ['rotation', 4],
  ])(
    'pretraining by %s in %d parts',
    async (task, accumulation) => {
      const pretext = pretextSchema.parse({ task, batchSize: 128, accumulation, probeEveryEpochs: 0 });
      const record = endAfter(1);
      await runPretext(
        {
          kind: 'pretext',
          ...shared(),
          pretext,
          startFrom: null,
          includeHeldOut: false,
          datasets: [dataset],
          probeDataset: null,
        },
        record,
      );
      expect(toldBy(record)).toBeGreaterThan(560);
      expect(await estimated({ pretext: { config: pretext, samples: 400 } })).toBe(toldBy(record));
    },
    90_000,
  );

  it.each<[Arm, Arm[], number]>([
    ['frozen', ['frozen', 'linear-probe'], 64],
    ['baseline', ['frozen', 'baseline', 'linear-probe'], 512],
  ])('fine-tuning the %s arm, the largest of %j, in batches of %d', async (arm, arms, batchSize) => {
    const finetune = finetuneSchema.parse({ arms, batchSize, frozenEpochs: arm === 'frozen' ? 1 : 0 });
    const record = endAfter(1);
    await runFinetune(job(arm, finetune), record);
    const labels = 400;
    const request = { finetune: { config: finetune, target: 'classes' as const, names: 4, labels } };
    expect(await estimated(request)).toBe(toldBy(record));
    // Batches have no more samples than there are labels.
    const inBatches = await estimated({
      finetune: { ...request.finetune, config: { ...finetune, batchSize: labels } },
    });
    if (batchSize > labels) expect(inBatches).toBe(toldBy(record));
  });
});

const job = (arm: Arm, finetune: FinetuneInputs['finetune']): FinetuneInputs => ({
  kind: 'finetune',
  ...shared(),
  arm,
  budget: 'all',
  metric: 'balanced-accuracy',
  target: 'classes',
  finetune,
  dataset,
  checkpoint: null,
  finishedSeeds: [],
});

it('an estimate of both stages has one need for each, and a larger batch needs more', async () => {
  const config = (batchSize: number) => pretextSchema.parse({ batchSize });
  const needs = await estimateNeeds({
    ...shared(),
    dtype: 'uint8',
    precision: 'float32',
    pretext: { config: config(64), samples: 400 },
    finetune: { config: finetuneSchema.parse({}), target: 'number', names: 0, labels: 20 },
  });
  expect(needs.map(({ stage, batchSize }) => [stage, batchSize])).toEqual([
    ['pretext', 64],
    ['finetune', 20],
  ]);
  const tuned = { config: finetuneSchema.parse({}), target: 'classes' as const, names: 3, labels: 20 };
  const beside = { others: [{ name: 'other', target: 'classes' as const, names: 2, labels: 20 }] };
  const [alone, together] = await Promise.all(
    [tuned, { ...tuned, ...beside }].map(async (finetune) => {
      const [needed] = await estimateNeeds({
        ...shared(),
        dtype: 'uint8',
        precision: 'float32',
        pretext: null,
        finetune,
      });
      return needed!.stepBytes;
    }),
  );
  // Twice as many samples go through the encoder.
  expect(together! / alone!).toBeGreaterThan(1.6);
  const small = await estimated({ pretext: { config: config(64), samples: 400 } });
  const large = await estimated({ pretext: { config: config(256), samples: 4000 } });
  expect(large).toBeGreaterThan(small);
});

it('a fine-tuning run tells where the time of its steps goes, over its seeds', async () => {
  const finetune = finetuneSchema.parse({ arms: ['baseline'], seeds: 2, epochs: 1, minimumSteps: 40 });
  const record = recorder();
  expect(await runFinetune(job('baseline', finetune), record)).toBe('done');
  const { environments } = record;
  expect(environments['stepMilliseconds']).toBeGreaterThan(0);
  expect(environments['secondsToFirstStep']).toBeGreaterThan(0);
  const shares = (['Input', 'Views', 'Compute', 'Dispatch'] as const).map(
    (part) => environments[`stepShare${part}`]!,
  );
  expect(Math.min(...shares)).toBeGreaterThanOrEqual(0);
  expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 2);
});
