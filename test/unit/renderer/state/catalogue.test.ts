import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { CatalogueStore } from '../../../../renderer/state/catalogue.svelte.ts';
import type { Inspection } from '../../../../src/contract/messages/rpc.ts';
import { clientOf, stubRunes } from '../runes.ts';

beforeEach(() => stubRunes());
afterEach(() => vi.unstubAllGlobals());

const options = { type: 'object', properties: {} };
const catalogue = {
  recipe: { import: { properties: { labelColumn: { title: 'Label column' } } } },
  readers: [
    { id: 'parquet-table', title: 'Parquet table', options },
    { id: 'idx', title: 'IDX files (as MNIST)', options },
  ],
  tasks: [
    { id: 'rotation', title: 'Rotation', modalities: ['image'], encoders: ['convnet'], options },
    {
      id: 'contrast',
      title: 'Contrast',
      modalities: ['image', 'signal'],
      encoders: ['convnet', 'vit'],
      options,
    },
  ],
  encoders: [
    { id: 'convnet', title: 'Convnet', modalities: ['image', 'signal'], options },
    { id: 'vit', title: 'Vision transformer', modalities: ['image'], options },
  ],
  smoothing: { title: 'Smoothing' },
};

async function loaded() {
  let asked = 0;
  const client = clientOf({ catalogue: () => Promise.resolve(((asked += 1), catalogue)) });
  const store = new CatalogueStore();
  await store.load(client);
  await store.load(client);
  return { store, asked };
}

it('asks once, and is empty before', async () => {
  const empty = new CatalogueStore();
  expect([
    empty.loaded,
    empty.schemas,
    empty.readers,
    empty.tasksFor('image'),
    empty.schemaOf('import'),
    empty.smoothing,
  ]).toEqual([false, null, [], [], {}, {}]);
  expect(empty.taskTitle('rotation')).toBe('rotation');
  const { store, asked } = await loaded();
  expect([store.loaded, asked]).toEqual([true, 1]);
  expect(store.smoothing).toEqual({ title: 'Smoothing' });
});

it('offers tasks and encoders for a kind of data, and encoders that a task can use', async () => {
  const { store } = await loaded();
  const ids = (all: readonly { id: string }[]) => all.map(({ id }) => id);
  expect(ids(store.tasksFor('image'))).toEqual(['rotation', 'contrast']);
  expect(ids(store.tasksFor('signal'))).toEqual(['contrast']);
  expect(ids(store.familiesFor('signal'))).toEqual(['convnet']);
  expect(ids(store.encodersFor('image', 'rotation'))).toEqual(['convnet']);
  expect(ids(store.encodersFor('image', 'contrast'))).toEqual(['convnet', 'vit']);
  // Of a task that is not known all are offered.
  expect(ids(store.encodersFor('image', ''))).toEqual(['convnet', 'vit']);
});

it('names tasks, and what was said of an import, by titles', async () => {
  const { store } = await loaded();
  expect([store.taskTitle('contrast'), store.taskTitle('gone'), store.taskTitle(null)]).toEqual([
    'Contrast',
    'gone',
    '',
  ]);
  const inspection = { format: 'parquet-table', tableColumns: [] } as unknown as Inspection;
  expect(store.importWords(inspection, 'Choose the format: “parquet-table” or “idx”.')).toBe(
    'Choose the format: “Parquet table” or “IDX files (as MNIST)”.',
  );
});
