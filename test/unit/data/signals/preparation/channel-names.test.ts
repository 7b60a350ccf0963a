import { expect, it } from 'vitest';
import { channelKey, electrodeOf } from '../../../../../src/data/signals/preparation/channel-names.ts';

it.each([
  ['EEG Fp1-REF', 'Fp1'],
  ['FP1', 'Fp1'],
  ['Fp1.', 'Fp1'],
  ['EEG T3-LE', 'T7'],
  ['T4', 'T8'],
  ['T5', 'P7'],
  ['fcz', 'FCz'],
  ['Fc5.', 'FC5'],
  ['POO9h', 'POO9h'],
  ['EEG A1', 'A1'],
  ['Iz..', 'Iz'],
])('%s is %s', (name, place) => {
  expect(electrodeOf(name)).toBe(place);
});

it.each(['ECG', 'Resp', 'A12', 'EMG1', 'Status', 'X', 'C3-P3', 'F11', 'EOG left'])(
  '%s is no place',
  (name) => {
    expect(electrodeOf(name)).toBeNull();
  },
);

it('tells channels apart that are no electrodes, but not their spelling', () => {
  expect(channelKey('Resp  Belt')).toBe(channelKey('resp belt '));
  expect(channelKey('EMG1')).not.toBe(channelKey('EMG2'));
});
