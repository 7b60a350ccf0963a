import { expect, it } from 'vitest';
import { listFiles } from '../../../../src/data/reading/listing.ts';
import { hasTimes, hasWords, headsOf, isMostlyNumbers } from '../../../../src/data/signals/recognise.ts';
import { folderOf } from '../../../fixtures/imports.ts';
import { dialectOf, noise, table } from '../delimited/heads.ts';

const numbers = dialectOf(table('x,y', 40, (at) => [noise(at), noise(at + 1)]));
const labelled = dialectOf(table('x,what', 80, (at) => [noise(at), at < 40 ? 'walk' : 'run']));
const people = dialectOf(
  table('name,town,age', 40, (at) => [`person ${at}`, ['Ulm', 'Bonn', 'Kiel'][at % 3]!, at]),
);
const timed = dialectOf(table('when,x', 40, (at) => [`10:00:${String(at).padStart(2, '0')}`, noise(at)]));

it('knows columns of numbers, also beside times and labels that stay, from a table of facts', () => {
  expect([numbers, labelled, timed, people].map(isMostlyNumbers)).toEqual([true, true, true, false]);
  expect(isMostlyNumbers(dialectOf('1.5,2\n'))).toBe(false);
});

it('knows words that change from row to row, and times', () => {
  expect([numbers, labelled, timed, people].map(hasWords)).toEqual([false, false, false, true]);
  expect([numbers, labelled, timed, people].map(hasTimes)).toEqual([false, false, true, false]);
});

it('takes days that go back and forth for facts of rows', () => {
  const day = (at: number) => `2024-03-${String(10 + ((at * 7) % 19))}`;
  expect(hasTimes(dialectOf(table('born,x', 40, (at) => [day(at), noise(at)])))).toBe(false);
  // Many rows of the same second, and midnight between them.
  const clock = (at: number) => (at < 30 ? `23:59:${50 + Math.floor(at / 10)}` : '00:00:00');
  expect(hasTimes(dialectOf(table('when,x', 40, (at) => [clock(at), noise(at)])))).toBe(true);
});

it('looks at the heads of a few files, and passes over what is no text', async () => {
  const files = Object.fromEntries(
    Array.from({ length: 9 }, (_, at) => [`${at}.csv`, 'x,y\n1.5,2\n3,4.5\n']),
  );
  const folder = await folderOf({
    ...files,
    'z.csv': Buffer.from([0, 1, 2, 0, 255, 0, 0]),
    'picture.png': 'x',
  });
  const listing = await listFiles(folder);
  expect(await headsOf(listing, 100)).toHaveLength(9);
  expect((await headsOf(listing, 3)).length).toBeLessThanOrEqual(3);
});
