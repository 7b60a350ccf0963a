import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readPackedJob } from '../../../../src/bundle/job.ts';
import type { JobTime } from '../../../../src/contract/elsewhere/job-time.ts';
import { findDataset, listRunsOf, shardFile } from '../../../../src/project/index.ts';
import { prepare, writeJobs, writingOf } from '../../../../src/service/elsewhere/pack-jobs.ts';
import { temporaryFolder } from '../../../fixtures/projects.ts';
import { waitingStudy } from '../../../fixtures/waiting-studies.ts';
import { workplaceOf } from '../../../fixtures/workplaces.ts';

const time = { minutes: 12, run: 'simclr-1' } as JobTime;

it('writes a file for each run with its time, and the samples once under a second name', async () => {
  const { project, study } = waitingStudy();
  const runs = listRunsOf(project, study.id);
  const folder = temporaryFolder();
  for (const name of ['jobs', 'arrays', 'shards', 'checkpoints']) mkdirSync(join(folder, name));
  const writing = { ...writingOf(runs), timeOf: () => ({ ...time, ...STEPS }) };
  await writeJobs(workplaceOf(project), folder, writing);
  expect(readdirSync(join(folder, 'jobs'))).toEqual(['000001.json', '000002.json', '000003.json']);
  const jobs = [1, 2, 3].map((index) => readPackedJob(folder, { jobs: 3 }, index));
  expect(jobs.map(({ name, startsFrom }) => [name, startsFrom?.job])).toEqual([
    ['simclr-1', undefined],
    ['pretrained-1', 1],
    ['baseline-1', undefined],
  ]);
  expect(jobs[0]!.time).toEqual({ ...time, ...STEPS });
  const [shard] = readdirSync(join(folder, 'shards'));
  const own = shardFile(project.folder, findDataset(project, 'small')!.shard);
  expect(statSync(join(folder, 'shards', shard!)).ino).toBe(statSync(own).ino);
});

const STEPS = {
  stepMilliseconds: 1,
  steps: 1,
  secondsBefore: 0,
  measured: 'first-steps',
  processor: 'A',
  threads: 1,
} as const;

it('knows which run another waits for, whose weights are not there yet', async () => {
  const { project, study } = waitingStudy();
  const [pretext, pretrained, baseline] = listRunsOf(project, study.id);
  const writing = writingOf([pretext!, pretrained!, baseline!]);
  const awaited = async (run: typeof pretext) =>
    (await prepare(workplaceOf(project), run!, writing)).awaited?.name ?? null;
  expect([await awaited(pretext), await awaited(pretrained), await awaited(baseline)]).toEqual([
    null,
    'simclr-1',
    null,
  ]);
});
