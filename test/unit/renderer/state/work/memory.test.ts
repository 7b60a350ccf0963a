import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { MemoryStore } from '../../../../../renderer/state/work/memory.svelte.ts';
import type { Recipe } from '../../../../../src/contract/recipe/recipe.ts';
import { clientOf, FAILURE, refusal, stubRunes } from '../../runes.ts';

beforeEach(() => {
  vi.useFakeTimers();
  stubRunes();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});
const recipe = (name: string) => ({ name }) as Recipe;
const rest = () => vi.advanceTimersByTimeAsync(300);

function storeOf() {
  const asked: string[] = [];
  const state = { broken: false };
  const telling =
    (what: string) =>
    ({ recipe: { name } }: { recipe: { name: string } }) => {
      asked.push(`${what} ${name}`);
      return state.broken
        ? Promise.reject(refusal())
        : Promise.resolve(what === 'memory' ? [`${what} of ${name}`] : `${what} of ${name}`);
    };
  const study = { memory: telling('memory'), time: telling('time'), reach: telling('reach') };
  return { store: new MemoryStore(clientOf({ study })), asked, state };
}

it('knows nothing before it was asked', () => {
  const { store } = storeOf();
  expect([store.estimates, store.time, store.reach, store.failure, store.waiting]).toEqual([
    [],
    null,
    null,
    null,
    false,
  ]);
});

it('asks for memory, time and reach of the last recipe, once its knobs rest', async () => {
  const { store, asked } = storeOf();
  store.ask(recipe('a'));
  await vi.advanceTimersByTimeAsync(200);
  store.ask(recipe('b'));
  expect(store.waiting).toBe(true);
  await rest();
  expect(asked).toEqual(['memory b', 'time b', 'reach b']);
  expect([store.estimates, store.time, store.reach]).toEqual([['memory of b'], 'time of b', 'reach of b']);
});

it('shows no figures of an earlier recipe beside a failure', async () => {
  const { store, state } = storeOf();
  store.ask(recipe('a'));
  await rest();
  state.broken = true;
  store.ask(recipe('b'));
  await rest();
  expect([store.failure, store.estimates]).toEqual([FAILURE, []]);
});

it('does not ask after it was stopped', async () => {
  const { store, asked } = storeOf();
  store.ask(recipe('a'));
  store.stop();
  await rest();
  expect([asked, store.waiting]).toEqual([[], false]);
});
