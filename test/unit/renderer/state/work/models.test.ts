import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { MOST_SHOWN, ModelStore } from '../../../../../renderer/state/work/models.svelte.ts';
import type { ProjectEvent } from '../../../../../src/contract/messages/project-events.ts';
import type { PredictionSource, Predictions } from '../../../../../src/contract/model/prediction.ts';
import { clientOf, FAILURE, refusal, settled, stubRunes } from '../../runes.ts';

beforeEach(() => stubRunes());
afterEach(() => vi.unstubAllGlobals());

const kept = (id: string, ...others: string[]) => ({
  model: {
    id,
    createdAt: `2026-01-0${id}`,
    trainedOn: { dataset: 'lab' },
    ...(others.length > 0 && { others: others.map((dataset) => ({ trainedOn: { dataset } })) }),
  },
});
const from = { kind: 'files', paths: ['a.png'] } as unknown as PredictionSource;
const event = (one: object) => one as ProjectEvent;

/** Calls that the test answers itself. */
function storeOf() {
  const calls: {
    name: string;
    question: { id: string } & Record<string, unknown>;
    answer(found: unknown): void;
    refuse(error: Error): void;
    signal: AbortSignal;
  }[] = [];
  const call =
    (name: string) =>
    (question: never, { signal }: { signal: AbortSignal }) =>
      new Promise((answer, refuse) => {
        calls.push({ name, question, answer, refuse, signal });
        signal.addEventListener('abort', () => refuse(new Error('aborted')));
      });
  const removed: unknown[] = [];
  const store = new ModelStore(
    clientOf({
      model: {
        list: () => Promise.resolve([kept('1'), kept('2')]),
        remove: (question: unknown) => Promise.resolve(removed.push(question)),
        predict: call('predict'),
        embed: call('embed'),
      },
    }),
  );
  for (const id of ['m', 'n']) store.take(event({ type: 'model', model: kept(id) }));
  return { store, calls, removed };
}
const answers = (count: number) => ({ count }) as unknown as Predictions;

it('lists models newest first, and follows what the service tells', async () => {
  const { store, removed } = storeOf();
  await store.load();
  expect(store.all.map(({ model }) => model.id)).toEqual(['2', '1']);
  store.take(event({ type: 'model', model: kept('3') }));
  store.take(event({ type: 'model-removed', modelId: '2' }));
  expect(store.all.map(({ model }) => model.id)).toEqual(['3', '1']);
  await store.remove('1');
  expect([removed, store.byId('1'), store.byId('3')]).toMatchObject([
    [{ modelId: '1' }],
    undefined,
    { model: { id: '3' } },
  ]);
});

it('shows what a model answers, and how far it is', async () => {
  const { store, calls } = storeOf();
  const asking = store.ask('m', from, 'one picture');
  expect(calls[0]!.question).toEqual({
    id: '1',
    model: 'm',
    head: 'lab',
    from,
    output: null,
    rows: MOST_SHOWN,
    pictures: true,
  });
  expect([store.askedOf('m'), store.askedOf('other')]).toMatchObject([
    { words: 'one picture', saving: false, predictions: null },
    null,
  ]);
  store.take(event({ type: 'asked-progress', id: '1', progress: { done: 3 } }));
  store.take(event({ type: 'asked-progress', id: 'another call', progress: { done: 9 } }));
  expect(store.askedOf('m')!.progress).toEqual({ done: 3 });
  calls[0]!.answer(answers(5));
  await asking;
  expect(store.askedOf('m')).toMatchObject({ predictions: { count: 5 }, progress: null, failure: null });
});

it('lets another question take the place of the one before', async () => {
  const { store, calls } = storeOf();
  const first = store.ask('m', from, 'first');
  const second = store.ask('n', from, 'second');
  expect(calls[0]!.signal.aborted).toBe(true);
  await first;
  calls[1]!.answer(answers(1));
  await second;
  expect([store.askedOf('m'), store.askedOf('n')]).toMatchObject([
    null,
    { words: 'second', predictions: { count: 1 }, failure: null },
  ]);
});

it('keeps why it could not be answered', async () => {
  const { store, calls } = storeOf();
  const asking = store.ask('m', from, 'x');
  calls[0]!.refuse(refusal());
  await asking;
  expect(store.askedOf('m')).toMatchObject({ failure: FAILURE, predictions: null, progress: null });
});

it('writes all answers to a file, and keeps those that are shown', async () => {
  const { store, calls } = storeOf();
  expect(await store.save({ output: null })).toBeNull();
  const asking = store.ask('m', from, 'x');
  calls[0]!.answer(answers(2));
  await asking;
  const output = { file: 'a.csv' } as never;
  const saving = store.save({ output });
  expect(store.askedOf('m')).toMatchObject({ saving: true, predictions: { count: 2 } });
  expect(calls[1]!.question).toEqual({
    id: '2',
    model: 'm',
    head: 'lab',
    from,
    output,
    rows: 0,
    pictures: false,
  });
  calls[1]!.answer(answers(100));
  expect(await saving).toEqual({ count: 100 });
  expect(store.askedOf('m')).toMatchObject({ saving: false, predictions: { count: 2 } });
  const failing = store.save({ output });
  calls[2]!.refuse(refusal());
  await expect(failing).rejects.toThrow('It cannot be told.');
});

it('stops: answers that are shown stay, a question without any is gone', async () => {
  const { store, calls } = storeOf();
  const first = store.ask('m', from, 'x');
  store.stop();
  await first;
  expect(store.askedOf('m')).toBeNull();
  const second = store.ask('m', from, 'x');
  calls[1]!.answer(answers(2));
  await second;
  const saving = store.save({ output: null });
  store.stop();
  expect(await saving).toBeNull();
  expect(store.askedOf('m')).toMatchObject({ saving: false, predictions: { count: 2 } });
});

it('tells how far the writing of features is, to whoever asked for it', async () => {
  const { store, calls } = storeOf();
  const told: unknown[] = [];
  const writing = store.embed({ model: 'm' } as never, new AbortController().signal, (progress) =>
    told.push(progress),
  );
  store.take(event({ type: 'asked-progress', id: '1', progress: { done: 1 } }));
  calls[0]!.answer({ rows: 7 });
  expect(await writing).toEqual({ rows: 7 });
  await settled();
  store.take(event({ type: 'asked-progress', id: '1', progress: { done: 2 } }));
  expect(told).toEqual([{ done: 1 }]);
});

it('asks nothing of several heads before one is chosen, and drops what another head answered', async () => {
  const { store, calls } = storeOf();
  store.take(event({ type: 'model', model: kept('two', 'clinic') }));
  expect(store.headOf('two')).toBeNull();
  await store.ask('two', from, 'one picture');
  expect(calls).toEqual([]);
  store.chooseHead('two', 'clinic');
  const asking = store.ask('two', from, 'one picture');
  expect(calls[0]!.question).toMatchObject({ model: 'two', head: 'clinic' });
  calls[0]!.answer(answers(1));
  await asking;
  expect(store.askedOf('two')).toMatchObject({ head: 'clinic' });
  store.chooseHead('two', 'lab');
  expect([store.headOf('two'), store.askedOf('two')]).toEqual(['lab', null]);
});
