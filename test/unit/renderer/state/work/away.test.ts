import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { AwayJob } from '../../../../../src/contract/elsewhere/away.ts';
import { PretextError } from '../../../../../src/contract/errors.ts';
import type { ProjectClient } from '../../../../../renderer/api/project.ts';
import { AwayStore } from '../../../../../renderer/state/work/away.svelte.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const note = { id: 'b', folder: '/jobs/1', jobs: 1, engine: 'slurm' as const, packedAt: '2026-01-01' };
const job = (merged: AwayJob['merged']) => ({ state: 'running', merged }) as AwayJob;

function storeOf(merge: (folder: string) => { jobs: AwayJob[] }) {
  const asked: string[] = [];
  const client = {
    away: {
      bundles: () => Promise.resolve([note]),
      merge: async ({ folder }: { folder: string }) => {
        asked.push(folder);
        return merge(folder);
      },
    },
  } as unknown as ProjectClient;
  return { store: new AwayStore(client), asked };
}

it('looks again every few seconds, until all is back or nobody watches any more', async () => {
  const states: AwayJob['merged'][] = ['nothing', 'some', 'all'];
  const { store, asked } = storeOf(() => ({ jobs: [job(states.shift()!)] }));
  const end = store.watch('study');
  await vi.advanceTimersByTimeAsync(1);
  expect(asked).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toHaveLength(3);
  end();

  const other = storeOf(() => ({ jobs: [job('nothing')] }));
  const stop = other.store.watch('study');
  await vi.advanceTimersByTimeAsync(5_001);
  stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(other.asked).toHaveLength(2);
});

it('says what is wrong with a folder, and looks where it is said to be now', async () => {
  const { store } = storeOf((folder) => {
    if (folder === '/moved') return { jobs: [job('all')] };
    throw new PretextError({ code: 'bundle.none', message: 'There is no bundle of jobs here.' });
  });
  await store.look('b', note.folder);
  expect(store.lookOf('b')).toMatchObject({ failure: { message: expect.any(String) } });
  await store.look('b', '/moved');
  expect(store.lookOf('b')).toMatchObject({ report: { jobs: [{ merged: 'all' }] } });
});
