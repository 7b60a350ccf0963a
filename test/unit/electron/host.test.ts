import type { EventEmitter } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

/** A port whose other end hears what is posted to it, a moment later. */
const made = vi.hoisted(() => ({
  forked: [] as {
    file: string;
    arguments: string[];
    options: { env: Record<string, string> };
    child: never;
  }[],
  ports: [] as [never, never][],
}));
vi.mock('electron', async () => {
  const { EventEmitter: Emitter } = await import('node:events');
  class Port extends Emitter {
    other!: Port;
    posted: unknown[] = [];
    closed = false;
    start() {}
    postMessage(data: unknown) {
      this.posted.push(data);
      queueMicrotask(() => this.other.emit('message', { data }));
    }
    close() {
      if (this.closed) return;
      this.closed = true;
      queueMicrotask(() => this.other.emit('close'));
    }
  }
  class MessageChannelMain {
    port1 = new Port();
    port2 = new Port();
    constructor() {
      this.port1.other = this.port2;
      this.port2.other = this.port1;
      made.ports.push([this.port1 as never, this.port2 as never]);
    }
  }
  const fork = (file: string, args: string[], options: { env: Record<string, string> }) => {
    const child = Object.assign(new Emitter(), {
      stdout: new Emitter(),
      stderr: new Emitter(),
      told: [] as [unknown, unknown[]][],
      killed: 0,
      postMessage(notice: unknown, ports: unknown[] = []) {
        child.told.push([notice, ports]);
      },
      kill: () => (child.killed += 1),
    });
    made.forked.push({ file, arguments: args, options, child: child as never });
    return child;
  };
  return { MessageChannelMain, utilityProcess: { fork } };
});
const { chooseHostKind, createMainHost } = await import('../../../electron/host.ts');

interface Child extends EventEmitter {
  stdout: EventEmitter;
  told: [notice: { kind: string; id?: number; exit?: object }, ports: Port[]][];
  killed: number;
}
interface Port extends EventEmitter {
  posted: unknown[];
  closed: boolean;
  postMessage(data: unknown): void;
}
beforeEach(() => Object.assign(made, { forked: [], ports: [] }));
afterEach(() => vi.unstubAllEnvs());
const settled = () => new Promise((resolve) => setImmediate(resolve));
const childAt = (at: number) => made.forked[at]!.child as never as Child;
const host = () => createMainHost({ kind: 'utility', file: (entry) => `/out/${entry}.mjs`, node: '/node' });

it('is of the kind that this Electron can have, unless a test asks for another', () => {
  vi.stubEnv('PRETEXT_HOST', '');
  const versions = process.versions as Record<string, string | undefined>;
  const kindOf = (electron: string | undefined) => {
    Object.defineProperty(process, 'versions', { value: { ...versions, electron }, configurable: true });
    const kind = chooseHostKind();
    Object.defineProperty(process, 'versions', { value: versions, configurable: true });
    return kind;
  };
  expect([kindOf('35.0.1'), kindOf('41.2.0'), kindOf('34.9.9'), kindOf(undefined)]).toEqual([
    'utility',
    'utility',
    'node',
    'node',
  ]);
  vi.stubEnv('PRETEXT_HOST', 'utility');
  expect(kindOf('20.0.0')).toBe('utility');
  vi.stubEnv('PRETEXT_HOST', 'nonsense');
  expect(kindOf('20.0.0')).toBe('node');
});

describe('a utility process', () => {
  it('is started from its file with its arguments and environment, and spoken to over a port of its own', async () => {
    const main = host();
    expect(main.kind).toBe('utility');
    const hosted = main.start('service', { arguments: ['--project', '/p'], environment: { PRETEXT_X: '1' } });
    expect(made.forked[0]).toMatchObject({ file: '/out/service.mjs', arguments: ['--project', '/p'] });
    expect(made.forked[0]!.options.env).toMatchObject({ PRETEXT_X: '1', PATH: process.env['PATH'] });
    const [[notice, [uplink]]] = childAt(0).told as [[{ kind: string }, [Port]]];
    expect(notice).toEqual({ kind: 'uplink' });
    const heard: unknown[] = [];
    uplink.on('message', ({ data }: { data: unknown }) => heard.push(data));
    hosted.send({ hello: 1 });
    await settled();
    expect(heard).toEqual([{ kind: 'message', data: { hello: 1 } }]);
    const answers: unknown[] = [];
    hosted.onMessage((message) => answers.push(message));
    uplink.postMessage({ kind: 'message', data: 'ready' });
    await settled();
    expect(answers).toEqual(['ready']);
  });

  it('is given ports, ended by closing its own, and killed where it must be', () => {
    const hosted = host().start('service');
    const port = {} as never;
    hosted.connect(port);
    expect(childAt(0).told[1]).toEqual([{ kind: 'port' }, [port]]);
    hosted.end();
    expect((made.ports[0]![0] as never as Port).closed).toBe(true);
    hosted.kill();
    expect(childAt(0).killed).toBe(1);
  });

  it('says at its end how it ended and what it last said; its ports close', async () => {
    const said = vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
    const hosted = host().start('trainer');
    const port = hosted.openPort();
    let closed = false;
    port.on('close', () => (closed = true));
    childAt(0).stdout.emit('data', Buffer.from(`${'x'.repeat(5000)} the last words`));
    childAt(0).emit('exit', 7);
    const exits: { code: number | null; lastOutput: string }[] = [];
    hosted.onExit((exit) => exits.push(exit));
    await settled();
    said.mockRestore();
    expect(exits[0]).toMatchObject({ code: 7, signal: null });
    expect(exits[0]!.lastOutput).toHaveLength(4000);
    expect(exits[0]!.lastOutput.endsWith('the last words')).toBe(true);
    expect(closed).toBe(true);
  });

  it('has others started for it, is told of their end, and takes them with it', async () => {
    host().start('service');
    const parent = childAt(0);
    const start = (id: number) =>
      parent.emit('message', { kind: 'start', id, entry: 'trainer', options: { arguments: ['--run'] } });
    start(1);
    start(2);
    start(3);
    expect(made.forked.map(({ file }) => file)).toEqual([
      '/out/service.mjs',
      '/out/trainer.mjs',
      '/out/trainer.mjs',
      '/out/trainer.mjs',
    ]);
    const started = parent.told.filter(([{ kind }]) => kind === 'started');
    expect(started.map(([{ id }, ports]) => [id, ports.length])).toEqual([
      [1, 1],
      [2, 1],
      [3, 1],
    ]);
    parent.emit('message', { kind: 'kill', id: 2 });
    parent.emit('message', { kind: 'kill', id: 99 });
    expect([1, 2, 3].map((at) => childAt(at).killed)).toEqual([0, 1, 0]);
    childAt(1).emit('exit', 0);
    await settled();
    expect(parent.told.at(-1)![0]).toMatchObject({ kind: 'exited', id: 1, exit: { code: 0 } });
    parent.emit('exit', 1);
    await settled();
    expect([1, 2, 3].map((at) => childAt(at).killed)).toEqual([0, 2, 1]);
  });
});

it('starts plain Node processes where Electron is too old, and carries what the window says to them', async () => {
  const main = createMainHost({
    kind: 'node',
    file: () => fileURLToPath(new URL('../../fixtures/host/service.ts', import.meta.url)),
    node: process.execPath,
  });
  expect(main.kind).toBe('node');
  const hosted = main.start('service');
  const exited = new Promise<object>((resolve) => hosted.onExit(resolve));
  hosted.kill();
  expect(await exited).toMatchObject({ signal: 'SIGKILL' });
});
