import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { HostedExit } from '../../../src/contract/messages/host.ts';

vi.mock('electron', () => ({
  MessageChannelMain: class {
    port1 = 'service end';
    port2 = 'window end';
  },
}));
const noted = vi.hoisted(() => ({ opened: [] as string[], broken: false, crashes: [] as string[] }));
vi.mock('../../../electron/settings.ts', () => ({
  noteOpened: (directory: string, name: string) => {
    if (noted.broken) throw new Error('the disk is full');
    noted.opened.push(`${directory} ${name}`);
  },
}));
vi.mock('../../../src/host/crash-watch.ts', () => ({
  watchForCrash: (hosted: { onExit(listener: (exit: HostedExit) => void): void }) => {
    let asked = false;
    hosted.onExit(({ code }) => !asked && noted.crashes.push(String(code)));
    return { asked: () => void (asked = true) };
  },
}));
const { createProjects } = await import('../../../electron/projects.ts');

/** A service that says what the test has it say. */
function service() {
  const messages = new Set<(message: unknown) => void>();
  const exits: ((exit: HostedExit) => void)[] = [];
  const child = {
    started: null as null | { arguments: string[]; environment: Record<string, string> },
    connected: [] as unknown[],
    killed: 0,
    ended: 0,
    say: (message: unknown) => {
      for (const listener of messages) listener(message);
    },
    exit(more: Partial<HostedExit> = {}) {
      for (const listener of exits.splice(0)) listener({ code: 1, signal: null, lastOutput: '', ...more });
    },
    hosted: {
      send: () => undefined,
      onMessage: (listener: (message: unknown) => void) => (
        messages.add(listener),
        () => void messages.delete(listener)
      ),
      onExit: (listener: (exit: HostedExit) => void) => void exits.push(listener),
      end: () => void (child.ended += 1),
      kill: () => void (child.killed += 1),
      openPort: () => undefined,
      connect: (port: unknown) => void child.connected.push(port),
    },
  };
  return child;
}
const ready = { type: 'ready', name: 'A', directory: '/p/a.pretext' };
const settled = () => new Promise((resolve) => setImmediate(resolve));

let services: ReturnType<typeof service>[] = [];
let sent: [string, unknown][] = [];
const window = {
  isDestroyed: () => false,
  webContents: {
    postMessage: (channel: string, session: unknown, ports: unknown[]) =>
      sent.push([channel, [session, ...ports]]),
    send: (channel: string, end: unknown) => sent.push([channel, end]),
  },
} as never;
const projects = () =>
  createProjects(
    {
      kind: 'node',
      start: (entry: string, options: never) => {
        expect(entry).toBe('service');
        const child = service();
        child.started = options;
        services.push(child);
        return child.hosted;
      },
    } as never,
    { PRETEXT_SAMPLES: '/samples' },
  );
beforeEach(() => {
  [services, sent] = [[], []];
  Object.assign(noted, { opened: [], broken: false, crashes: [] });
});
afterEach(() => vi.useRealTimers());

async function opened(all = projects(), directory = '/p/a.pretext') {
  const opening = all.open(window, directory);
  await settled();
  services.at(-1)!.say(ready);
  return { all, result: await opening, child: services.at(-1)! };
}

