import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { wishesOf } from '../../../../src/cli/flags/engine-options.ts';
import { deviceOf, threadCount } from '../../../../src/cli/flags/device-options.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pretext-engine-'));
  vi.stubEnv('PRETEXT_CONFIG', folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

it('reads computers with their cores, also where the name has a user', () => {
  expect(wishesOf('ssh', { hosts: 'anna@lab1:8,lab2:16' }).hosts).toEqual(['anna@lab1:8', 'lab2:16']);
});

it('takes what was said in place of the settings, and nothing for what was not', () => {
  expect(wishesOf('slurm', { partition: 'gpu', memory: 2048 })).toMatchObject({
    partition: 'gpu',
    memoryMiB: 2048,
  });
});

it('names the flag that is wrong', () => {
  expect(() => wishesOf('ssh', { hosts: 'lab1' })).toThrow(
    '--hosts must be a computer with its cores, as lab1:8. Found: "lab1".',
  );
  expect(() => wishesOf('slurm', { memory: -1 })).toThrow(/^--memory must be a whole number/);
});

it('says of the machine only what the flags say', () => {
  expect(deviceOf({})).toEqual({});
  expect(deviceOf({ threads: 2, on: 'slurm' })).toEqual({ threads: 2, on: 'slurm' });
  expect(threadCount('4')).toBe(4);
  for (const text of ['0', '1.5', 'all']) expect(() => threadCount(text)).toThrow('whole number from 1');
});
