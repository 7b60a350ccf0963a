import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  askStates,
  hasOpenJobs,
  startScript,
  writeScripts,
} from '../../../../src/bundle/engines/hand-over.ts';
import { bundleOfTwo } from '../../../fixtures/bundles.ts';
import { temporaryFolder } from '../../../fixtures/projects.ts';

it('writes the scripts of an engine into the bundle, those of the shell ready to be started', () => {
  const folder = bundleOfTwo();
  const files = writeScripts(folder, 'slurm', 'pretext', { command: '/opt/pretext', partition: 'cpu' });
  expect(files).toContain(join(folder, 'engine', 'submit.sh'));
  for (const file of files) expect(existsSync(file)).toBe(true);
  expect(existsSync(join(folder, 'engine', 'logs'))).toBe(true);
  if (process.platform !== 'win32')
    expect(statSync(join(folder, 'engine', 'task.sh')).mode & 0o777).toBe(0o755);
  const task = readFileSync(join(folder, 'engine', 'task.sh'), 'utf8');
  expect(task).toContain('/opt/pretext job run');
  expect(readFileSync(join(folder, 'engine', 'submit.sh'), 'utf8')).toContain('--partition=cpu');
});

it('starts nothing before there are scripts, and tells a folder that is no bundle as that', () => {
  const folder = bundleOfTwo();
  expect(() => startScript(folder, 'submit.sh')).toThrow(
    'This bundle has no scripts for a queueing system yet.',
  );
  expect(() => startScript(temporaryFolder(), 'submit.sh')).toThrow(/this is no bundle of jobs/);
});

it.skipIf(process.platform === 'win32')('gives what a script says, and its exit status', async () => {
  const folder = bundleOfTwo();
  mkdirSync(join(folder, 'engine'));
  const script = 'pwd; echo "$1 of $2"; echo wrong >&2; exit 3\n';
  writeFileSync(join(folder, 'engine', 'submit.sh'), script);
  const { status, output, errors } = await startScript(folder, 'submit.sh', ['1-2', 'all']);
  expect([status, errors]).toEqual([3, 'wrong\n']);
  expect(output.split('\n').slice(1)).toEqual(['1-2 of all', '']);
  expect(output.split('\n')[0]).toMatch(/bundle$/);
});

it('asks an engine for nothing that was never handed to it', async () => {
  const folder = bundleOfTwo();
  expect([askStates(folder, 'slurm'), await hasOpenJobs(folder, 'slurm')]).toEqual([null, null]);
});
