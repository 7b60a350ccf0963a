import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { DatasetStore } from '../../../../../renderer/state/data/datasets.svelte.ts';
import type { ProjectEvent } from '../../../../../src/contract/messages/project-events.ts';
import { clientOf, FAILURE, recorder, stubRunes } from '../../runes.ts';

beforeEach(() => stubRunes());
afterEach(() => vi.unstubAllGlobals());

const dataset = (id: string, more: object = {}) => ({
  id,
  name: `data ${id}`,
  createdAt: `2026-01-0${id}`,
  ...more,
});
const event = (one: object) => one as ProjectEvent;

async function loaded() {
  const { calls, answering } = recorder();
  const changed = (question: { datasetId: string }) => ({
    dataset: dataset(question.datasetId, { relabeled: true }),
    changed: 3,
  });
  const store = new DatasetStore(
    clientOf({
      dataset: {
        list: answering('list', [dataset('2'), dataset('1')]),
        imports: answering('imports', [{ id: 'i', name: 'new data' }]),
        import: answering('import', { id: 'j' }),
        cancelImport: answering('cancelImport', undefined),
        rename: answering('rename', ({ datasetId, name }: { datasetId: string; name: string }) =>
          dataset(datasetId, { name }),
        ),
        findCopies: answering('findCopies', ({ datasetId }: { datasetId: string }) =>
          dataset(datasetId, { copies: 1 }),
        ),
        leaveCopiesOut: answering('leaveCopiesOut', ({ datasetId }: { datasetId: string }) =>
          dataset(datasetId, { leftOut: true }),
        ),
        changeLabels: answering('changeLabels', changed),
        undoLabels: answering('undoLabels', changed),
        importLabels: answering('importLabels', changed),
        exportLabels: answering('exportLabels', { samples: 12 }),
        remove: answering('remove', { undoSeconds: 20, usedBy: ['study'] }),
        restore: answering('restore', ({ datasetId }: { datasetId: string }) => dataset(datasetId)),
        copiesBetween: answering('copiesBetween', []),
        findCopiesBetween: answering('findCopiesBetween', { pairs: 2 }),
      },
    }),
  );
  const before = store.loaded;
  await store.load();
  expect([before, store.loaded]).toEqual([false, true]);
  return { store, calls };
}

it('lists datasets in the order in which they came, and imports under way', async () => {
  const { store } = await loaded();
  expect(store.all.map(({ id }) => id)).toEqual(['1', '2']);
  expect(store.imports).toEqual([{ id: 'i', name: 'new data' }]);
  expect([store.byId('2'), store.byName('data 1'), store.byName('gone')]).toMatchObject([
    { id: '2' },
    { id: '1' },
    undefined,
  ]);
  await store.load();
  expect(store.all).toHaveLength(2);
});

it('follows what the service tells', async () => {
  const { store } = await loaded();
  store.take(event({ type: 'dataset', dataset: dataset('3') }));
  store.take(event({ type: 'dataset-removed', datasetId: '1' }));
  expect(store.all.map(({ id }) => id)).toEqual(['2', '3']);
  store.take(event({ type: 'import', progress: { id: 'k', name: 'more' } }));
  expect(store.imports.map(({ id }) => id)).toEqual(['i', 'k']);
  store.take(event({ type: 'import-ended', id: 'i', datasetId: null, failure: FAILURE }));
  store.take(event({ type: 'import-ended', id: 'unknown', datasetId: '3', failure: null }));
  expect(store.imports.map(({ id }) => id)).toEqual(['k']);
  // By its name, until it was seen.
  expect(store.ended).toEqual([
    { id: 'i', name: 'new data', datasetId: null, failure: FAILURE },
    { id: 'unknown', name: '', datasetId: '3', failure: null },
  ]);
  store.forgetEnd('i');
  expect(store.ended.map(({ id }) => id)).toEqual(['unknown']);
});

it('takes over what the service answers to a change', async () => {
  const { store, calls } = await loaded();
  await store.rename('1', 'other');
  expect(store.byName('other')?.id).toBe('1');
  await store.findCopies('1');
  expect(store.byId('1')).toMatchObject({ copies: 1 });
  await store.leaveCopiesOut('1', true);
  expect(store.byId('1')).toMatchObject({ leftOut: true });
  for (const change of [
    () => store.changeLabels({ datasetId: '1' } as never),
    () => store.undoLabels('1'),
    () => store.undoLabels('1', 4),
    () => store.importLabels('1', 'a.csv', false),
  ]) {
    store.take(event({ type: 'dataset', dataset: dataset('1') }));
    expect(await change()).toMatchObject({ changed: 3 });
    expect(store.byId('1')).toMatchObject({ relabeled: true });
  }
  expect(calls.filter(([name]) => name === 'undoLabels').map(([, asked]) => asked)).toEqual([
    { datasetId: '1' },
    { datasetId: '1', to: 4 },
  ]);
});

it('removes and brings back', async () => {
  const { store } = await loaded();
  expect(await store.remove('1')).toEqual({ undoSeconds: 20, usedBy: ['study'] });
  expect(store.byId('1')).toBeUndefined();
  await store.restore('1');
  expect(store.byId('1')).toBeDefined();
});

it('passes other wishes on', async () => {
  const { store, calls } = await loaded();
  expect(await store.import('x', { path: 'p' } as never)).toBe('j');
  await store.cancelImport('j');
  expect(await store.exportLabels('1', 'a.csv')).toBe(12);
  expect(await store.copiesBetween('1')).toEqual([]);
  expect(await store.findCopiesBetween('1', '2')).toEqual({ pairs: 2 });
  expect(calls.slice(2)).toEqual([
    ['import', { name: 'x', options: { path: 'p' } }],
    ['cancelImport', { id: 'j' }],
    ['exportLabels', { datasetId: '1', file: 'a.csv', overwrite: true }],
    ['copiesBetween', { datasetId: '1' }],
    ['findCopiesBetween', { datasetId: '1', otherId: '2' }],
  ]);
});
