import { describe, expect, it } from 'vitest';
import { PRESETS } from '../../../../../src/contract/data/recordings/preparation.ts';
import { presetOf } from '../../../../../src/contract/data/recordings/presets.ts';

const idsOf = (...asked: Parameters<typeof presetOf>) =>
  presetOf(...asked)!.steps.map(({ step }) => step.step);

describe('presets', () => {
  it.each(PRESETS.filter((id) => id !== 'none'))('%s has no filter that its rate cannot hold', (id) => {
    for (const rate of [1, 25, 64, 100, 128, 200, 1000, 44_100]) {
      const { steps } = presetOf(id, { rate, channels: 32, mains: '50' })!;
      for (const { step, why } of steps) {
        expect(why).not.toBe('');
        if ('at' in step && step.step !== 'clip') expect(step.at).toBeLessThan(rate / 2);
      }
    }
  });

  it('say what they leave out, and why', () => {
    const slow = presetOf('emg', { rate: 200, channels: 8, mains: 'unknown' })!;
    expect(slow.steps.map(({ step }) => step.step)).toEqual(['high-pass', 'scale']);
    expect(slow.leftOut).toEqual([
      'Notch: nobody said whether the mains have 50 or 60 Hz where it was recorded.',
      'Low-pass at 450 Hz: 200 samples a second hold nothing that it could take away.',
    ]);
  });

  it('for EEG have an average reference where there are enough channels', () => {
    const facts = { rate: 160, mains: '60' as const };
    const all = ['high-pass', 'notch', 'low-pass', 'reference', 'scale', 'clip'];
    expect(idsOf('eeg', { ...facts, channels: 64 })).toEqual(all);
    expect(idsOf('eeg', { ...facts, channels: 2 })).not.toContain('reference');
  });

  it('leave values as they are where nothing is known of them', () => {
    expect(idsOf('plain', { rate: null, channels: 1, mains: 'unknown' })).toEqual([]);
    expect(presetOf('none', { rate: 100, channels: 1, mains: 'unknown' })).toBeNull();
  });
});
