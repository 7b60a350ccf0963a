import { expect, it } from 'vitest';
import {
  isAgainst,
  quantityOf,
  type Quantity,
} from '../../../../../src/contract/data/recordings/quantities.ts';

const written: [Quantity | null, string[]][] = [
  ['voltage', ['V', 'mV', 'µV', 'uV', 'volts']],
  ['current', ['A', 'mA', 'nA', 'ampere']],
  ['acceleration', ['g', 'mg', 'm/s^2', 'm/s²', 'm s-2']],
  ['turning', ['°/s', 'deg/s', 'rad/s', 'dps']],
  ['angle', ['deg', '°', 'rad', 'degrees']],
  ['force', ['N', 'kN', 'Nm', 'N·m', 'N m', 'N*m', 'Nmm', 'kgf']],
  ['sound', ['Pa', 'µPa']],
  ['pressure', ['mmHg', 'kPa', 'bar']],
  ['speed', ['m/s', 'mm/s']],
  ['length', ['m', 'mm', 'µm']],
  ['temperature', ['°C', 'degC', 'C']],
  [null, ['', ' ', 'counts', '%', 'a.u.', 'adu']],
];

it.each(written)('a unit of %s', (quantity, units) => {
  expect(units.map((unit) => quantityOf(unit))).toEqual(units.map(() => quantity));
});

it('is against the kinds that are never given in it', () => {
  expect(isAgainst('emg', 'Nm')).toBe(true);
  expect(isAgainst('emg', 'mV')).toBe(false);
  expect(isAgainst('emg', 'a.u.')).toBe(false);
  expect(isAgainst('movement', 'deg')).toBe(false);
  expect(isAgainst('vibration', 'A')).toBe(true);
  expect(isAgainst('eeg', null)).toBe(false);
});
