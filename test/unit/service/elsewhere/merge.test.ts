import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { claimJob } from '../../../../src/bundle/claim.ts';
import { claimFile, journalFile, resultFolder, statusFile } from '../../../../src/bundle/files.ts';
import { openJournal } from '../../../../src/bundle/journal.ts';
import { writeStatus } from '../../../../src/bundle/status.ts';
import type { JournalEntry } from '../../../../src/contract/elsewhere/journal.ts';
import type { FromTrainer } from '../../../../src/contract/messages/trainer.ts';
import {
  getRun,
  getStudy,
  listCheckpoints,
  listResultsOfRun,
  listRunsOf,
  readMetrics,
  updateRun,
} from '../../../../src/project/index.ts';
import { createMerging } from '../../../../src/service/elsewhere/merge.ts';
import { packStudy } from '../../../../src/service/elsewhere/pack.ts';
import type { Questions } from '../../../../src/service/trainers/questions.ts';
import { temporaryFolder, temporaryProject } from '../../../fixtures/projects.ts';
import { waitingStudy } from '../../../fixtures/waiting-studies.ts';
import { workplaceOf } from '../../../fixtures/workplaces.ts';

const questions = { ask: async () => [] } as unknown as Pick<Questions, 'ask'>;
const AT = '2026-05-04T03:02:01.000Z';
const WEIGHTS = 'weights';
const sha256 = createHash('sha256').update(WEIGHTS).digest('hex');

const begin = (startsFrom: string | null = null, resumeStep = -1): JournalEntry => ({
  type: 'begin',
  at: AT,
  host: 'node1',
  resumeStep,
  startsFrom,
});
const said = (message: FromTrainer, seconds = 5): JournalEntry => ({ type: 'said', seconds, message });
const end = (ending: 'done' | 'failed', message?: string): JournalEntry => ({
  type: 'end',
  at: AT,
  seconds: 9,
  ending,
  ...(message !== undefined && { failure: { code: 'training.diverged', message } }),
});
const point = (step: number) =>
  said({ type: 'metrics', point: { step, epoch: step, values: { loss: 1 / step } } });

/** Jobs 1 (pretraining), 2 (begins with it) and 3 (a baseline), packed; what they say is written by the test. */
async function away() {
  const { project, study } = waitingStudy();
  const folder = join(temporaryFolder(), 'bundle');
  await packStudy(workplaceOf(project), questions, { studyId: study.id, folder, minutes: 5 });
  const workplace = workplaceOf(project);
  const merging = createMerging(workplace);
  const say = (job: number, ...entries: JournalEntry[]) => {
    mkdirSync(join(resultFolder(folder, job), 'checkpoints'), { recursive: true });
    const journal = openJournal(journalFile(folder, job));
    for (const entry of entries) journal.add(entry);
    journal.close();
  };
  const runs = listRunsOf(project, study.id).map(({ run }) => run);
  const checkpoint = (step = 4): JournalEntry => {
    const file = `${runs[0]!.id}-last-${step}.safetensors`;
    writeFileSync(join(resultFolder(folder, 1), 'checkpoints', file), WEIGHTS);
    return said({
      type: 'checkpoint',
      checkpoint: { kind: 'last', step, epoch: 1, file, bytes: WEIGHTS.length, sha256, score: null },
    });
  };
  const states = async () =>
    (await merging.merge(folder)).jobs.map(({ state, merged }) => `${state} ${merged}`);
  return { project, study, folder, workplace, merging, say, runs, checkpoint, states };
}
const row = {
  arm: 'baseline',
  dataset: 'small',
  labels: 4,
  labelsPerClass: 2,
  seed: 1,
  metric: 'balanced-accuracy',
  test: 0.75,
  validation: 0.5,
  train: 1,
} as const;

