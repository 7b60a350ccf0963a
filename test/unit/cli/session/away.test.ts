import { describe, expect, it, vi } from 'vitest';
import type { Client } from '../../../../src/client/service.ts';
import type { Environment } from '../../../../src/cli/environment.ts';
import { mergeUntil, requireTaken } from '../../../../src/cli/session/away.ts';
import type { MergeReport } from '../../../../src/contract/elsewhere/away.ts';

/** Merges that each bring one job more, and a Ctrl-C that the test presses. */
function merging() {
  let count = 0;
  let press = () => {};
  const client = {
    away: { merge: () => Promise.resolve({ jobs: Array(++count), refused: [] } as unknown as MergeReport) },
  } as unknown as Client;
  const environment = {
    onInterrupt(listener: () => void) {
      press = listener;
      return () => (press = () => {});
    },
  } as unknown as Environment;
  return { client, environment, press: () => press(), count: () => count };
}

describe('merging until it is enough', () => {
  it('looks again every five seconds, and tells what it found on the way', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    try {
      const { client, environment } = merging();
      const told: number[] = [];
      const merged = mergeUntil(
        environment,
        client,
        '/b',
        ({ jobs }) => jobs.length === 1,
        ({ jobs }) => void told.push(jobs.length),
      );
      expect([(await merged).jobs.length, told]).toEqual([1, []]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('ends at Ctrl-C after one more look', async () => {
    const { client, environment, press, count } = merging();
    const merged = mergeUntil(
      environment,
      client,
      '/b',
      () => false,
      () => setImmediate(press),
    );
    expect((await merged).jobs).toHaveLength(2);
    expect(count()).toBe(2);
  });
});

it('throws all that could not be taken over, as one failure', () => {
  const failure = (message: string) => ({ code: 'bundle.changed', message, place: '/b', remedy: 'Copy it.' });
  requireTaken({ refused: [] } as unknown as MergeReport);
  const refused = [
    { name: 'simclr-1', failure: failure('Gone.') },
    { name: 'baseline-1', failure: failure('Another.') },
  ];
  expect(() => requireTaken({ refused } as unknown as MergeReport)).toThrow(
    expect.objectContaining({
      failure: {
        code: 'bundle.changed',
        message: 'simclr-1: Gone.\nbaseline-1: Another.',
        place: '/b',
        remedy: 'Copy it.',
      },
    }) as Error,
  );
});
