/** Of utility processes; children of plain Node are started for real by `test/integration/host.test.ts`. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ParentChannel } from '../../../src/host/parent-channel.ts';
import { asUtilityProcess, playedPort, type PlayedPort } from '../../fixtures/utility-ports.ts';

/** The channel is kept by the module: each test has one of its own. */
beforeEach(() => vi.resetModules());
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});
const inUtility = (work: (channel: ParentChannel, main: PlayedPort) => Promise<void> | void) =>
  asUtilityProcess(async (main) => {
    const { parentChannel } = await import('../../../src/host/parent-channel.ts');
    const channel = parentChannel();
    expect(parentChannel()).toBe(channel);
    return work(channel, main);
  });

it('is none where nobody started this process', async () => {
  const { parentChannel, hostLine } = await import('../../../src/host/parent-channel.ts');
  const { send } = process;
  try {
    process.send = undefined;
    expect(() => parentChannel()).toThrow(
      'this process was not started by a process host: it has no channel to a parent',
    );
  } finally {
    process.send = send;
  }
  expect(hostLine()).toBeNull();
});

describe('a utility process', () => {
  it('speaks with its parent over the port that main hands it, in the order in which it spoke', () =>
    inUtility((channel, main) => {
      channel.send(1);
      const uplink = playedPort();
      main.arrive({ kind: 'uplink' }, uplink);
      channel.send(2);
      expect(uplink.posted).toEqual([
        { kind: 'message', data: 1 },
        { kind: 'message', data: 2 },
      ]);
      expect(uplink.started).toBe(true);
      // What came before anybody listened waits.
      uplink.arrive({ kind: 'message', data: 'hello' });
      const heard: unknown[] = [];
      const stop = channel.onMessage((message) => heard.push(message));
      stop();
      uplink.arrive({ kind: 'message', data: 'nobody listens' });
      expect(heard).toEqual(['hello']);
      expect(() => uplink.arrive({ kind: 'odd' })).toThrow('unknown message from the parent: {"kind":"odd"}');
    }));

  it('gets conversations from its parent and from main alike', () =>
    inUtility((channel, main) => {
      const opened: unknown[] = [];
      channel.onPort((port) => opened.push(port));
      const uplink = playedPort();
      main.arrive({ kind: 'uplink' }, uplink);
      uplink.arrive({ kind: 'port-open', port: 2 });
      const direct = playedPort();
      main.arrive({ kind: 'port' }, direct);
      expect(opened).toHaveLength(2);
      expect([opened[1], direct.started]).toEqual([direct, true]);
    }));

  it('ends with its parent, once all that it wants to do before is done', async () => {
    const exit = vi.spyOn(process, 'exit').mockReturnValue(undefined as never);
    vi.useFakeTimers();
    await inUtility(async (channel, main) => {
      const uplink = playedPort();
      main.arrive({ kind: 'uplink' }, uplink);
      const saved = Promise.withResolvers<void>();
      channel.onClose(() => saved.promise);
      channel.onClose(() => {
        throw new Error('no other is hindered by it');
      });
      uplink.leave();
      uplink.leave();
      await vi.advanceTimersByTimeAsync(10);
      expect(exit).not.toHaveBeenCalled();
      saved.resolve();
      await vi.advanceTimersByTimeAsync(10);
      expect(exit.mock.calls).toEqual([[0]]);
    });
  });

  it('waits for that no longer than five seconds', async () => {
    const exit = vi.spyOn(process, 'exit').mockReturnValue(undefined as never);
    vi.useFakeTimers();
    await inUtility(async (channel, main) => {
      const uplink = playedPort();
      main.arrive({ kind: 'uplink' }, uplink);
      channel.onClose(() => new Promise(() => {}));
      uplink.leave();
      await vi.advanceTimersByTimeAsync(4999);
      expect(exit).not.toHaveBeenCalled();
      await vi.advanceTimersByTimeAsync(1);
      expect(exit.mock.calls).toEqual([[1]]);
    });
  });
});
