import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { addSettingsCommand } from '../../../../src/cli/commands/settings.ts';
import { commandLine } from '../../../fixtures/command-line.ts';
import { temporaryFolder } from '../../../fixtures/projects.ts';

beforeEach(() => void vi.stubEnv('PRETEXT_CONFIG', temporaryFolder()));
afterEach(() => void vi.unstubAllEnvs());
const line = () => commandLine(temporaryFolder(), addSettingsCommand);

it('shows how new runs compute, changes it, and remembers it', async () => {
  const { run } = line();
  expect((await run('settings')).printed).toMatch(
    /^Threads: automatic \(all \d+\)\nPrecision: float32\nPriority: /,
  );
  const { printed } = await run('settings', '--threads', '1', '--priority', 'low');
  expect(printed).toMatch(/^Threads: 1 of \d+\nPrecision: float32\nPriority: low\n/);
  expect(JSON.parse((await run('settings', '--json')).printed)).toMatchObject({
    settings: { threads: 1, precision: 'float32', priority: 'low' },
  });
  await run('settings', '--threads', 'automatic');
  expect(JSON.parse((await run('settings', '--json')).printed)).toMatchObject({
    settings: { threads: null, priority: 'low' },
  });
});

it('refuses what is no setting', async () => {
  const { run } = line();
  for (const argv of [
    ['--threads', '0'],
    ['--threads', 'many'],
    ['--priority', 'highest'],
    ['--precision', 'float8'],
  ])
    await expect(run('settings', ...argv)).rejects.toThrow(/invalid|must be/i);
});
