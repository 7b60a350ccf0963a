import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SampleStore, type SampleFilter } from '../../../../../renderer/state/data/samples.svelte.ts';
import { clientOf, FAILURE, refusal, settled, stubRunes } from '../../runes.ts';

beforeEach(() => stubRunes());
afterEach(() => vi.unstubAllGlobals());

interface Question {
  offset: number;
  limit: number;
}
/** A dataset of so many samples, numbered. */
function storeOf(total: number, filter: Partial<SampleFilter> = {}) {
  const asked: Question[] = [];
  const state = { broken: false, version: 0 };
  const client = clientOf({
    dataset: {
      samples: (question: Question) => {
        asked.push(question);
        if (state.broken) return Promise.reject(refusal());
        const count = Math.max(0, Math.min(question.limit, total - question.offset));
        const samples = Array.from({ length: count }, (_, at) => ({
          index: question.offset + at,
          version: state.version,
        }));
        return Promise.resolve({ total, samples });
      },
    },
  });
  const store = new SampleStore(client, 'd', { split: null, label: undefined, ...filter });
  return { store, asked, state };
}

it('loads the first page at once, and others as they come into view, each once', async () => {
  const { store, asked } = storeOf(600);
  expect(store.total).toBeNull();
  await settled();
  expect([store.total, store.at(249), store.at(250)]).toMatchObject([600, { index: 249 }, undefined]);
  store.want(240, 510);
  store.want(240, 510);
  await settled();
  expect([store.at(250), store.at(599), store.at(600)]).toMatchObject([
    { index: 250 },
    { index: 599 },
    undefined,
  ]);
  expect(asked.map(({ offset }) => offset)).toEqual([0, 250, 500]);
  expect(asked[0]).toEqual({ datasetId: 'd', offset: 0, limit: 250 });
});

it.each<[Partial<SampleFilter>, object]>([
  [{ split: 'test' }, { split: 'test' }],
  [{ label: 'cat' }, { label: 'cat' }],
  // Of null are the unlabeled ones.
  [{ label: null }, { label: null }],
  [{ changed: true }, { changed: true }],
  [{ changed: false }, {}],
])('asks for those of %j alone', (filter, said) => {
  const { asked } = storeOf(1, filter);
  expect(asked).toEqual([{ datasetId: 'd', offset: 0, limit: 250, ...said }]);
});

it('asks again for what it has after labels have changed', async () => {
  const { store, state, asked } = storeOf(300);
  store.want(0, 299);
  await settled();
  state.version = 1;
  store.refresh();
  await settled();
  expect(asked.map(({ offset }) => offset)).toEqual([0, 250, 0, 250]);
  expect([store.at(0), store.at(299)]).toMatchObject([{ version: 1 }, { version: 1 }]);
});

it('says what failed, asks again when it is wanted again, and then has nothing to say', async () => {
  const { store, state } = storeOf(600);
  await settled();
  state.broken = true;
  store.want(250, 260);
  await settled();
  expect([store.failure, store.at(250)]).toEqual([FAILURE, undefined]);
  state.broken = false;
  store.want(250, 260);
  await settled();
  expect([store.failure, store.at(250)]).toMatchObject([null, { index: 250 }]);
});
