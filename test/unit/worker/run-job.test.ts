import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { journalFile, resultFolder, statusFile } from '../../../src/bundle/files.ts';
import { readJournal } from '../../../src/bundle/journal.ts';
import { readStatus } from '../../../src/bundle/status.ts';
import type { FromTrainer } from '../../../src/contract/messages/trainer.ts';
import { startJob } from '../../../src/worker/run-job.ts';
import { bundleOfTwo, checkpointNote, hashOf } from '../../fixtures/bundles.ts';
import { playedHost, until, type PlayedTrainer } from '../../fixtures/workplaces.ts';

const program = '1.0.0';

/** Job 1 of a new bundle, with its trainers. */
async function working(options: { addresses?: string[] } = {}) {
  const bundle = bundleOfTwo();
  const { host, trainers } = playedHost();
  const phases: string[] = [];
  const onPhase = (phase: string) => phases.push(phase);
  const work = await startJob(bundle, 1, { host, program, onPhase, ...options });
  const trainer = async (number: number): Promise<PlayedTrainer> => {
    await until(() => trainers[number]?.heard.some(({ type }) => type === 'start') ?? false);
    return trainers[number]!;
  };
  return { bundle, work, trainer, trainers, phases, status: () => readStatus(statusFile(bundle, 1)) };
}

function writes(bundle: string, trainer: PlayedTrainer, ...note: Parameters<typeof checkpointNote>): string {
  const checkpoint = checkpointNote(...note);
  const file = join(resultFolder(bundle, 1), 'checkpoints', checkpoint.file);
  writeFileSync(file, 'x');
  trainer.say({ type: 'checkpoint', checkpoint });
  return file;
}
const progress = (phase: string, step: number): FromTrainer => ({
  type: 'progress',
  progress: {
    step,
    steps: 10,
    epoch: 0,
    epochs: 1,
    loss: 1,
    learningRate: 0.1,
    samplesPerSecond: 1,
    secondsLeft: 1,
    phase,
  },
});

describe('a job', () => {
  it('ends as its trainer does, with its journal, its status and no checkpoint that counts no more', async () => {
    const { bundle, work, trainer, phases, status } = await working();
    const one = await trainer(0);
    expect(status()).toMatchObject({ state: 'running', attempts: 1 });
    const files = [1, 2, 3].map((step) => writes(bundle, one, 'last', step, String(step)));
    expect(files.map((file) => existsSync(file))).toEqual([false, true, true]);
    for (const phase of ['Reading', 'Training', 'Training']) one.say(progress(phase, 1));
    one.say({ type: 'done' });
    expect(await work.ended).toEqual({ kind: 'done' });
    expect(files.map((file) => existsSync(file))).toEqual([false, false, true]);
    expect(status()).toMatchObject({ state: 'done', attempts: 1 });
    expect(phases).toEqual(['Reading', 'Training']);
    expect(readJournal(journalFile(bundle, 1)).map((entry) => entry.type)).toEqual([
      'begin',
      'said',
      'said',
      'said',
      'said',
      'said',
      'end',
    ]);
  });

  it('is not computed again once it is done', async () => {
    const first = await working();
    (await first.trainer(0)).say({ type: 'done' });
    await first.work.ended;
    const { host, trainers } = playedHost();
    const again = await startJob(first.bundle, 1, { host, program });
    expect([await again.ended, trainers.length]).toEqual([{ kind: 'done' }, 0]);
  });

  it('goes on from its checkpoint when its trainer dies, and fails when that happens four times at one place', async () => {
    const { bundle, work, trainer, trainers, status } = await working();
    const first = await trainer(0);
    writes(bundle, first, 'last', 5, 'a');
    first.end({ code: null, signal: 'SIGKILL' });
    const second = await trainer(1);
    expect(second.heard[0]).toMatchObject({ job: { resumeFrom: hashOf('a') } });
    // It got further than before: three more attempts are granted.
    writes(bundle, second, 'last', 6, 'b');
    second.end({ code: 1 });
    for (const number of [2, 3, 4, 5]) (await trainer(number)).end({ code: 1 });
    expect(await work.ended).toEqual({
      kind: 'failed',
      failure: {
        code: 'run.trainer-died',
        message: 'The training process ended 4 times in a row at the same place (exit status 1).',
        place: 'simclr-1',
        remedy:
          'Give the job more memory or fewer threads, and run it again: it goes on from its last checkpoint.',
      },
    });
    expect(trainers).toHaveLength(6);
    expect(status()).toMatchObject({ state: 'failed', attempts: 6 });
  });

  it('is not begun again here alone where others that have ended with it computed it as well', async () => {
    const { work, trainer, trainers, status } = await working({ addresses: ['lab1:1', 'lab2:1'] });
    const leader = await trainer(0);
    expect(leader.heard[0]).toMatchObject({
      places: { meeting: { addresses: ['lab1:1', 'lab2:1'], rank: 0 } },
    });
    leader.end({ code: null, signal: 'SIGKILL' });
    expect(await work.ended).toMatchObject({
      kind: 'failed',
      failure: {
        message: expect.stringMatching(/^The training process ended \(signal SIGKILL\)\./),
        remedy: 'Start it again on all machines: it goes on from its last checkpoint.',
      },
    });
    expect([trainers.length, status()?.state]).toEqual([1, 'failed']);
  });

  it('sets a checkpoint aside that cannot be read, and goes on from the one before', async () => {
    const { bundle, work, trainer } = await working();
    const first = await trainer(0);
    writes(bundle, first, 'last', 1, 'a');
    const broken = writes(bundle, first, 'last', 2, 'b');
    first.end({ code: 1 });
    const failure = { code: 'checkpoint.broken', message: 'It cannot be read.' };
    (await trainer(1)).say({ type: 'failed', failure });
    const third = await trainer(2);
    expect(third.heard[0]).toMatchObject({ job: { resumeFrom: hashOf('a') } });
    expect([existsSync(broken), existsSync(`${broken}.broken`)]).toEqual([false, true]);
    // Without a checkpoint that it began with, the same words are the end.
    third.say({ type: 'failed', failure: { code: 'training.diverged', message: 'No number.' } });
    expect(await work.ended).toMatchObject({ kind: 'failed', failure: { code: 'training.diverged' } });
  });

  it('pauses at a person’s word, even before its trainer has begun', async () => {
    const { work, trainer, status } = await working();
    work.pause();
    const one = await trainer(0);
    expect(one.heard.map(({ type }) => type)).toContain('pause');
    one.say({ type: 'paused' });
    expect([await work.ended, status()?.state]).toEqual([{ kind: 'paused' }, 'paused']);
  });
});

