import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { claimFile, resultFolder, statusFile } from '../../../../src/bundle/files.ts';
import { writeStatus } from '../../../../src/bundle/status.ts';
import { addJobCommands } from '../../../../src/cli/commands/job.ts';
import { bundleOfTwo } from '../../../fixtures/bundles.ts';
import { commandLine } from '../../../fixtures/command-line.ts';
import { temporaryFolder } from '../../../fixtures/projects.ts';

/** Waiting takes no time here, and the clock goes on all the same. */
vi.mock('node:timers/promises', async (original) => ({
  ...(await original<object>()),
  setTimeout: async (milliseconds: number) => void vi.advanceTimersByTime(milliseconds),
}));

const line = (folder = temporaryFolder()) => commandLine(folder, addJobCommands);

describe('job status', () => {
  it('tells how jobs stand, as they say themselves', async () => {
    const bundle = bundleOfTwo();
    mkdirSync(resultFolder(bundle, 1), { recursive: true });
    writeStatus(statusFile(bundle, 1), {
      state: 'failed',
      at: '',
      host: 'lab1',
      attempts: 2,
      failure: { code: 'x', message: 'No room.' },
    });
    const { printed } = await line().run('job', 'status', bundle);
    expect(printed).toMatch(/1 +simclr-1 +failed +lab1 +2\n +2 +pretrained-1 +waiting +0\n/);
    expect(printed).toContain('simclr-1: No room.');
    const document = JSON.parse((await line().run('job', 'status', bundle, '--json')).printed) as {
      jobs: object[];
    };
    expect(document.jobs).toMatchObject([
      { job: 1, state: 'failed', host: 'lab1' },
      { job: 2, state: 'waiting', host: null, attempts: 0 },
    ]);
  });

  it('tells a job as lost that says it runs, and is claimed by nobody', async () => {
    const bundle = bundleOfTwo();
    mkdirSync(resultFolder(bundle, 1), { recursive: true });
    const at = '2026-11-28T10:00:00.000Z';
    writeStatus(statusFile(bundle, 1), { state: 'running', at, host: 'lab1', attempts: 1 });
    const { printed } = await line().run('job', 'status', bundle);
    expect(printed).toMatch(/1 +simclr-1 +lost +lab1 +1\n/);
    expect(printed).toContain('simclr-1: Its process on lab1');
  });

  it('looks for as long as it takes to know that a job of another machine is lost', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const bundle = bundleOfTwo();
    mkdirSync(resultFolder(bundle, 1), { recursive: true });
    const at = '2026-11-28T10:00:00.000Z';
    writeStatus(statusFile(bundle, 1), { state: 'running', at, host: 'lab1', attempts: 1 });
    const sign = { pid: 7, host: 'lab1', birth: null, token: 'of lab1', heartbeatMs: 1 };
    writeFileSync(claimFile(bundle, 1), JSON.stringify(sign));
    const { printed, said } = await line().run('job', 'status', bundle);
    vi.useRealTimers();
    expect(printed).toMatch(/1 +simclr-1 +lost +lab1 +1\n/);
    expect(said).toBe(
      '1 job on other machines: looking whether their processes still write, 10 s at most…\n',
    );
  });

  it('is of no folder that holds none', async () => {
    await expect(line().run('job', 'status', '.')).rejects.toThrow(/this is no bundle of jobs/);
  });
});

it('writes scripts alone where that is wished, and knows jobs that there are not', async () => {
  const bundle = bundleOfTwo();
  const { said } = await line().run('job', 'submit', bundle, '--on', 'slurm', '--scripts-only');
  expect(said).toMatch(/^Written: .*submit\.sh/);
  expect(existsSync(join(bundle, 'engine', 'submitted.txt'))).toBe(false);
  await expect(
    line().run('job', 'submit', bundle, '--on', 'slurm', '--scripts-only', '--only', '3'),
  ).rejects.toThrow(/3/);
  await expect(line().run('job', 'submit', bundle, '--on', 'moon')).rejects.toThrow(
    /argument 'moon' is invalid/,
  );
});

it('computes no job of another version, nor one that there is not', async () => {
  const bundle = bundleOfTwo();
  await expect(line().run('job', 'run', bundle, '1')).rejects.toThrow(
    /^This bundle was made by version 1\.0\.0/,
  );
  await expect(line().run('job', 'run', bundle, 'first')).rejects.toThrow(/version|There is no job/);
});
