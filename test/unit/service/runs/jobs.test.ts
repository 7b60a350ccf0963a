import { afterEach, describe, expect, it } from 'vitest';
import { recipeSchema } from '../../../../src/contract/recipe/recipe.ts';
import type { PretextJob } from '../../../../src/contract/messages/trainer.ts';
import { pretextTasks } from '../../../../src/learning/pretext/registry.ts';
import type { PretextTask } from '../../../../src/learning/pretext/task.ts';
import { listRunsOf } from '../../../../src/project/index.ts';
import { prepareJob } from '../../../../src/service/runs/jobs.ts';
import { startStudy } from '../../../../src/service/studies/start.ts';
import { addDataset, sample, temporaryProject } from '../../../fixtures/projects.ts';

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

describe('the job of a pretext run', () => {
  it('says what is known of the values: channels and rate', async () => {
    const { about, datasets } = await jobOf('simclr');
    expect(about).toEqual({ channelNames: ['flexor', 'extensor'], samplingRate: 10 });
    expect(datasets[0]!.about).toEqual(about);
    expect(datasets[0]!.recordings).toBeUndefined();
  });

  it('says of samples what the task asks: group, recording and time', async () => {
    const simclr = added.find(({ id }) => id === 'simclr')!;
    added.push({ ...simclr, id: 'asking', modalities: ['signal'], asks: ['group', 'neighbours'] });
    const [dataset] = (await jobOf('asking')).datasets;
    expect([...dataset!.groups!.subarray(0, 5)]).toEqual([0, 0, 0, 1, 1]);
    expect([...dataset!.recordings!.subarray(0, 5)]).toEqual([0, 0, 0, 1, 1]);
    // Two values at 10 Hz are 0.2 s, in each recording from its own beginning.
    expect([...dataset!.times!.subarray(0, 5)].map((time) => Number(time.toFixed(2)))).toEqual([
      0, 0.2, 0.4, 0, 0.2,
    ]);
  });
});
