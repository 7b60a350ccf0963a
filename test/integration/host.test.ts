import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createInterface } from 'node:readline';
import { RPCLink } from '@orpc/client/message-port';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { HostedProcess } from '../../src/contract/messages/host.ts';
import { createNodeHost } from '../../src/host/node.ts';

const service = fileURLToPath(new URL('../fixtures/host/service.ts', import.meta.url));

function startEcho(
  options: { arguments?: string[]; environment?: Record<string, string> } = {},
): HostedProcess {
  const hosted = createNodeHost({ file: () => service }).start('service', options);
  onTestFinished(() => hosted.kill());
  return hosted;
}

/** The next message for which `pick` gives something. */
function answer<Value>(hosted: HostedProcess, pick: (message: Record<string, unknown>) => Value | undefined) {
  return new Promise<Value>((resolve) => {
    const stop = hosted.onMessage((message) => {
      const value = pick(message as Record<string, unknown>);
      if (value === undefined) return;
      queueMicrotask(() => stop());
      resolve(value);
    });
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function until(condition: () => boolean, milliseconds = 8000): Promise<boolean> {
  const end = Date.now() + milliseconds;
  while (!condition() && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
  return condition();
}

describe('the process host of plain Node', () => {
  test('passes arguments and environment, and starts a process of its own', async () => {
    const hosted = startEcho({
      arguments: ['--project', '/some where/x'],
      environment: { GREETING: 'good day' },
    });
    hosted.send({ ask: 'identity' });
    const identity = await answer(hosted, (message) => (message['pid'] ? message : undefined));
    expect(identity['arguments']).toEqual(['--project', '/some where/x']);
    expect(identity['greeting']).toBe('good day');
    expect(identity['utility']).toBe(false);
    expect(identity['pid']).not.toBe(process.pid);
  });

  test('copies typed arrays, maps, dates and special numbers as they are', async () => {
    const value = {
      floats: new Float32Array([1.5, Number.NaN, -0]),
      offsets: new Float64Array([2 ** 53]),
      bytes: new Uint8Array([0, 255]),
      map: new Map([['a', 1n]]),
      date: new Date(5),
      infinite: Number.POSITIVE_INFINITY,
    };
    const hosted = startEcho();
    hosted.send({ ask: 'echo', value });
    expect(await answer(hosted, (message) => message['echo'])).toEqual(value);
  });

  test('keeps the order of many messages', async () => {
    const hosted = startEcho();
    const seen: unknown[] = [];
    const all = answer(hosted, (message) => {
      if ('echo' in message) seen.push(message['echo']);
      return seen.length === 500 ? true : undefined;
    });
    for (let index = 0; index < 500; index++) hosted.send({ ask: 'echo', value: index });
    await all;
    expect(seen).toEqual(Array.from({ length: 500 }, (_, index) => index));
  });

  test('reports the exit after the last message, with status and last output', async () => {
    const hosted = startEcho();
    const events: string[] = [];
    hosted.onMessage((message) => 'leaving' in (message as object) && events.push('message'));
    hosted.send({ ask: 'exit', value: 7 });
    const exit = await new Promise<{ code: number | null; lastOutput: string }>((resolve) =>
      hosted.onExit((value) => {
        events.push('exit');
        resolve(value);
      }),
    );
    expect(events).toEqual(['message', 'exit']);
    expect(exit.code).toBe(7);
    expect(exit.lastOutput).toContain('last words');
  });

  test('kills a process that is busy and never looks at its messages', async () => {
    const hosted = startEcho();
    await answer(hosted, (message) => message['ready']);
    hosted.send({ ask: 'block', value: 60_000 });
    hosted.kill();
    const exit = await new Promise<{ signal: string | null }>((resolve) => hosted.onExit(resolve));
    expect(exit.signal).toBe('SIGKILL');
  });

  test('a child that cannot be started reports its exit and the reason', async () => {
    const hosted = createNodeHost({ executable: '/nowhere/node', file: () => service }).start('service');
    const exit = await new Promise<{ code: number | null; lastOutput: string }>((resolve) =>
      hosted.onExit(resolve),
    );
    expect(exit.code).toBe(-1);
    expect(exit.lastOutput).toContain('/nowhere/node');
  });

  test('carries several conversations beside the messages and closes each by itself', async () => {
    const hosted = startEcho();
    const [first, second] = [hosted.openPort(), hosted.openPort()];
    const heard: unknown[] = [];
    const both = new Promise<void>((resolve) => {
      for (const port of [first, second])
        port.on('message', (event) => {
          heard.push(event?.data);
          if (heard.length === 2) resolve();
        });
    });
    first.postMessage('one');
    second.postMessage('two');
    await both;
    expect(heard).toEqual([{ echo: 'one' }, { echo: 'two' }]);

    first.close();
    expect(await answer(hosted, (message) => message['portClosed'])).toBe(true);
    const after = new Promise((resolve) => second.on('message', (event) => resolve(event?.data)));
    second.postMessage('still here');
    expect(await after).toEqual({ echo: 'still here' });
  });

  test('a port is what the RPC library takes, and closes when the process dies', async () => {
    const hosted = startEcho();
    const port = hosted.openPort();
    const closed = new Promise((resolve) => port.on('close', () => resolve('closed')));
    expect(new RPCLink({ port })).toBeInstanceOf(RPCLink);
    hosted.kill();
    expect(await closed).toBe('closed');
  });

  test('a hosted process starts processes by itself and hears of their end', async () => {
    const hosted = startEcho();
    hosted.send({ ask: 'start', value: 'x' });
    await answer(hosted, (message) => (message['fromTrainer'] as { ready?: true } | undefined)?.ready);
    hosted.send({ ask: 'tell', value: { ask: 'identity' } });
    const identity = await answer(
      hosted,
      (message) => message['fromTrainer'] as Record<string, unknown> | undefined,
    );
    expect(identity['arguments']).toEqual(['--trainer', 'x']);
    expect(identity['greeting']).toBe('hi');
    hosted.send({ ask: 'kill' });
    expect(await answer(hosted, (message) => message['signal'])).toBe('SIGKILL');
  });

  test('when the parent is killed, children and grandchildren end, and may clean up first', async () => {
    const note = join(mkdtempSync(join(tmpdir(), 'pretext-host-')), 'note');
    const parentFile = fileURLToPath(new URL('../fixtures/host/parent.ts', import.meta.url));
    const parent = spawn(process.execPath, [parentFile, note], { stdio: ['ignore', 'pipe', 'inherit'] });
    const pids: number[] = [];
    for await (const line of createInterface({ input: parent.stdout })) {
      pids.push(Number(line));
      if (pids.length === 2) break;
    }
    expect(pids.map(isAlive)).toEqual([true, true]);
    parent.kill('SIGKILL');
    expect(await until(() => !pids.some(isAlive))).toBe(true);
    expect(existsSync(note)).toBe(true);
  });
});
