import { expect, it } from 'vitest';
import { channelKey, electrodeOf, ofHead } from '../../../../../src/contract/data/recordings/electrodes.ts';

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

it.each([
  [['Fp1', 'Fp2', 'Cz', 'EOG left'], true],
  [['EEG Fpz-Cz', 'EEG Pz-Oz', 'EOG horizontal', 'Resp oro-nasal', 'EMG submental', 'Temp rectal'], true],
  [['Fp1-F7', 'Fp2-F8', 'C3-P3'], true],
  [['x', 'y', 'z'], false],
  [['T1', 'T2', 'P1', 'P2'], false],
  [['Fx', 'Fy', 'Fz', 'Mx', 'My', 'Mz'], false],
  [['channel1', 'channel2', 'Cz'], false],
  [[], false],
])('%j are of the head: %s', (names, found) => {
  expect(ofHead(names)).toBe(found);
});
