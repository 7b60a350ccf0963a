import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ownCommand } from '../../../../src/bundle/engines/own-command.ts';

it('calls the command line with the Node that this process runs on, or the one it was told', () => {
  expect(ownCommand({}, '/opt/node', '/program/cli.mjs')).toBe('/opt/node /program/cli.mjs');
  expect(
    ownCommand({ PRETEXT_NODE: '/n', PRETEXT_RUNTIME: "/it's/runtime" }, '/opt/electron', '/program/cli.mjs'),
  ).toBe(String.raw`env PRETEXT_NODE=/n PRETEXT_RUNTIME='/it'\''s/runtime' /n /program/cli.mjs`);
});

it('names the command that lasts where there is one, and none where its file is not there yet', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pretext-command-'));
  const command = join(folder, 'pretext');
  expect(ownCommand({ PRETEXT_COMMAND: command })).toBeNull();
  expect(ownCommand({ PRETEXT_COMMAND: '' })).toBeNull();
  writeFileSync(command, '');
  expect(ownCommand({ PRETEXT_COMMAND: command, PRETEXT_NODE: '/n' })).toBe(command);
  rmSync(folder, { recursive: true });
});
