import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { claimJob, watchClaims } from '../../../src/bundle/claim.ts';
import { HEARTBEAT_MS, thisProcess } from '../../../src/machine/processes.ts';
import { temporaryFolder } from '../../fixtures/projects.ts';

it('lets one process alone have a job, and gives it back', async () => {
  const file = join(temporaryFolder(), 'claim.json');
  const claim = await claimJob(file);
  expect(claim.holds()).toBe(true);
  await expect(claimJob(file)).rejects.toThrow(/Another process computes this job/);
  claim.release();
  expect(existsSync(file)).toBe(false);
  (await claimJob(file)).release();
  expect(readdirSync(dirname(file))).toEqual([]);
});

it('takes over from a process that is gone, or that never wrote its name whole', async () => {
  const file = join(temporaryFolder(), 'claim.json');
  writeFileSync(file, JSON.stringify({ ...thisProcess(), pid: 2 ** 22 + 1, token: 'a', heartbeatMs: 1 }));
  (await claimJob(file)).release();
  writeFileSync(file, '{"pid": 1');
  (await claimJob(file)).release();
});

afterEach(() => void vi.useRealTimers());

it('is lost when another takes the file', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const file = join(temporaryFolder(), 'claim.json');
  const claim = await claimJob(file);
  writeFileSync(file, JSON.stringify({ ...thisProcess(), token: 'other', heartbeatMs: 1 }));
  // It is looked at from time to time, not at each question.
  vi.advanceTimersByTime(HEARTBEAT_MS);
  expect(claim.holds()).toBe(false);
  claim.release();
  expect(existsSync(file)).toBe(true);
});

it('is looked at by others: whoever let go of it, or died, is not there', async () => {
  const file = join(temporaryFolder(), 'claim.json');
  const lives = watchClaims();
  expect(lives(file)).toBe('gone');
  const claim = await claimJob(file);
  expect(lives(file)).toBe('alive');
  claim.release();
  expect(lives(file)).toBe('gone');
  writeFileSync(file, JSON.stringify({ ...thisProcess(), pid: 2 ** 22 + 1, token: 'a', heartbeatMs: 1 }));
  expect(lives(file)).toBe('gone');
  // Of another machine one look tells nothing.
  writeFileSync(file, JSON.stringify({ ...thisProcess(), host: 'lab1', token: 'b', heartbeatMs: 1 }));
  expect(lives(file)).toBe('unknown');
});
