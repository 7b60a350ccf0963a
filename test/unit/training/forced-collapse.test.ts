import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { PretextError } from '../../../src/contract/errors.ts';
import { pretextSchema, type PretextConfig } from '../../../src/contract/recipe/recipe.ts';
import type { DatasetSelection } from '../../../src/contract/messages/dataset-selection.ts';
import type { PretextInputs } from '../../../src/training/inputs.ts';
import { runPretext } from '../../../src/training/pretext/run.ts';
import { recorder } from '../../fixtures/recorder.ts';
import { writeStripes } from '../../fixtures/stripes.ts';

let folder: string;
let dataset: DatasetSelection;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pretext-collapse-'));
  dataset = await writeStripes(folder, 1280);
});

const EPOCHS = 5;

async function pretrain(task: string, options: Record<string, unknown>, more: Partial<PretextConfig> = {}) {
  const record = recorder();
  const job: PretextInputs = {
    kind: 'pretext',
    runId: 'run',
    projectFolder: folder,
    inputShape: dataset.shape,
    modality: dataset.modality,
    encoder: { family: 'residual', options: { width: 8, stages: 3, features: 64 } },
    threads: 2,
    resumeFrom: null,
    startFrom: null,
    pretext: {
      ...pretextSchema.parse({ task, options, epochs: EPOCHS, batchSize: 64, probeEveryEpochs: 0 }),
      ...more,
    },
    includeHeldOut: false,
    datasets: [dataset],
    probeDataset: null,
  };
  const error = await runPretext(job, record).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  return { record, error };
}

describe.each([
  ['SimSiam without stop-gradient', 'simsiam', { stopGradient: false }, 'outputRank', 1.3],
  ['VICReg without its variance term', 'vicreg', { varianceWeight: 0 }, 'outputDeviation', 0.2],
  [
    'DINO without centring and batch norm in its head, and too sure a teacher',
    'dino',
    { centreMomentum: 1, headNorm: false, teacherTemperature: 0.01, teacherWarmupTemperature: 0.01 },
    'outputClasses',
    1.01,
  ],
])('%s', (_, task, options, curve, collapsedBelow) => {
  it('is reported as a collapse with advice, and stops by itself where it may', async () => {
    const { record, error } = await pretrain(task, options, { onCollapse: 'stop' });
    expect(record.findings).toHaveLength(1);
    const [finding] = record.findings;
    expect(finding!.kind).toMatch(/collapse$/);
    // From then on every single step was below.
    const onset = record.points.findLast(({ values }) => values[curve]! >= collapsedBelow)!;
    expect(finding!.epoch - onset.epoch).toBeLessThanOrEqual(1);
    expect(finding!.advice).toMatch(/stop-gradient.*variance weight/);
    expect(error).toBeInstanceOf(PretextError);
    expect((error as PretextError).failure).toMatchObject({
      code: 'training.collapsed',
      remedy: finding!.advice,
    });
    expect(record.lastStep).toBeLessThanOrEqual(EPOCHS * 12);
  });
});

describe.each(['simsiam', 'vicreg', 'dino', 'swav'])('%s as it should be', (task) => {
  it('is not reported', async () => {
    const { record, error } = await pretrain(task, {});
    expect(error).toBeNull();
    expect(record.findings).toEqual([]);
  });
});
