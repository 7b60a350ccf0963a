import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ProcessHost } from '../../../src/contract/messages/host.ts';
import { asUtilityProcess, playedPort, type PlayedPort } from '../../fixtures/utility-ports.ts';

/** The line to main is kept by the module: each test has one of its own. */
beforeEach(() => vi.resetModules());
const chosen = async () => (await import('../../../src/host/choose.ts')).chooseHost();
const inUtility = (work: (host: ProcessHost, main: PlayedPort) => Promise<void> | void) =>
  asUtilityProcess(async (main) => work(await chosen(), main));

describe('a process that main started', () => {
  it('asks main to start others, each with a number of its own', () =>
    inUtility((host, main) => {
      host.start('trainer', { arguments: ['a'] });
      host.start('service');
      expect(main.posted).toEqual([
        { kind: 'start', id: 1, entry: 'trainer', options: { arguments: ['a'] } },
        { kind: 'start', id: 2, entry: 'service', options: {} },
      ]);
    }));

  it('speaks over the port that main sends back; what was said before waits for it', () =>
    inUtility((host, main) => {
      const [first, second] = [host.start('trainer'), host.start('trainer')];
      second.send('early');
      const heard: unknown[] = [];
      second.onMessage((message) => heard.push(message));
      const port = playedPort();
      main.arrive({ kind: 'started', id: 2 }, port);
      second.send('late');
      expect([port.started, port.posted]).toEqual([
        true,
        [
          { kind: 'message', data: 'early' },
          { kind: 'message', data: 'late' },
        ],
      ]);
      port.arrive({ kind: 'message', data: 'hello' });
      expect(heard).toEqual(['hello']);
      expect(() => port.arrive('nonsense')).toThrow('unknown message from a process that main started');
      first.send('nobody hears it yet');
    }));

  it('hears of an end once, even if it asks afterwards, and conversations end with it', () =>
    inUtility(async (host, main) => {
      const hosted = host.start('trainer');
      const port = hosted.openPort();
      let closed = false;
      port.on('close', () => (closed = true));
      const exit = { code: 7, signal: null, lastOutput: '' };
      main.arrive({ kind: 'exited', id: 1, exit });
      expect(await new Promise((resolve) => hosted.onExit(resolve))).toEqual(exit);
      expect(await new Promise((resolve) => hosted.onExit(resolve))).toEqual(exit);
      expect(closed).toBe(true);
      // Of one that is gone, or never was, nothing more is expected.
      main.arrive({ kind: 'exited', id: 1, exit });
      main.arrive({ kind: 'started', id: 9 }, playedPort());
    }));

  it('ends others by closing their port, and where there is none yet, or at once, through main', () =>
    inUtility((host, main) => {
      const hosted = host.start('trainer');
      hosted.end();
      expect(main.posted.at(-1)).toEqual({ kind: 'kill', id: 1 });
      const port = playedPort();
      main.arrive({ kind: 'started', id: 1 }, port);
      hosted.end();
      expect([port.closed, main.posted.length]).toEqual([true, 2]);
      hosted.kill();
      expect(main.posted).toHaveLength(3);
    }));
});
