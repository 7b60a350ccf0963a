import { cpSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { recipeSchema } from '../../../../src/contract/recipe/recipe.ts';
import type { PretextJob } from '../../../../src/contract/messages/job.ts';
import { pretextTasks } from '../../../../src/learning/pretext/registry.ts';
import type { PretextTask } from '../../../../src/learning/pretext/task.ts';
import {
  closeProject,
  getRun,
  listRunsOf,
  openProject,
  registerCheckpoint,
} from '../../../../src/project/index.ts';
import { prepareJob } from '../../../../src/service/runs/jobs.ts';
import { startStudy } from '../../../../src/service/studies/start.ts';
import {
  addDataset,
  addRun,
  addStudy,
  sample,
  temporaryFolder,
  temporaryProject,
  willClose,
} from '../../../fixtures/projects.ts';
import { finetuneConfig } from '../../../fixtures/run-configs.ts';

const added = pretextTasks as PretextTask[];
const count = added.length;
afterEach(() => void added.splice(count));

/** Windows of 4 values of 2 channels at 10 Hz, half of each shared with the next, of two recordings. */
async function jobOf(task: string): Promise<PretextJob> {
  const project = temporaryProject();
  const bytesOfValue = 2 * 4;
  const samples = [0, 2, 4, ...Array.from({ length: 17 }, (_, i) => 100 + 2 * i)].map((row, at) =>
    sample(at, {
      byteOffset: row * bytesOfValue,
      recording: row < 100 ? 0 : 1,
      group: row < 100 ? 'a' : 'b',
    }),
  );
  addDataset(project, 'arm', samples, {
    modality: 'signal',
    shape: [4, 2],
    dtype: 'float32',
    channelNames: ['flexor', 'extensor'],
    samplingRate: 10,
    channelStatistics: { mean: [0, 0], standardDeviation: [1, 1] },
    split: { rule: { by: 'folder' }, by: 'folder', train: 20, validation: 0, test: 0, groups: 2 },
  });
  const recipe = recipeSchema.parse({
    name: 'A',
    data: { pretrain: ['arm'] },
    encoder: { family: 'residual' },
    pretext: { task, batchSize: 8 },
  });
  const { study } = startStudy(project, recipe);
  const { job } = await prepareJob(project, listRunsOf(project, study.id)[0]!);
  if (job.kind !== 'pretext') throw new Error('The first run is pretraining.');
  return job;
}

describe('a job', () => {
  it('is the same wherever the project lies, and names no place; where things lie is said beside it', async () => {
    const project = temporaryProject();
    addDataset(project, 'small', [sample(0), sample(1), sample(2)]);
    const study = addStudy(project);
    const pretext = addRun(project, study);
    const note = { step: 1, epoch: 1, bytes: 1, score: null };
    const trained = { ...note, kind: 'last' as const, sha256: 'a'.repeat(64), file: 'p-last-1.safetensors' };
    registerCheckpoint(project, pretext.id, trained);
    const budget = { perClass: 1 };
    const config = finetuneConfig({ arm: 'pretrained', budget });
    const values = {
      kind: 'finetune' as const,
      title: 'pretrained',
      arm: 'pretrained' as const,
      budget,
      config,
    };
    const { id } = addRun(project, study, { ...values, needs: [pretext.id] });
    const best = { ...note, kind: 'best' as const, sha256: 'b'.repeat(64), file: `${id}-best-1.safetensors` };
    registerCheckpoint(project, id, best);
    const here = await prepareJob(project, getRun(project, id));

    closeProject(project);
    const elsewhere = join(temporaryFolder(), 'moved.pretext');
    cpSync(project.folder, elsewhere, { recursive: true });
    const moved = willClose(openProject(elsewhere));
    const there = await prepareJob(moved, getRun(moved, id));

    expect(there.job).toEqual(here.job);
    expect(here.job).toMatchObject({ kind: 'finetune', checkpoint: 'a'.repeat(64) });
    expect(JSON.stringify(here.job)).not.toContain(dirname(project.folder));
    expect(there.places).toMatchObject({ runId: id, projectFolder: elsewhere, threads: null });
    expect(Object.keys(there.places.shards)).toEqual(['small']);
    expect(there.places.shards['small']).toContain(elsewhere);
    expect(there.places.checkpoints['a'.repeat(64)]).toBe(
      join(elsewhere, 'checkpoints', 'p-last-1.safetensors'),
    );
  });
});

describe('the job of a pretext run', () => {
  it('says what is known of the values: channels, rate and kind', async () => {
    const { about, datasets } = await jobOf('simclr');
    expect(about).toEqual({
      channelNames: ['flexor', 'extensor'],
      samplingRate: 10,
      signalKinds: ['emg'],
    });
    expect(datasets[0]!.about).toEqual(about);
    expect(datasets[0]!.recordings).toBeUndefined();
  });

  it('says of samples what the task asks: group, recording and time', async () => {
    const simclr = added.find(({ id }) => id === 'simclr')!;
    added.push({ ...simclr, id: 'asking', modalities: ['signal'], asks: ['group', 'companions'] });
    const [dataset] = (await jobOf('asking')).datasets;
    expect([...dataset!.groups!.subarray(0, 5)]).toEqual([0, 0, 0, 1, 1]);
    expect([...dataset!.recordings!.subarray(0, 5)]).toEqual([0, 0, 0, 1, 1]);
    // Two values at 10 Hz are 0.2 s, in each recording from its own beginning.
    expect([...dataset!.times!.subarray(0, 5)].map((time) => Number(time.toFixed(2)))).toEqual([
      0, 0.2, 0.4, 0, 0.2,
    ]);
  });
});
