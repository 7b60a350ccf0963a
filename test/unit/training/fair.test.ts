import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { armSettings, settingDifferences } from '../../../src/contract/recipe/arm-settings.ts';
import { armSchema, finetuneSchema, recipeSchema } from '../../../src/contract/recipe/recipe.ts';
import type { DatasetSelection } from '../../../src/contract/messages/dataset-selection.ts';
import type { FinetuneInputs } from '../../../src/training/inputs.ts';
import { buildEncoder } from '../../../src/learning/encoders/registry.ts';
import { planRuns } from '../../../src/service/recipes/plan.ts';
import { startTensorFlow } from '../../../src/tensor/index.ts';
import { writeCheckpoint } from '../../../src/training/checkpoints/file.ts';
import { runFinetune } from '../../../src/training/finetune/run.ts';
import { drawLabels } from '../../../src/training/finetune/scores/labels.ts';
import { takeArrays } from '../../../src/training/checkpoints/state-arrays.ts';
import { recorder } from '../../fixtures/recorder.ts';
import { writeStripes } from '../../fixtures/stripes.ts';
import { ofFinetuning } from '../../fixtures/run-configs.ts';

let folder: string;
let dataset: DatasetSelection;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pretext-fair-'));
  dataset = await writeStripes(folder, 320);
  await startTensorFlow({ threads: 2 });
});

const encoder = { family: 'residual', options: { width: 8, stages: 2, features: 16 } };
const finetune = finetuneSchema.parse({ seeds: 1, epochs: 3, minimumSteps: 24, batchSize: 16 });

const jobOf = (arm: FinetuneInputs['arm'], checkpoint: FinetuneInputs['checkpoint']): FinetuneInputs => ({
  kind: 'finetune',
  runId: `fair-${arm}`,
  projectFolder: folder,
  inputShape: dataset.shape,
  modality: dataset.modality,
  encoder,
  threads: 2,
  resumeFrom: null,
  arm,
  budget: { perClass: 8 },
  metric: 'balanced-accuracy',
  target: 'classes',
  finetune,
  dataset,
  checkpoint,
  finishedSeeds: [],
});

describe('every arm of a comparison', () => {
  it('gets the same settings by default, but for the frozen encoder, which is what that arm is', () => {
    const defaults = finetuneSchema.parse({});
    expect(settingDifferences(['pretrained', 'baseline'], defaults)).toEqual([]);
    for (const arm of armSchema.options)
      expect(settingDifferences([arm, 'baseline'], defaults)).toEqual(
        arm === 'frozen' ? [{ setting: 'frozenShare', values: [1, 0] }] : [],
      );
  });

  it('gets the whole configuration that the recipe gives for fine-tuning, whatever stands in it', () => {
    const recipe = recipeSchema.parse({
      name: 'A',
      data: { pretrain: ['a'] },
      pretext: {},
      finetune: { learningRate: 0.01, epochs: 7, sampling: 'balanced', budgets: [{ perClass: 3 }, 'all'] },
    });
    const configs = planRuns(recipe).flatMap((run) => ofFinetuning(run)?.finetune ?? []);
    expect(configs).toHaveLength(10);
    for (const config of configs) expect(config).toEqual(configs[0]);
  });

  it('differs where the recipe tunes one arm, and that is found', () => {
    const tuned = finetuneSchema.parse({ layerDecay: 0.7, frozenEpochs: 0.2 });
    expect(armSettings('pretrained', tuned)).toMatchObject({ layerDecay: 0.7, frozenShare: 0.2 });
    expect(armSettings('baseline', tuned)).toMatchObject({ layerDecay: 1, frozenShare: 0 });
    expect(settingDifferences(['pretrained', 'baseline'], tuned)).toEqual([
      { setting: 'layerDecay', values: [0.7, 1] },
      { setting: 'frozenShare', values: [0.2, 0] },
    ]);
  });

  it('trains on the same labels with the same weights of classes', () => {
    for (const seed of [1, 2, 9])
      for (const arm of armSchema.options)
        expect(drawLabels(jobOf(arm, null), seed)).toEqual(drawLabels(jobOf('baseline', null), seed));
  });

  // Nothing else may tell the arms apart: batches, augmentation, schedule, stopping, head, statistics.
  it('has the very result of the baseline where its checkpoint holds the baseline’s own random weights', async () => {
    const model = buildEncoder(encoder, dataset.modality, dataset.shape);
    const seed = finetune.firstSeed;
    const tensors = takeArrays({ ...model.parameters(seed), ...model.statistics() });
    const file = join(folder, 'random.safetensors');
    const { sha256 } = await writeCheckpoint(file, {
      tensors,
      metadata: { channelStatistics: dataset.channelStatistics },
    });
    const [pretrained, baseline] = [recorder(), recorder()];
    await runFinetune(jobOf('pretrained', { file, sha256 }), pretrained);
    await runFinetune(jobOf('baseline', null), baseline);
    expect(pretrained.reports[0]!.missing).toEqual([]);
    expect(pretrained.reports[0]!.taken.length).toBeGreaterThan(5);
    expect(pretrained.rows).toEqual(baseline.rows.map((row) => ({ ...row, arm: 'pretrained' })));
    expect(pretrained.points).toEqual(baseline.points);
  });
});
