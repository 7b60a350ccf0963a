import { describe, expect, it } from 'vitest';
import { givesAwayWords, watchesFor } from '../../../../src/data/tables/answers.ts';
import { cellForm, type Cell } from '../../../../src/data/tables/source.ts';
import { createRandom } from '../../../../src/data/shards/random.ts';

const form = cellForm({ decimal: '.', thousands: '' });

/** By what a column tells the target, of rows of (cell, target). */
const told = (target: 'classes' | 'numbers', rows: readonly (readonly [Cell, Cell])[]) => {
  const watches = watchesFor(target, form);
  for (const [cell, answer] of rows) for (const watch of watches) if (!watch.isOver) watch.add(cell, answer);
  return watches.filter(({ tells }) => tells).map(({ by }) => by);
};
const many = <Row>(row: (at: number) => Row, count = 60) => Array.from({ length: count }, (_, at) => row(at));
const random = createRandom(1);

describe('a column gives classes away', () => {
  it.each([
    ['a code of them', many((at) => [`k${at % 4}`, at % 2 ? 'a' : 'b'] as const), ['value']],
    [
      'numbers given out class by class',
      many((at) => [String(7 * at), at < 25 ? 'a' : 'b'] as const),
      ['order'],
    ],
    [
      'such numbers in any order of rows',
      many((at) => [String((at * 17) % 60), (at * 17) % 60 < 25 ? 'a' : 'b'] as const),
      ['order'],
    ],
    ['one class alone', many((at) => [String(at), 'a'] as const), []],
    ['too few rows of a class', many((at) => [String(at), at < 9 ? 'a' : 'b'] as const), []],
    ['classes that meet', many((at) => [String(at), at < 25 || at === 40 ? 'a' : 'b'] as const), []],
    ['numbers of no order', many((at) => [String(random.below(1000)), at % 2 ? 'a' : 'b'] as const), []],
    ['names', many((at) => [`person ${at}`, at < 25 ? 'a' : 'b'] as const), []],
  ] as const)('%s', (_, rows, expected) => expect(told('classes', rows)).toEqual(expected));
});

describe('a column gives a number away', () => {
  it.each([
    ['the same in another unit', many((at) => [String(at * 1.8 + 32), String(at)] as const, 500), ['number']],
    ['falling', many((at) => [String(-3 * at), String(at)] as const), ['number']],
    [
      'rounded to tenths of ten thousand',
      many((at) => [(at * 100.03).toFixed(1), String(at * 100.03)] as const),
      ['number'],
    ],
    ['nearly so', many((at) => [String(at + random.below(10)), String(at)] as const, 500), []],
    ['a constant', many((at) => ['5', String(at)] as const), []],
    [
      'a target that begins with many equal rows',
      many((at) => [String(Math.max(0, at - 150)), String(Math.max(0, at - 150) * 2)] as const, 400),
      ['number'],
    ],
    ['few rows', many((at) => [String(at), String(at)] as const, 10), []],
    ['words', many((at) => [`w${at}`, String(at)] as const), []],
  ] as const)('%s', (_, rows, expected) => expect(told('numbers', rows)).toEqual(expected));
});

it('says how', () => {
  expect(givesAwayWords({ name: 'id', target: 'ill', by: 'order' })).toBe(
    '“id” gives the target away: put in its order, the rows of each value of “ill” stand together.',
  );
});
