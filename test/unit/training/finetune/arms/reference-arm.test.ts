import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { statisticsOfColumns } from '../../../../../src/contract/data/columns.ts';
import { finetuneSchema, pretextSchema, type Arm } from '../../../../../src/contract/recipe/recipe.ts';
import type { DatasetSelection } from '../../../../../src/contract/messages/dataset-selection.ts';
import { SPLIT_CODE } from '../../../../../src/contract/data/splits/split.ts';
import { runFinetune } from '../../../../../src/training/finetune/run.ts';
import type { FinetuneInputs, PretextInputs } from '../../../../../src/training/inputs.ts';
import { runPretext } from '../../../../../src/training/pretext/run.ts';
import { recorder } from '../../../../fixtures/recorder.ts';
import { tableColumns, tableRows } from '../../../learning/tables.ts';

const COUNT = 800;
let folder: string;
let dataset: DatasetSelection;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pretext-tables-'));
  const rows = tableRows(COUNT);
  const shard = join(folder, 'rows.bin');
  await writeFile(shard, rows);
  const samples = Int32Array.from({ length: COUNT }, (_, i) => i);
  dataset = {
    name: 'people',
    modality: 'table',
    shape: [6],
    dtype: 'float32',
    shard,
    offsets: Float64Array.from(samples, (i) => 6 * 4 * i),
    splits: Uint8Array.from(samples, (i) => [0, 0, 0, SPLIT_CODE.validation, SPLIT_CODE.test][i % 5]!),
    // Told by weight and pressure together, which no cell alone does.
    classIds: samples.map((i) => (Math.sin(1.3 * i) > Math.cos(2.1 * i + 1) ? 1 : 0)),
    numbers: new Float32Array(),
    classNames: ['well', 'ill'],
    channelStatistics: statisticsOfColumns(tableColumns),
    about: { columns: tableColumns },
  };
});

const common = () => ({
  runId: 'run',
  projectFolder: folder,
  inputShape: [6],
  modality: 'table',
  about: dataset.about,
  encoder: { family: 'residual', options: { width: 32, features: 32 } },
  threads: 1,
  resumeFrom: null,
});

async function finetune(arm: Arm, checkpoint: FinetuneInputs['checkpoint'] = null) {
  const record = recorder();
  const job: FinetuneInputs = {
    kind: 'finetune',
    ...common(),
    arm,
    budget: { total: 100 },
    metric: 'auroc',
    target: 'classes',
    finetune: finetuneSchema.parse({ seeds: 2, epochs: 20, metric: 'auroc' }),
    dataset,
    checkpoint,
    finishedSeeds: [],
  };
  await runFinetune(job, record);
  return record.rows;
}

describe('an outside reference', () => {
  it.each(['reference-linear', 'reference-trees'] as const)(
    '%s is fitted to the labels of each seed, and scored as every arm is',
    async (arm) => {
      const rows = await finetune(arm);
      expect(rows.map((row) => [row.arm, row.seed, row.labels])).toEqual([
        [arm, 1, 100],
        [arm, 2, 100],
      ]);
      for (const row of rows) {
        expect(row.test).toBeGreaterThan(arm === 'reference-linear' ? 0.97 : 0.9);
        expect(Object.keys(row.testMetrics!)).toEqual(expect.arrayContaining(['accuracy', 'auroc', 'brier']));
        expect(row.calibration!.before.logLoss).toBeGreaterThan(0);
      }
      expect(await finetune(arm)).toEqual(rows);
    },
  );
});

describe('a table', () => {
  it('is pretrained on, and fine-tuned from there and from random weights', async () => {
    const record = recorder();
    const job: PretextInputs = {
      kind: 'pretext',
      ...common(),
      startFrom: null,
      pretext: pretextSchema.parse({ task: 'scarf', epochs: 4, batchSize: 64 }),
      includeHeldOut: false,
      datasets: [dataset],
      probeDataset: 'people',
    };
    expect(await runPretext(job, record)).toBe('done');
    expect(record.findings).toEqual([]);
    const last = record.checkpoints.findLast(({ kind }) => kind === 'last')!;
    const checkpoint = { file: join(folder, 'checkpoints', last.file), sha256: last.sha256 };
    for (const rows of [await finetune('baseline'), await finetune('pretrained', checkpoint)])
      for (const row of rows) expect(row.test).toBeGreaterThan(0.8);
  });
});
