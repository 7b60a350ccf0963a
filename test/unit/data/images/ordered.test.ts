import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { collect } from '../../../fixtures/collect.ts';
import { mapInOrder } from '../../../../src/data/images/ordered.ts';

it('gives results in the order of the items, with no more under way than allowed', async () => {
  let under = 0;
  let most = 0;
  const work = async (item: number) => {
    most = Math.max(most, ++under);
    await wait(item % 3);
    under--;
    return item * 2;
  };
  const items = Array.from({ length: 20 }, (_, at) => at);
  expect(await collect(mapInOrder(items, 4, work))).toEqual(items.map((item) => item * 2));
  expect(most).toBe(4);
});

it('throws a failure when its turn comes, after all before it', async () => {
  const got: number[] = [];
  const all = mapInOrder([1, 2, 3, 4], 4, (item) =>
    item === 3 ? Promise.reject(new Error('three')) : Promise.resolve(item),
  );
  const reading = (async () => {
    for await (const one of all) got.push(one);
  })();
  await expect(reading).rejects.toThrow('three');
  expect(got).toEqual([1, 2]);
});
