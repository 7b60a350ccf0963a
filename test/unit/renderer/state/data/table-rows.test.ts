import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { TableRowsStore, type RowsView } from '../../../../../renderer/state/data/table-rows.svelte.ts';
import { clientOf, FAILURE, refusal, settled, stubRunes } from '../../runes.ts';

beforeEach(() => stubRunes());
afterEach(() => vi.unstubAllGlobals());

const TOTAL = 10_000;
function storeOf(view: Partial<RowsView> = {}) {
  const asked: { offset: number; limit: number }[] = [];
  const state = { broken: false };
  const client = clientOf({
    dataset: {
      rows: (question: { offset: number; limit: number }) => {
        asked.push(question);
        if (state.broken) return Promise.reject(refusal());
        return Promise.resolve({
          total: TOTAL,
          rows: Array.from({ length: question.limit }, (_, at) => ({ index: question.offset + at })),
        });
      },
    },
  });
  return {
    store: new TableRowsStore(client, 'd', { split: null, sort: null, filters: [], ...view }),
    asked,
    state,
  };
}

it('loads the rows in view, in the order and under the filters that were asked for', async () => {
  const filters = [{ column: 'age', from: 5, to: null }] as unknown as RowsView['filters'];
  const { store, asked } = storeOf({ split: 'train', sort: { column: 'age', descending: true }, filters });
  await settled();
  expect(asked).toEqual([
    {
      datasetId: 'd',
      offset: 0,
      limit: 100,
      filters,
      split: 'train',
      sort: { column: 'age', descending: true },
    },
  ]);
  store.want(90, 210);
  await settled();
  expect(asked.slice(1).map(({ offset }) => offset)).toEqual([100, 200]);
  expect([store.total, store.at(205)]).toEqual([TOTAL, { index: 205 }]);
});

it('says nothing of order and split where there are none', () => {
  expect(storeOf().asked).toEqual([{ datasetId: 'd', offset: 0, limit: 100, filters: [] }]);
});

it('forgets the pages that came first, and asks for them again', async () => {
  const { store, asked } = storeOf();
  for (let page = 0; page < 42; page++) {
    store.want(100 * page, 100 * page);
    await settled();
  }
  expect([store.at(0), store.at(100), store.at(200), store.at(4100)]).toEqual([
    undefined,
    undefined,
    { index: 200 },
    { index: 4100 },
  ]);
  store.want(0, 0);
  await settled();
  expect(asked.at(-1)!.offset).toBe(0);
  expect(store.at(0)).toEqual({ index: 0 });
});

it('says what failed until it can be had', async () => {
  const { store, state } = storeOf();
  await settled();
  state.broken = true;
  store.want(100, 100);
  await settled();
  expect([store.failure, store.at(100)]).toEqual([FAILURE, undefined]);
  state.broken = false;
  store.want(100, 100);
  await settled();
  expect([store.failure, store.at(100)]).toEqual([null, { index: 100 }]);
});
