import { expect, it } from 'vitest';
import { withUnit } from '../../../../src/data/delimited/units.ts';

it.each([
  ['12.5%', '12.5', '%'],
  ['12,5 %', '12,5', '%'],
  ['-3 ‰', '-3', '‰'],
  ['€ 1,234.50', '1,234.50', '€'],
  ['$99', '99', '$'],
  ['-$1,200', '-1,200', '$'],
  ['$ -1,200', '-1,200', '$'],
  ['1.234,50 €', '1.234,50', '€'],
  ['1 234 567 EUR', '1 234 567', 'EUR'],
  ['USD 12', '12', 'USD'],
  ['80kg', '80', 'kg'],
  ['80 kg', '80', 'kg'],
  ['−3.5 °C', '-3.5', '°C'],
  ['−267.5', '-267.5', ''],
  ['1e3 ms', '1e3', 'ms'],
])('reads “%s”', (text, number, unit) => {
  expect(withUnit(text)).toEqual({ number, unit });
});

it.each([
  '12',
  '-1.5',
  'P12',
  'Room 7',
  '7 c',
  '12 A',
  '1st',
  '2024-03-01',
  '10:15',
  '%',
  '€',
  'kg',
  '12 kg 3',
  '$-$1',
  '',
  '5 apples',
])('leaves “%s”', (text) => expect(withUnit(text)).toBeNull());
