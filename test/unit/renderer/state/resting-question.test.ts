import { beforeEach, afterEach, expect, it, vi } from 'vitest';
import { RestingQuestion } from '../../../../renderer/state/resting-question.svelte.ts';

const REST_MS = 200;
const FAILURE = { code: 'x', message: 'It cannot be told.' };

beforeEach(() => {
  vi.useFakeTimers();
  // Outside of the window nothing is drawn anew: a rune is its value.
  vi.stubGlobal(
    '$state',
    Object.assign((value: unknown) => value, { raw: (value: unknown) => value }),
  );
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Each wish is answered, or refused, when the test says so. */
function question() {
  const asked: { wish: string; answer: (found: string) => void; refuse: (error: Error) => void }[] = [];
  const find = (wish: string) =>
    new Promise<string>((answer, refuse) => {
      asked.push({ wish, answer, refuse });
    });
  return { asked, question: new RestingQuestion(find, REST_MS) };
}

it('asks once, when the form rests', async () => {
  const { asked, question: one } = question();
  one.ask('a');
  await vi.advanceTimersByTimeAsync(REST_MS - 1);
  one.ask('b');
  expect(one.waiting).toBe(true);
  await vi.advanceTimersByTimeAsync(REST_MS);
  asked[0]!.answer('B');
  await vi.advanceTimersByTimeAsync(0);
  expect(asked.map(({ wish }) => wish)).toEqual(['b']);
  expect([one.found, one.failure, one.waiting]).toEqual(['B', null, false]);
});

it('lets the newest answer stand, and keeps it where a later question fails', async () => {
  const { asked, question: one } = question();
  for (const wish of ['a', 'b', 'c']) {
    one.ask(wish);
    await vi.advanceTimersByTimeAsync(REST_MS);
    if (wish === 'b') {
      asked[1]!.answer('B');
      asked[0]!.answer('A');
    }
  }
  asked[2]!.refuse(Object.assign(new Error('x'), { failure: FAILURE }));
  await vi.advanceTimersByTimeAsync(0);
  expect(one.found).toBe('B');
  expect(one.failure).toEqual(FAILURE);
  expect(one.waiting).toBe(false);
});

it('takes no answer after it was stopped', async () => {
  const { asked, question: one } = question();
  one.ask('a');
  await vi.advanceTimersByTimeAsync(REST_MS);
  one.stop();
  asked[0]!.answer('A');
  one.ask('b');
  one.stop();
  await vi.advanceTimersByTimeAsync(2 * REST_MS);
  expect(asked).toHaveLength(1);
  expect([one.found, one.waiting]).toEqual([null, false]);
});
