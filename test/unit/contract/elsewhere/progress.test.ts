import { expect, it } from 'vitest';
import type { AwayJob } from '../../../../src/contract/elsewhere/away.ts';
import {
  areOver,
  failedJobs,
  jobsInWords,
  troubledJobs,
} from '../../../../src/contract/elsewhere/progress.ts';

const job = (number: number, state: AwayJob['state'], merged: AwayJob['merged'] = 'nothing'): AwayJob => ({
  job: number,
  runId: `run-${number}`,
  name: `run ${number}`,
  state,
  merged,
  host: null,
  failure: null,
});

it('counts jobs by what is known of them, each once', () => {
  const jobs = [job(1, 'done', 'all'), job(2, 'done', 'some'), job(3, 'running'), job(4, 'waiting')];
  expect(jobsInWords({ jobs })).toBe('4 jobs: 1 back, 1 done, 1 running, 1 waiting');
  expect(jobsInWords({ jobs: [job(1, 'left')] })).toBe('1 job: 1 taken back');
});

it('is over where nothing more comes by itself: failed and left ones do not', () => {
  expect(areOver({ jobs: [job(1, 'done', 'all'), job(2, 'failed'), job(3, 'left')] })).toBe(true);
  expect(areOver({ jobs: [job(1, 'done', 'all'), job(2, 'paused')] })).toBe(false);
});

it('names what has to be submitted again', () => {
  const jobs = [job(1, 'failed'), job(2, 'failed', 'all'), job(3, 'waiting')];
  expect(failedJobs({ jobs }).map(({ job: number }) => number)).toEqual([1]);
  const lost = [job(4, 'lost'), ...jobs];
  expect(troubledJobs({ jobs: lost }).map(({ job: number }) => number)).toEqual([1, 4]);
  // Slurm begins a lost one again: more may come of it.
  expect([areOver({ jobs: [job(4, 'lost')] }), jobsInWords({ jobs: [job(4, 'lost')] })]).toEqual([
    false,
    '1 job: 1 lost',
  ]);
});
