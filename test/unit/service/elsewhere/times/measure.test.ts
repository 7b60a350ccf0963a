import { existsSync } from 'node:fs';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { ProcessHost } from '../../../../../src/contract/messages/host.ts';
import { LOW_PRIORITY } from '../../../../../src/host/priority.ts';
import { runPriority } from '../../../../../src/service/trainers/link.ts';
import type { PreparedJob } from '../../../../../src/service/runs/jobs.ts';
import { measureJob } from '../../../../../src/service/elsewhere/times/measure.ts';
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
type StartOptions = Parameters<ProcessHost['start']>[1];
const log = pino({ level: 'silent' });
const measure = (act: (trainer: PlayedTrainer) => void, signal?: AbortSignal, atEnd = () => {}) => {
  const { host, trainers } = playedHost(act);
  const begun: StartOptions[] = [];
  const watched: ProcessHost = {
    start(kind, options) {
      begun.push(options);
      const trainer = host.start(kind, options);
      trainer.onExit(atEnd);
      return trainer;
    },
  };
  return { trainers, begun, found: measureJob({ host: watched, log }, job, 3, signal) };
};
const placesOf = ({ heard }: PlayedTrainer) => {
  const [start] = heard;
  if (start?.type !== 'start') throw new Error('nothing was started');
  return start.places;
};

describe('measuring a job', () => {
  it('starts no trainer where it was ended before, and ends one that runs', async () => {
    const before = measure(() => {}, AbortSignal.abort());
    await expect(before.found).rejects.toThrow(/abort/i);
    expect(before.trainers).toEqual([]);
    const ending = new AbortController();
    const during = measure(() => ending.abort(), ending.signal);
    expect(await during.found).toBeNull();
    expect(during.trainers[0]!.killed).toBe(true);
  });

  it('stands beside other programs as runs do', async () => {
    const { begun, found } = measure((trainer) => trainer.end());
    await found;
    const low = runPriority(log) === 'low';
    expect(begun.map((options) => options?.arguments ?? [])).toEqual([low ? [LOW_PRIORITY] : []]);
  });

  it('waits for the end of a trainer that failed before it removes its folder', async () => {
    let folder = '';
    const thereAtEnd: boolean[] = [];
    const failure = { code: 'memory.too-little', message: 'Too little.' };
    const { found } = measure(
      (trainer) => {
        folder = placesOf(trainer).projectFolder;
        trainer.say({ type: 'failed', failure });
      },
      undefined,
      () => thereAtEnd.push(existsSync(folder)),
    );
    await expect(found).rejects.toThrow('Too little.');
    expect([thereAtEnd, existsSync(folder)]).toEqual([[true], false]);
  });

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
