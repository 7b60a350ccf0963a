import { expect, it } from 'vitest';
import { channelsOf, isTrigger, unitFactor } from '../../../../../src/data/signals/recorded/channels.ts';

it('tells channels of one name apart by a number, over all tracks', () => {
  const track = (...names: string[]) => ({ rate: 1, channels: names.map((name) => ({ name, unit: null })) });
  expect(
    channelsOf([track('C3', 'ECG'), track('ECG')]).map(({ name, track: at, column }) => [name, at, column]),
  ).toEqual([
    ['C3', 0, 0],
    ['ECG', 0, 1],
    ['ECG 2', 1, 0],
  ]);
});

it('knows channels of codes by their names, and no others', () => {
  const are = (...names: string[]) => names.map((name) => isTrigger({ name, unit: null }));
  expect(are('Status', 'STI 014', 'TRIG1', ' Marker ')).toEqual([true, true, true, true]);
  expect(are('C3', 'Statusline', 'Trigeminal')).toEqual([false, false, false]);
});

it('brings one unit to another where both are known', () => {
  expect(unitFactor('mV', 'µV')).toBeCloseTo(1000, 9);
  expect(unitFactor('uV', 'µV')).toBe(1);
  expect(unitFactor('nV', 'V')).toBeCloseTo(1e-9, 18);
  expect(unitFactor('g', 'g')).toBe(1);
  expect(unitFactor(null, 'V')).toBe(1);
  expect(unitFactor('g', 'V')).toBeNull();
});
