import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { HostedExit, HostedProcess } from '../../../src/contract/messages/host.ts';
import { createNodeHost, defaultEntryFile } from '../../../src/host/node.ts';
import { temporaryFolder } from '../../fixtures/projects.ts';

beforeEach(() => void vi.spyOn(process.stderr, 'write').mockReturnValue(true));
afterEach(() => void vi.restoreAllMocks());

it('finds what it starts beside the sources', () => {
  for (const entry of ['service', 'trainer', 'try-tensorflow'] as const)
    expect(existsSync(defaultEntryFile(entry))).toBe(true);
});

/** A child that says who it is, and does what it is told. */
const CHILD = `
const say = (data) => process.send({ kind: 'message', data });
process.on('message', ({ data }) => {
  if (data.exit !== undefined) process.exit(data.exit);
  say({ got: data });
});
process.on('disconnect', () => console.log('left alone'));
console.error('on stderr');
say({ arguments: process.argv.slice(2), word: process.env.WORD });
`;
function start(): HostedProcess {
  const file = join(temporaryFolder(), 'child.mjs');
  writeFileSync(file, CHILD);
  return createNodeHost({ file: () => file }).start('service', {
    arguments: ['a b'],
    environment: { WORD: 'grün' },
  });
}
const exitOf = (hosted: HostedProcess) => new Promise<HostedExit>((resolve) => hosted.onExit(resolve));

describe('a child of plain Node', () => {
  it('has its arguments and environment, gets messages as they are, and ends with its status', async () => {
    const hosted = start();
    const heard: unknown[] = [];
    const answered = new Promise<void>((resolve) =>
      hosted.onMessage((message) => (heard.push(message) === 2 ? resolve() : undefined)),
    );
    hosted.send({ floats: Float32Array.of(1.5, -0), map: new Map([['a', 1n]]) });
    await answered;
    hosted.send({ exit: 3 });
    expect(await exitOf(hosted)).toMatchObject({ code: 3, signal: null });
    expect(heard).toEqual([
      { arguments: ['a b'], word: 'grün' },
      { got: { floats: Float32Array.of(1.5, -0), map: new Map([['a', 1n]]) } },
    ]);
    // One who asks later hears it too, and a word to one that is gone is no error.
    expect((await exitOf(hosted)).code).toBe(3);
    hosted.send('gone');
  });

  it('ends by itself once it is left alone, and what it printed last is kept', async () => {
    const hosted = start();
    await new Promise((resolve) => hosted.onMessage(resolve));
    hosted.end();
    expect(await exitOf(hosted)).toEqual({ code: 0, signal: null, lastOutput: 'on stderr\nleft alone\n' });
  });

  it('is ended at once', async () => {
    const hosted = start();
    await new Promise((resolve) => hosted.onMessage(resolve));
    hosted.kill();
    expect(await exitOf(hosted)).toMatchObject({ code: null, signal: 'SIGKILL' });
  });
});

it('says why a child could not be started', async () => {
  const hosted = createNodeHost({ executable: '/nowhere/node', file: () => 'a.mjs' }).start('trainer');
  expect(await exitOf(hosted)).toEqual({
    code: -1,
    signal: null,
    lastOutput: expect.stringContaining('ENOENT') as string,
  });
});
