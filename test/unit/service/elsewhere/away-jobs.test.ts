import { mkdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { resultFolder, statusFile } from '../../../../src/bundle/files.ts';
import { writeStatus } from '../../../../src/bundle/status.ts';
import type { JobState } from '../../../../src/contract/elsewhere/bundle.ts';
import type { AwayRun } from '../../../../src/project/index.ts';
import { describeJob } from '../../../../src/service/elsewhere/away-jobs.ts';
import { temporaryFolder } from '../../../fixtures/projects.ts';

const away = { runId: 'a', job: 1, merged: 0, name: 'simclr-1', status: 'away' } as AwayRun;

/** A bundle whose first job says this of itself. */
function saying(state: JobState) {
  const folder = temporaryFolder();
  mkdirSync(resultFolder(folder, 1), { recursive: true });
  const told = { at: '2026-11-28T10:00:00.000Z', host: 'lab1', attempts: 1 };
  writeStatus(statusFile(folder, 1), { state, ...told });
  return folder;
}

describe('a job of a bundle', () => {
  it('stands as it says, while somebody is there who says it', () => {
    expect(describeJob(saying('running'), away, true, () => 'alive')).toMatchObject({
      state: 'running',
      merged: 'nothing',
      host: 'lab1',
      failure: null,
    });
    for (const state of ['paused', 'failed', 'done'] as const)
      expect(describeJob(saying(state), away, true, () => 'gone').state).toBe(state);
    expect(describeJob('/nowhere', away, false, () => 'gone').state).toBe('waiting');
  });

  it('is lost where nobody is there any more, told with its place and what to do', () => {
    const folder = saying('running');
    expect(describeJob(folder, away, true, () => 'gone')).toMatchObject({
      state: 'lost',
      failure: {
        code: 'job.silent',
        message: expect.stringContaining('on lab1, begun at Nov 28, 2026, '),
        place: resultFolder(folder, 1),
        remedy: expect.stringContaining('make room if the disk is full'),
      },
    });
  });

  it('that ends just as somebody looks has ended', () => {
    const folder = saying('running');
    const ends = () => {
      writeStatus(statusFile(folder, 1), { state: 'done', at: '', host: 'lab1', attempts: 1 });
      return 'gone' as const;
    };
    expect(describeJob(folder, away, true, ends).state).toBe('done');
  });

  it('that was taken back, or is back, is asked nothing', () => {
    const asked = () => expect.unreachable();
    expect(describeJob(saying('running'), { ...away, status: 'paused' }, true, asked).state).toBe('left');
    expect(describeJob(saying('done'), { ...away, status: 'done' }, true, asked).merged).toBe('all');
  });
});
