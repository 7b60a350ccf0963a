import { describe, expect, it } from 'vitest';
import { SIGNAL_KINDS } from '../../../../../src/contract/data/recordings/signal-kinds.ts';
import { viewsOfKinds, viewWords } from '../../../../../src/learning/views/signals/by-kind.ts';
import { signalViews } from '../../../../../src/learning/views/signal.ts';
import { findPretextTask, proposedTaskOptions } from '../../../../../src/learning/pretext/registry.ts';
import type { SampleDescription } from '../../../../../src/contract/data/sample-description.ts';

const usual = signalViews();

describe('views by the kind of signals', () => {
  it('stretch nothing of an EEG, more of an EMG, and are the general ones for what nothing better was measured of', () => {
    expect(viewsOfKinds(['eeg'], usual)).toEqual({ cropProbability: 0 });
    expect(viewsOfKinds(['emg'], usual)).toEqual({ cropProbability: 0.8 });
    for (const kind of SIGNAL_KINDS.filter((one) => one !== 'eeg' && one !== 'emg'))
      expect({ ...usual, ...viewsOfKinds([kind], usual) }, kind).toEqual(usual);
    expect(viewsOfKinds([], usual)).toEqual({});
  });

  it('are of several kinds as careful as those of the most careful', () => {
    expect(viewsOfKinds(['movement', 'eeg'], usual)).toEqual({ cropProbability: 0 });
    expect(viewsOfKinds(['eeg', 'unknown'], { ...usual, cropProbability: 0.5 })).toEqual({
      cropProbability: 0,
    });
    expect({ ...usual, ...viewsOfKinds(['emg', 'movement'], usual) }).toEqual(usual);
    expect(viewsOfKinds(['emg', 'eeg'], usual)).toEqual({ cropProbability: 0 });
  });

  it('say what they go by', () => {
    expect(viewWords(['eeg'])).toMatch(
      /^Views chosen for “EEG or sleep”: nothing is stretched\. Measured on/,
    );
    expect(viewWords(['emg'])).toMatch(
      /^Views chosen for “EMG”: four of five are stretched\. Measured on validation data of gestures/,
    );
    expect(viewWords(['movement'])).toMatch(/general ones: measured on validation data of activities/);
    expect(viewWords(['ecg'])).toMatch(
      /^No views were measured for “ECG or pulse”: they are the general ones/,
    );
    expect(viewWords(['unknown'])).toMatch(/not known: views are the general ones/);
    expect(viewWords(['eeg', 'movement'])).toMatch(
      /^Datasets of “EEG or sleep” and “Movement”: .*most careful.*nothing is stretched, as for “EEG or sleep”/,
    );
    expect(viewWords(['emg', 'movement'])).toMatch(/which are the general ones/);
    expect(viewWords(['emg', 'eeg'])).toMatch(/\(nothing is stretched, as for “EEG or sleep”\)/);
  });
});

describe('what a task proposes', () => {
  const proposedFor = (about: SampleDescription, task = 'simclr') =>
    proposedTaskOptions(findPretextTask(task, 'signal'), {
      modality: 'signal',
      inputShape: [128, 8],
      sampleCount: 1000,
      about,
    })['signalViews'];

  it('goes by the kind that the dataset has, whatever its channels are called', () => {
    expect(proposedFor({ signalKinds: ['eeg'] })).toMatchObject({ cropProbability: 0 });
    expect(proposedFor({ signalKinds: ['movement'], channelNames: ['Fp1', 'Fp2', 'Cz'] })).not.toMatchObject({
      cropProbability: 0,
    });
  });

  it('goes by names where nobody says a kind', () => {
    expect(proposedFor({ channelNames: ['Fp1', 'Fp2', 'Cz'] })).toMatchObject({ cropProbability: 0 });
  });
});
