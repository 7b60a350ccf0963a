import { ORPCError } from '@orpc/client';
import { describe, expect, it } from 'vitest';
import { PretextError } from '../../../src/contract/errors.ts';
import type { HostedExit, HostOptions, ProcessHost } from '../../../src/contract/messages/host.ts';
import { connectService, fromCall } from '../../../src/client/service.ts';
import { createMultiplexer } from '../../../src/host/envelopes.ts';

/** A service that says what the test has it say. */
function playedService() {
  const inbox = createMultiplexer(() => {}, 0);
  const exited = Promise.withResolvers<HostedExit>();
  const started: { entry: string; options: HostOptions }[] = [];
  let ended = false;
  const host: ProcessHost = {
    start(entry, options = {}) {
      started.push({ entry, options });
      return {
        send: () => {},
        onMessage: inbox.onMessage,
        onExit: (listener) => void exited.promise.then(listener),
        end() {
          ended = true;
          exited.resolve({ code: 0, signal: null, lastOutput: '' });
        },
        kill: () => {},
        openPort: inbox.openPort,
      };
    },
  };
  return {
    host,
    started,
    isEnded: () => ended,
    say: (data: unknown) => inbox.receive({ kind: 'message', data }),
    die: (lastOutput: string) => exited.resolve({ code: 0, signal: null, lastOutput }),
  };
}
const ready = { type: 'ready', name: 'Cells', directory: '/p/cells.pretext' };
const failure = {
  code: 'project.missing',
  message: 'There is no project.',
  place: '/p',
  remedy: 'Make one.',
};

describe('a service', () => {
  it('is started for its folder, with what is to be done first', async () => {
    for (const [request, args] of [
      [{ folder: '/p' }, ['--project', '/p', '--queue', 'on']],
      [
        { folder: '/p', createName: '', repair: true, queue: 'off' as const },
        ['--project', '/p', '--create', '', '--repair', '--queue', 'off'],
      ],
    ] as const) {
      const service = playedService();
      const connected = connectService(service.host, request);
      service.say(ready);
      const { name, folder, repair } = await connected;
      expect([name, folder, repair]).toEqual(['Cells', '/p/cells.pretext', null]);
      expect(service.started).toEqual([{ entry: 'service', options: { arguments: args } }]);
    }
  });

  it('that cannot open the project says why, and is ended', async () => {
    const service = playedService();
    const connected = connectService(service.host, { folder: '/p' });
    service.say({ type: 'failed', failure });
    await expect(connected).rejects.toMatchObject({ failure });
    expect(service.isEnded()).toBe(true);
  });

  it.each([
    ['', 'it said nothing'],
    ['first\nError: out of memory\n', 'Error: out of memory'],
  ])('that ends before it is ready is told with its last words %o', async (lastOutput, words) => {
    const service = playedService();
    const connected = connectService(service.host, { folder: '/p' });
    service.die(lastOutput);
    await expect(connected).rejects.toMatchObject({
      failure: {
        code: 'service.died',
        message: `The project's service ended while it started: ${words}`,
        place: '/p',
      },
    });
  });

  it('tells later why it lost its project', async () => {
    const service = playedService();
    const connected = connectService(service.host, { folder: '/p' });
    service.say(ready);
    const client = await connected;
    service.say({ type: 'something else' });
    expect(client.lost()).toBeNull();
    service.say({ type: 'lost', failure });
    expect(client.lost()).toEqual(failure);
    await client.close();
    expect([service.isEnded(), (await client.exited).code]).toEqual([true, 0]);
  });
});

describe('what a call threw', () => {
  it('is an error that says what to do, where the service said so', () => {
    const found = fromCall(new ORPCError('FAILURE', { data: failure }));
    expect(found).toBeInstanceOf(PretextError);
    expect((found as PretextError).failure).toEqual(failure);
  });

  it('is anything else as it is', () => {
    const odd = new ORPCError('INTERNAL_SERVER_ERROR', { data: { no: 'failure' } });
    const bug = new Error('a bug');
    expect([fromCall(odd), fromCall(bug)]).toEqual([odd, bug]);
  });
});
