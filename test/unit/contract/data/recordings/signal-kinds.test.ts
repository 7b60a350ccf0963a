import { expect, it } from 'vitest';
import {
  foundWords,
  kindWords,
  presetIn,
  withSaid,
} from '../../../../../src/contract/data/recordings/signal-kinds.ts';

const found = { kind: 'movement', found: 'movement', reason: 'all 6 are named so.', isSaid: false } as const;

it('is told with its reason, and with what was found where a person said another', () => {
  expect(kindWords(found)).toBe('Movement: all 6 are named so.');
  expect(kindWords(withSaid(found, 'eeg'))).toBe(
    'EEG or sleep, as you said; found was movement: all 6 are named so.',
  );
  expect(kindWords(withSaid(found, 'movement'))).toBe(
    'Movement, as you said; found too: all 6 are named so.',
  );
  expect(foundWords(found)).toBe('All 6 are named so.');
  expect(foundWords(withSaid({ ...found, found: 'ecg' }, 'eeg'))).toBe(
    'Found was ECG or pulse: all 6 are named so.',
  );
  expect(kindWords(withSaid({ ...found, found: 'unknown' }, 'emg'))).toBe(
    'EMG, as you said; none was found: all 6 are named so.',
  );
});

it('is what was found again where a person takes a word back', () => {
  expect(withSaid(withSaid(found, 'eeg'), 'auto')).toEqual(found);
  expect(withSaid(withSaid(found, 'eeg'), undefined)).toEqual(found);
});

it('is told by the preset of a preparation, where that is of a kind', () => {
  expect(presetIn({ prepare: { preset: 'emg' } })).toBe('emg');
  for (const options of [undefined, {}, { prepare: null }, { prepare: { preset: 'plain' } }])
    expect(presetIn(options)).toBeNull();
});