describe('opening', () => {
  it('starts the service, connects it to the window and remembers the project', async () => {
    const { all, result, child } = await opened();
    expect(result).toEqual({ opened: true, project: { directory: '/p/a.pretext', name: 'A', session: 1 } });
    expect(child.started).toEqual({
      arguments: ['--project', '/p/a.pretext'],
      environment: { PRETEXT_SAMPLES: '/samples' },
    });
    expect(child.connected).toEqual(['service end']);
    expect(sent).toEqual([['pretext:port', [1, 'window end']]]);
    expect(noted.opened).toEqual(['/p/a.pretext A']);
    expect([all.opened(), all.isOpen('/p/a.pretext'), all.isOpen('/q')]).toEqual([
      '/p/a.pretext',
      true,
      false,
    ]);
  });

  it('makes or repairs it before, and passes on what was repaired', async () => {
    const all = projects();
    const repair = {
      problems: [],
      tables: [],
      lostDatasets: [],
      adoptedModels: [],
      emptiedNotes: [],
      kept: '/p/old.db',
    };
    const creating = all.open(window, '/p', { create: 'New', repair: true });
    await settled();
    expect(services[0]!.started!.arguments).toEqual(['--project', '/p', '--create', 'New', '--repair']);
    services[0]!.say({ ...ready, repair });
    expect(await creating).toMatchObject({ opened: true, repair });
  });

  it('is no failure where the list of recent projects cannot be written', async () => {
    const said = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    noted.broken = true;
    expect((await opened()).result.opened).toBe(true);
    expect(said).toHaveBeenCalledOnce();
    said.mockRestore();
  });

  it('says why the service could not open it, and ends the service', async () => {
    const all = projects();
    const opening = all.open(window, '/p');
    await settled();
    const failure = { code: 'project.newer', message: 'It is of a newer program.' };
    services[0]!.say('not a notice');
    services[0]!.say({ type: 'failed', failure });
    expect(await opening).toEqual({ opened: false, failure });
    expect([services[0]!.killed, all.opened(), sent]).toEqual([1, null, []]);
    // It was ended on purpose.
    services[0]!.exit();
    await settled();
    expect(noted.crashes).toEqual([]);
  });

  it('says how a service ended that never said a word', async () => {
    const opening = projects().open(window, '/p/a.pretext');
    await settled();
    services[0]!.exit({ code: null, signal: 'SIGSEGV', lastOutput: 'one\nlast words\n' });
    expect(await opening).toEqual({
      opened: false,
      failure: {
        code: 'service.ended',
        message: 'The process that holds the project “a.pretext” ended by SIGSEGV. It last said: last words',
        place: '/p/a.pretext',
        remedy: 'Open the project again: runs continue from their last checkpoint.',
      },
    });
  });

  it('is given up after a while', async () => {
    vi.useFakeTimers();
    const opening = projects().open(window, '/p/a.pretext');
    await vi.advanceTimersByTimeAsync(180_000);
    expect(await opening).toMatchObject({
      opened: false,
      failure: {
        code: 'project.too-slow',
        message: 'The project “a.pretext” did not open within 180 seconds.',
      },
    });
    expect(services[0]!.killed).toBe(1);
  });

  it('closes the project that was open before', async () => {
    const { all, child } = await opened();
    const next = all.open(window, '/q');
    await settled();
    expect([child.ended, services.length]).toEqual([1, 1]);
    child.exit({ code: 0 });
    await settled();
    services[1]!.say({ ...ready, name: 'Q' });
    expect(await next).toMatchObject({ project: { session: 2, name: 'Q' } });
    // An end that was asked for is told to nobody.
    expect(sent.map(([channel]) => channel)).toEqual(['pretext:port', 'pretext:port']);
    expect(noted.crashes).toEqual([]);
  });
});

describe('the end of a service', () => {
  it('that nobody asked for is told to the window', async () => {
    const { all, child } = await opened();
    child.exit({ code: 3 });
    await settled();
    expect(sent.at(-1)).toEqual([
      'pretext:service-end',
      {
        session: 1,
        directory: '/p/a.pretext',
        failure: {
          code: 'service.ended',
          message: 'The process that holds the project “a.pretext” ended with status 3.',
          place: '/p/a.pretext',
          remedy: 'Open the project again: runs continue from their last checkpoint.',
        },
      },
    ]);
    expect([all.opened(), noted.crashes]).toEqual([null, ['3']]);
  });

  it('that lost its project is told in its own words, and is no crash', async () => {
    const { child } = await opened();
    const failure = { code: 'project.moved', message: 'The folder is gone.' };
    child.say({ type: 'lost', failure });
    child.exit();
    await settled();
    expect(sent.at(-1)![1]).toMatchObject({ failure });
    expect(noted.crashes).toEqual([]);
  });

  it('is waited for when it is closed, and brought about where it takes too long', async () => {
    const { all, child } = await opened();
    vi.useFakeTimers();
    let closed = false;
    const closing = all.close().then(() => (closed = true));
    await vi.advanceTimersByTimeAsync(9000);
    expect([child.ended, child.killed, closed]).toEqual([1, 0, false]);
    await vi.advanceTimersByTimeAsync(1500);
    expect(child.killed).toBe(1);
    child.exit();
    await closing;
    expect(closed).toBe(true);
    await all.close();
  });
});
