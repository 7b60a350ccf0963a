import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { PreparedJob } from '../../../../../src/service/runs/jobs.ts';
import { measureJob } from '../../../../../src/service/elsewhere/times/measure.ts';
import type { Log } from '../../../../../src/service/workplace/log.ts';
import { playedHost, type PlayedTrainer } from '../../../../fixtures/workplaces.ts';
import { pretextJob } from '../../../../fixtures/bundles.ts';

const job = {
  job: {
    ...pretextJob,
    encoder: { family: 'residual', options: {} },
    pretext: { task: 'simclr', options: {}, epochs: 2 },
  },
  places: { runId: 'a', projectFolder: '/nowhere', threads: 8, processes: 2, shards: {}, checkpoints: {} },
} as unknown as PreparedJob;
const progress = (step: number) => ({
  type: 'progress' as const,
  progress: {
    step,
    steps: 40,
    epoch: 0,
    epochs: 2,
    loss: 1,
    learningRate: 1,
    samplesPerSecond: null,
    secondsLeft: null,
    phase: 'Training',
  },
});
const measure = (act: (trainer: PlayedTrainer) => void) => {
  const { host, trainers } = playedHost(act);
  return { trainers, found: measureJob({ host, log: { error() {} } as unknown as Log }, job, 3) };
};
const placesOf = ({ heard }: PlayedTrainer) => {
  const [start] = heard;
  if (start?.type !== 'start') throw new Error('nothing was started');
  return start.places;
};

describe('measuring a job', () => {
  it('runs it with its threads in one process, in a folder of its own that is gone with the trainer', async () => {
    let folder = '';
    const { trainers, found } = measure((trainer) => {
      folder = placesOf(trainer).projectFolder;
      expect(existsSync(folder)).toBe(true);
      trainer.say({ type: 'environment', environment: { deviceName: 'A graphics card' } });
      for (const step of [1, 2, 3]) trainer.say(progress(step));
      trainer.say({ type: 'done' });
    });
    expect(await found).toMatchObject({ steps: 40, processor: 'A graphics card' });
    expect(trainers).toHaveLength(1);
    expect(placesOf(trainers[0]!)).toMatchObject({ threads: 3 });
    expect(placesOf(trainers[0]!).processes).toBeUndefined();
    expect([existsSync(folder), folder, trainers[0]!.killed]).toEqual([
      false,
      expect.stringMatching(/./),
      true,
    ]);
  });

  it('says nothing where the trainer ends without a step, and what it says where it fails', async () => {
    expect(await measure((trainer) => trainer.end()).found).toBeNull();
    const failure = { code: 'memory.too-little', message: 'Too little.' };
    await expect(measure((trainer) => trainer.say({ type: 'failed', failure })).found).rejects.toThrow(
      'Too little.',
    );
  });
});