describe('what jobs have found', () => {
  it('comes as curves while they go on, and only what is new', async () => {
    const { project, folder, merging, say, runs, states } = await away();
    expect(await states()).toEqual(['waiting nothing', 'waiting nothing', 'waiting nothing']);
    say(1, begin(), point(1), point(2));
    writeStatus(statusFile(folder, 1), { state: 'running', at: AT, host: 'node1', attempts: 1 } as never);
    const claim = await claimJob(claimFile(folder, 1));
    const report = await merging.merge(folder);
    claim.release();
    expect(report.jobs[0]).toMatchObject({
      job: 1,
      name: 'simclr-1',
      state: 'running',
      merged: 'some',
      host: 'node1',
    });
    const run = () => getRun(project, runs[0]!.id).run;
    expect(run()).toMatchObject({ status: 'away', startedAt: AT, environment: { computedOn: 'node1' } });
    say(1, point(3));
    await merging.merge(folder);
    await merging.merge(folder);
    expect(readMetrics(project, run().id).map(({ step }) => step)).toEqual([1, 2, 3]);
    expect(run().seconds).toBe(5);
  });

  it('counts once more from where a job went on: what was said of later steps is gone', async () => {
    const { project, folder, merging, say, runs, checkpoint } = await away();
    say(1, begin(), point(1));
    say(1, checkpoint(1), point(2), begin(null, 1), point(2), point(3));
    await merging.merge(folder);
    expect(readMetrics(project, runs[0]!.id).map(({ step }) => step)).toEqual([1, 2, 3]);
  });

  it('is taken over with weights and scores once a job has ended, and then ends the study', async () => {
    const { project, study, folder, merging, say, runs, checkpoint, states, workplace } = await away();
    say(1, begin(), point(1));
    say(1, checkpoint(), end('done'));
    say(3, begin(), said({ type: 'result', row } as FromTrainer), end('done'));
    expect(await states()).toEqual(['waiting all', 'waiting nothing', 'waiting all']);
    expect(listCheckpoints(project, runs[0]!.id)).toMatchObject([{ step: 4, sha256 }]);
    expect(existsSync(join(project.folder, 'checkpoints', `${runs[0]!.id}-last-4.safetensors`))).toBe(true);
    expect(listResultsOfRun(project, runs[2]!.id)).toMatchObject([{ row: { arm: 'baseline', test: 0.75 } }]);
    expect(getStudy(project, study.id).study.status).toBe('away');
    say(
      2,
      begin(sha256),
      said({ type: 'result', row: { ...row, arm: 'pretrained' } } as FromTrainer),
      end('done'),
    );
    expect((await merging.merge(folder)).refused).toEqual([]);
    expect(getStudy(project, study.id).study.status).toBe('done');
    expect(workplace.published.at(-1)).toMatchObject({ type: 'study', study: { status: 'done' } });
    // Twice without harm.
    expect(await states()).toEqual(['waiting all', 'waiting all', 'waiting all']);
    expect(listResultsOfRun(project, runs[1]!.id)).toHaveLength(1);
  });

  it('waits for what it begins with, whatever order jobs come back in', async () => {
    const { project, say, runs, states } = await away();
    say(
      2,
      begin(sha256),
      said({ type: 'result', row: { ...row, arm: 'pretrained' } } as FromTrainer),
      end('done'),
    );
    expect((await states())[1]).toBe('waiting nothing');
    expect(getRun(project, runs[1]!.id).run.status).toBe('away');
  });

  it('says why a job failed, and leaves its run away, to be submitted again', async () => {
    const { project, say, runs, states } = await away();
    say(3, begin(), end('failed', 'It diverged.'));
    expect((await states())[2]).toBe('waiting some');
    expect(getRun(project, runs[2]!.id).run).toMatchObject({
      status: 'away',
      failure: { code: 'training.diverged', message: 'It diverged.' },
    });
    say(3, begin(), said({ type: 'result', row } as FromTrainer), end('done'));
    expect((await states())[2]).toBe('waiting all');
    expect(getRun(project, runs[2]!.id).run).toMatchObject({ status: 'done', failure: null });
  });
});

describe('what is not taken over', () => {
  it('is a job whose weights are others, or that began with others than the project has', async () => {
    const { project, folder, merging, say, runs, checkpoint } = await away();
    say(1, begin(), point(1));
    say(1, checkpoint(), end('done'));
    writeFileSync(
      join(resultFolder(folder, 1), 'checkpoints', `${runs[0]!.id}-last-4.safetensors`),
      'others',
    );
    const broken = await merging.merge(folder);
    expect(broken.refused).toMatchObject([{ name: 'simclr-1', failure: { code: 'bundle.changed' } }]);
    expect(getRun(project, runs[0]!.id).run.status).toBe('away');
    // The other jobs are not held up by it.
    checkpoint();
    expect((await merging.merge(folder)).refused).toEqual([]);
    say(2, begin('b'.repeat(64)), end('done'));
    expect((await merging.merge(folder)).refused).toMatchObject([
      {
        name: 'pretrained-1',
        failure: {
          code: 'bundle.other-weights',
          message: 'The job began with other weights than those that this project has.',
          place: 'pretrained-1',
        },
      },
    ]);
  });

  it('is a job of a run that was taken back', async () => {
    const { project, say, runs, states } = await away();
    updateRun(project, runs[2]!.id, { status: 'queued' });
    say(3, begin(), point(1), end('done'));
    expect((await states())[2]).toBe('left nothing');
    expect(readMetrics(project, runs[2]!.id)).toEqual([]);
  });

  it('is a bundle of another project, or one that was packed anew', async () => {
    const { project, study, folder, merging } = await away();
    const other = createMerging(workplaceOf(temporaryProject()));
    await expect(other.merge(folder)).rejects.toMatchObject({
      failure: {
        code: 'bundle.other-project',
        message:
          'This bundle belongs to the study “A study” of the project “A”, which is not in this project.',
      },
    });
    await packStudy(workplaceOf(project), questions, {
      studyId: study.id,
      folder: `${folder}-2`,
      minutes: 5,
    });
    await expect(merging.merge(folder)).rejects.toMatchObject({
      failure: { code: 'bundle.taken-back', remedy: 'Merge the latest bundle of the study.' },
    });
    // A failure holds up nothing that comes after.
    expect((await merging.merge(`${folder}-2`)).jobs).toHaveLength(3);
  });
});
