import { expect, test } from 'vitest';
import { reusedThreads, startThreads } from '../../../src/data/threads.ts';

const start = {
  beside: new URL('../../fixtures/threads/any.ts', import.meta.url).href,
  bundle: 'none',
  count: 2,
  dataOf: () => null,
};
const never = new AbortController().signal;

test('threads answer side by side, refuse what they fail at, and all when they are stopped', async () => {
  const stop = new AbortController();
  const { ask, close } = startThreads({ ...start, signal: stop.signal });
  const [first, second] = await Promise.all([ask<string>('a'), ask<string>('b')]);
  expect(first!.slice(2)).not.toBe(second!.slice(2));
  await expect(ask('fail')).rejects.toThrow('as it was told to');
  const waiting = ask('c');
  stop.abort(new Error('stopped'));
  await expect(waiting).rejects.toThrow('stopped');
  await expect(ask('d')).rejects.toThrow('stopped');
  await close();
});

test('threads are taken by one use after the other, by two at once never, and not after they were stopped', async () => {
  const take = reusedThreads(start);
  const idOf = async ({ ask }: ReturnType<typeof take>) => Number((await ask<string>('x')).slice(2));
  const first = take(never);
  const beside = take(never);
  const [one, other] = [await idOf(first), await idOf(beside)];
  expect(one).not.toBe(other);
  await first.close();
  await beside.close();
  const stop = new AbortController();
  const second = take(stop.signal);
  expect(await idOf(second)).toBe(one);
  stop.abort(new Error('stopped'));
  await expect(second.ask('x')).rejects.toThrow('stopped');
  await second.close();
  const third = take(never);
  const afterStop = await idOf(third);
  expect([one, other]).not.toContain(afterStop);
  // A use that ends while something is asked for leaves nothing to the next.
  const left = third.ask('x').catch(() => null);
  await third.close();
  const fourth = take(never);
  expect(await idOf(fourth)).not.toBe(afterStop);
  await fourth.close();
  void left;
});
