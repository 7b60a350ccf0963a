import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { RunStore } from '../../../../../renderer/state/work/runs.svelte.ts';
import type { ProjectEvent } from '../../../../../src/contract/messages/project-events.ts';
import { clientOf, recorder, stubRunes } from '../../runes.ts';

beforeEach(() => stubRunes());
afterEach(() => vi.unstubAllGlobals());

const run = (id: string, status: string, more: object = {}) => ({
  id,
  name: id,
  studyId: 's',
  status,
  createdAt: '2026-01-01',
  progress: null,
  ...more,
});
const event = (one: object) => one as ProjectEvent;
const ids = (runs: readonly { id: string }[]) => runs.map(({ id }) => id);

async function loaded(runs: object[]) {
  const { calls, answering } = recorder();
  const become =
    (status: string) =>
    ({ runId }: { runId: string }) =>
      run(runId, status);
  const store = new RunStore(
    clientOf({
      run: {
        list: answering('list', runs),
        metrics: answering(
          'metrics',
          [1, 2, 3].map((step) => ({ step, loss: 1 / step })),
        ),
        pause: answering('pause', become('paused')),
        resume: answering('resume', become('queued')),
        cancel: answering('cancel', become('cancelled')),
        pauseAll: answering('pauseAll', [run('a', 'paused'), run('b', 'paused')]),
        resumeAll: answering('resumeAll', [run('a', 'queued')]),
      },
      checkpoint: { list: answering('checkpoints', [{ id: 'c', runId: 'a' }]) },
    }),
  );
  await store.load();
  return { store, calls };
}

it('lists runs newest first, those of one moment by name, and by what they do', async () => {
  const { store } = await loaded([
    run('a', 'running'),
    run('b', 'queued'),
    run('c', 'paused'),
    run('d', 'done', { createdAt: '2026-02-01', studyId: 't' }),
  ]);
  expect(ids(store.all)).toEqual(['d', 'c', 'b', 'a']);
  expect(ids(store.running)).toEqual(['a']);
  expect(ids(store.active)).toEqual(['b', 'a']);
  expect(ids(store.held)).toEqual(['c']);
  // In a study in the order of its plan.
  expect(ids(store.ofStudy('s'))).toEqual(['a', 'b', 'c']);
  expect([store.byId('d')?.status, store.byId('x')]).toEqual(['done', undefined]);
});

it('puts points of a curve that was asked for behind it, and begins anew where a run went on from before', async () => {
  const { store } = await loaded([run('a', 'running')]);
  const point = (step: number) => event({ type: 'metrics', runId: 'a', point: { step, loss: 0 } });
  store.take(point(1));
  // Nobody looks at it.
  expect(store.curve('a')).toEqual([]);
  await store.loadCurve('a');
  store.take(point(4));
  store.take(point(5));
  expect(store.curve('a').map(({ step }) => step)).toEqual([1, 2, 3, 4, 5]);
  store.take(point(3));
  expect(store.curve('a').map(({ step }) => step)).toEqual([1, 2, 3]);
});

it('keeps the latest losses of a run that trains', async () => {
  const { store } = await loaded([]);
  for (let step = 0; step < 60; step++)
    store.take(event({ type: 'run', run: run('a', 'running', { progress: { loss: step } }) }));
  store.take(event({ type: 'run', run: run('a', 'running', { progress: { loss: null } }) }));
  store.take(event({ type: 'run', run: run('a', 'done', { progress: { loss: 99 } }) }));
  expect(store.recentLoss('a')).toEqual(Array.from({ length: 48 }, (_, at) => at + 12));
  expect(store.recentLoss('b')).toEqual([]);
});

it('takes over what becomes of runs', async () => {
  const { store, calls } = await loaded([run('a', 'running'), run('b', 'running')]);
  await store.pause('a');
  expect(store.byId('a')!.status).toBe('paused');
  await store.resume('a');
  expect(store.byId('a')!.status).toBe('queued');
  await store.cancel('a');
  expect(store.byId('a')!.status).toBe('cancelled');
  await store.pauseAll();
  expect(ids(store.held)).toEqual(['b', 'a']);
  await store.resumeAll();
  expect([store.byId('a')!.status, store.byId('b')!.status]).toEqual(['queued', 'paused']);
  store.take(event({ type: 'run-removed', runId: 'a' }));
  expect(store.byId('a')).toBeUndefined();
  expect(calls.slice(1, 4).map(([, asked]) => asked)).toEqual(new Array(3).fill({ runId: 'a' }));
});

it('learns which run wrote a checkpoint', async () => {
  const { store } = await loaded([]);
  expect(store.writerOf('c')).toBeUndefined();
  await store.loadCheckpoints();
  expect(store.writerOf('c')).toBe('a');
});
