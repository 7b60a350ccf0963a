import { expect, it } from 'vitest';
import { kindText } from '../../../../src/cli/commands/kind.ts';
import { findSignalKind, signalKindOf } from '../../../../src/contract/data/recordings/find-kind.ts';

it('tells the kind of signals with its reason, and nothing of what holds none', () => {
  const known = { channelNames: ['Fp1', 'Fp2', 'Cz'] };
  expect(kindText({ signalKind: signalKindOf(known) })).toEqual([
    `Kind of signal: EEG or sleep: ${findSignalKind(known).reason}`,
  ]);
  expect(kindText({ signalKind: signalKindOf(known, 'emg') })[0]).toMatch(
    /^Kind of signal: EMG, as you said; found was EEG or sleep: 3 of 3/,
  );
  expect(kindText({})).toEqual([]);
});
