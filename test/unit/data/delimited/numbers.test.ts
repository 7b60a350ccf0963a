import { expect, test } from 'vitest';
import { isMissing, toNumber } from '../../../../src/data/delimited/numbers.ts';
import { createRandom } from '../../../../src/data/shards/random.ts';

const PLAIN = { decimal: '.', thousands: '' } as const;

test('a number is the one that JavaScript reads, to the last bit', () => {
  const random = createRandom(3);
  for (let turn = 0; turn < 20_000; turn++) {
    const digits = Array.from({ length: 1 + random.below(19) }, () => random.below(10)).join('');
    const point = random.below(digits.length + 1);
    const sign = ['', '-', '+'][random.below(3)]!;
    const text =
      random.below(3) === 0 ? sign + digits : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
    expect(toNumber(text, PLAIN), text).toBe(Number(text));
  }
});

test('what is no number stays none', () => {
  for (const text of ['', '.', '-', '+.', '1.2.3', '0x1f', '1 2', 'Infinity', '1e', '--1', '1,5'])
    expect(toNumber(text, PLAIN), text).toBeNaN();
  expect(toNumber('-0', PLAIN)).toBe(-0);
  expect(toNumber('6.02e23', PLAIN)).toBe(6.02e23);
  expect(toNumber('1,5', { decimal: null, thousands: '' })).toBe(1.5);
  expect(toNumber('1,234.5', { decimal: '.', thousands: ',' })).toBe(1234.5);
  expect(toNumber('1.234,5', { decimal: ',', thousands: '.' })).toBe(1234.5);
});

test('words for nothing are told from short numbers and names', () => {
  for (const text of ['', 'NA', 'n/a', '#N/A', 'NaN', 'null', 'None', '?', '-', '--', '.'])
    expect(isMissing(text), text).toBe(true);
  for (const text of ['0', '12', '-1', '.5', 'no', 'nope', 'x']) expect(isMissing(text), text).toBe(false);
});
