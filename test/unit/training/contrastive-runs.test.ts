import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { pretextSchema } from '../../../src/contract/recipe/recipe.ts';
import { SPLIT_CODE } from '../../../src/contract/data/splits/split.ts';
import type { DatasetSelection } from '../../../src/contract/messages/dataset-selection.ts';
import type { PretextInputs } from '../../../src/training/inputs.ts';
import { readCheckpoint } from '../../../src/training/checkpoints/file.ts';
import { runPretext } from '../../../src/training/pretext/run.ts';
import { recorder, type Recorder } from '../../fixtures/recorder.ts';
import { writeStripes } from '../../fixtures/stripes.ts';

let folder: string;
let dataset: DatasetSelection;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pretext-contrastive-'));
  dataset = await writeStripes(folder, 320);
});

function jobOf(runId: string, task: string, more: Partial<PretextInputs> = {}): PretextInputs {
  return {
    kind: 'pretext',
    runId,
    projectFolder: folder,
    inputShape: dataset.shape,
    modality: dataset.modality,
    encoder: { family: 'residual', options: { width: 8, stages: 2, features: 16 } },
    threads: 2,
    resumeFrom: null,
    pretext: pretextSchema.parse({ task, epochs: 2, batchSize: 32, checkpointEverySteps: 4, seed: 5 }),
    includeHeldOut: false,
    datasets: [dataset],
    probeDataset: dataset.name,
    ...more,
  } as PretextInputs;
}

const placeOf = (record: Recorder) => {
  const { file, sha256 } = record.checkpoints.filter((note) => note.kind === 'last').at(-1)!;
  return { file: join(folder, 'checkpoints', file), sha256 };
};
const weightsOf = async (record: Recorder) => {
  const { file, sha256 } = placeOf(record);
  return (await readCheckpoint(file, sha256)).tensors;
};

describe('a run that learns from labels', () => {
  it('depends on labels of training samples, and on no held-out one even where it may see those samples', async () => {
    const heldOutTurned = dataset.classIds.map((id, i) =>
      dataset.splits[i] === SPLIT_CODE.train ? id : (id + 1) % 4,
    );
    const trainTurned = dataset.classIds.map((id, i) => (i === 0 ? (id + 1) % 4 : id));
    const run = async (name: string, classIds: DatasetSelection['classIds']) => {
      const record = recorder();
      const job = jobOf(name, 'supcon', {
        datasets: [{ ...dataset, classIds }],
        includeHeldOut: true,
        probeDataset: null,
      });
      expect(await runPretext(job, record)).toBe('done');
      return weightsOf(record);
    };
    const expected = await run('labels', dataset.classIds);
    expect(await run('labels-held-out', heldOutTurned)).toEqual(expected);
    expect(await run('labels-train', trainTurned)).not.toEqual(expected);
  });

  it('sees labeled samples only, and says how many it needs', async () => {
    const few = dataset.classIds.map((id, i) => (i % 8 === 0 ? id : -1));
    const job = jobOf('few', 'supcon', { datasets: [{ ...dataset, classIds: few }] });
    await expect(runPretext(job, recorder())).rejects.toThrow(
      'needs at least 64 labeled samples. Found: 40 in the training split.',
    );
  });
});

describe('a run with a queue and a target network', () => {
  it.each(['moco-v2', 'swav'])('of %s continues after a pause bit for bit', async (task) => {
    const whole = recorder();
    expect(await runPretext(jobOf(`${task}-whole`, task), whole)).toBe('done');
    const paused = recorder((step) => (step === 5 ? 'pause' : null));
    expect(await runPretext(jobOf(`${task}-paused`, task), paused)).toBe('paused');
    const resumed = recorder();
    const rest = jobOf(`${task}-paused`, task, { resumeFrom: placeOf(paused) });
    expect(await runPretext(rest, resumed)).toBe('done');
    expect(await weightsOf(resumed)).toEqual(await weightsOf(whole));
  });
});
