import { describe, expect, it } from 'vitest';
import { SIGNAL_KINDS } from '../../../../../src/contract/data/recordings/signal-kinds.ts';
import { viewsOfKinds, viewWords } from '../../../../../src/learning/views/signals/by-kind.ts';
import { signalViews } from '../../../../../src/learning/views/signal.ts';
import {
  findPretextTask,
  pretextTasks,
  proposedTaskOptions,
  viewReasons,
} from '../../../../../src/learning/pretext/registry.ts';
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

  it('take of a task that changes otherwise than usual only what is more careful', () => {
    const gentle = { ...usual, cropProbability: 0 };
    const noGaps = { ...usual, timeMaskProbability: 0 };
    expect(viewsOfKinds(['emg'], usual, gentle)).toEqual({});
    expect(viewsOfKinds(['emg'], usual, noGaps)).toEqual({});
    expect(viewsOfKinds(['eeg'], usual, gentle)).toEqual({});
    expect(viewsOfKinds(['eeg'], usual, noGaps)).toEqual({ cropProbability: 0 });
    expect(viewWords(['emg'], usual, gentle)).toBe('This task changes less by itself than others.');
    expect(viewWords(['ecg'], usual, noGaps)).toBe('This task changes less by itself than others.');
    expect(viewWords(['eeg'], usual, noGaps)).toMatch(
      /^This task changes less by itself than others\. Views chosen for “EEG or sleep”: nothing is stretched\./,
    );
  });

  it('say what they go by', () => {
    expect(viewWords(['eeg'], usual)).toMatch(
      /^Views chosen for “EEG or sleep”: nothing is stretched\. Measured on/,
    );
    expect(viewWords(['emg'], usual)).toMatch(
      /^Views chosen for “EMG”: four of five are stretched\. Measured on validation data of gestures/,
    );
    expect(viewWords(['movement'], usual)).toMatch(/general ones: measured on validation data of activities/);
    expect(viewWords(['ecg'], usual)).toMatch(
      /^No views were measured for “ECG or pulse”: they are the general ones/,
    );
    expect(viewWords(['unknown'], usual)).toMatch(/not known: views are the general ones/);
    expect(viewWords(['eeg', 'movement'], usual)).toMatch(
      /^Datasets of “EEG or sleep” and “Movement”: .*most careful.*nothing is stretched, as for “EEG or sleep”/,
    );
    expect(viewWords(['emg', 'movement'], usual)).toMatch(/which are the general ones/);
    expect(viewWords(['emg', 'eeg'], usual)).toMatch(/\(nothing is stretched, as for “EEG or sleep”\)/);
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

  it('stretches more of an EMG only where a task has the usual views, and says so', () => {
    const about = { signalKinds: ['emg' as const] };
    const context = { modality: 'signal', inputShape: [128, 8], sampleCount: 1000, about } as const;
    const all = pretextTasks.filter(
      ({ modalities, channels }) => modalities.includes('signal') && (channels?.least ?? 0) <= 8,
    );
    const moved = all.filter(({ id }) => proposedFor(about, id) !== undefined).map(({ id }) => id);
    const told = all.filter((task) => /four of five/.test(viewReasons(task, context) ?? ''));
    expect(moved).toEqual(told.map(({ id }) => id));
    expect(moved).toEqual([
      'simclr',
      'moco-v2',
      'moco-v3',
      'nnclr',
      'swav',
      'byol',
      'simsiam',
      'barlow-twins',
      'vicreg',
      'w-mse',
      'dino',
      'neighbour-contrast',
      'subject-contrast',
      'supcon',
    ]);
    expect(proposedFor({ signalKinds: ['eeg'] }, 'temporal-order')).toEqual({ cropProbability: 0 });
    expect(proposedFor({ signalKinds: ['eeg'] }, 'forecasting')).toBeUndefined();
  });

  it('goes by names where nobody says a kind', () => {
    expect(proposedFor({ channelNames: ['Fp1', 'Fp2', 'Cz'] })).toMatchObject({ cropProbability: 0 });
  });
});
