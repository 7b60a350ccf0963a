import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { AnswerStore, type AnswersFilter } from '../../../../../renderer/state/data/answers.svelte.ts';
import { ANSWERS_HEAD } from '../../../../../src/contract/results/answers-csv.ts';
import { clientOf, FAILURE, refusal, settled, stubRunes } from '../../runes.ts';

beforeEach(() => stubRunes());
afterEach(() => vi.unstubAllGlobals());

const filter = { studyId: 's', arm: 'pretrained' } as unknown as AnswersFilter;
const answer = (index: number) => ({
  index,
  sample: index === 3 ? null : { index, source: `s${index}.png`, group: null, label: 'cat', split: 'test' },
  truth: 'cat',
  answer: 'dog',
  seeds: [1, 2],
  probability: Math.fround(0.1),
  loss: 2.5,
});

function storeOf(total: number) {
  const asked: { offset: number; limit: number }[] = [];
  const state = { broken: false };
  const client = clientOf({
    study: {
      answers: (question: { offset: number; limit: number }) => {
        asked.push(question);
        if (state.broken) return Promise.reject(refusal());
        const count = Math.max(0, Math.min(question.limit, total - question.offset));
        return Promise.resolve({
          total,
          metric: 'accuracy',
          answers: Array.from({ length: count }, (_, at) => answer(question.offset + at)),
        });
      },
    },
  });
  return { store: new AnswerStore(client, filter), asked, state };
}

it('loads pages as they come into view, and tells what they are of', async () => {
  const { store, asked } = storeOf(400);
  expect([store.total, store.about]).toEqual([null, null]);
  await settled();
  expect([store.total, store.about]).toEqual([400, { total: 400, metric: 'accuracy' }]);
  store.want(0, 399);
  await settled();
  expect(asked).toEqual([0, 250].map((offset) => ({ studyId: 's', arm: 'pretrained', offset, limit: 250 })));
  expect(store.answerAt(399)).toEqual(answer(399));
  expect([store.at(2), store.at(3), store.at(400)]).toMatchObject([{ index: 2 }, undefined, undefined]);
});

it('asks again after labels have changed, or where a page could not be had', async () => {
  const { store, state, asked } = storeOf(400);
  await settled();
  store.refresh();
  await settled();
  expect(asked).toHaveLength(2);
  state.broken = true;
  store.want(250, 251);
  await settled();
  expect(store.failure).toEqual(FAILURE);
  state.broken = false;
  store.want(250, 251);
  await settled();
  expect([store.failure, store.answerAt(250)]).toEqual([null, answer(250)]);
});

it('writes all of them as CSV, page by page', async () => {
  const { store, asked } = storeOf(600);
  await settled();
  const csv = await store.csv();
  expect(asked.slice(1).map(({ offset }) => offset)).toEqual([0, 250, 500]);
  expect(csv.startsWith(ANSWERS_HEAD)).toBe(true);
  const lines = csv.slice(ANSWERS_HEAD.length).trimEnd().split(/\r?\n/);
  expect(lines).toHaveLength(600);
  expect(lines[2]).toBe('2,s2.png,,cat,dog,0.1,2.5,1 2,cat,test');
  expect(lines[3]).toBe('3,,,cat,dog,0.1,2.5,1 2,,');
});

it('writes the head alone where there are none', async () => {
  const { store } = storeOf(0);
  expect(await store.csv()).toBe(ANSWERS_HEAD);
});