describe('a job that is not begun', () => {
  it('is one of another version', async () => {
    const bundle = bundleOfTwo();
    await expect(startJob(bundle, 1, { host: playedHost().host, program: '2.0.0' })).rejects.toThrow(
      'This bundle was made by version 1.0.0 of the program, and this is version 2.0.0: it may compute otherwise.',
    );
    // Whoever watches from afar reads it there; what is done stays done.
    expect(readStatus(statusFile(bundle, 1))).toMatchObject({
      state: 'failed',
      failure: { code: 'bundle.version', place: bundle },
    });
    const { work, trainer, bundle: another } = await working();
    (await trainer(0)).say({ type: 'done' });
    await work.ended;
    await expect(startJob(another, 1, { host: playedHost().host, program: '2.0.0' })).rejects.toThrow();
    expect(readStatus(statusFile(another, 1))?.state).toBe('done');
  });

  it('is one whose folder holds the results of another job', async () => {
    const bundle = bundleOfTwo();
    mkdirSync(resultFolder(bundle, 1), { recursive: true });
    const begin = { type: 'begin', at: '', host: 'lab1', plan: 'another', resumeStep: -1, startsFrom: null };
    writeFileSync(journalFile(bundle, 1), `${JSON.stringify(begin)}\n`);
    const begun = () => startJob(bundle, 1, { host: playedHost().host, program });
    await expect(begun()).rejects.toMatchObject({
      failure: { code: 'bundle.other-results', place: resultFolder(bundle, 1) },
    });
    // Nobody holds it: the same is said again, not that it is taken.
    await expect(begun()).rejects.toThrow(/results of another job, not of simclr-1/);
  });

  it('is one that another process computes, which leaves it free when it ends', async () => {
    const { bundle, work, trainer } = await working();
    const second = () => startJob(bundle, 1, { host: playedHost().host, program });
    await expect(second()).rejects.toThrow(/^Another process computes this job/);
    (await trainer(0)).say({ type: 'done' });
    await work.ended;
    expect(await (await second()).ended).toEqual({ kind: 'done' });
  });

  it('is one whose journal is damaged, and leaves no claim behind', async () => {
    const bundle = bundleOfTwo();
    mkdirSync(resultFolder(bundle, 1), { recursive: true });
    writeFileSync(journalFile(bundle, 1), 'no journal\n');
    const begun = () => startJob(bundle, 1, { host: playedHost().host, program });
    await expect(begun()).rejects.toThrow('A line of this journal is not as the program writes it.');
    await expect(begun()).rejects.toThrow('A line of this journal is not as the program writes it.');
  });
});
