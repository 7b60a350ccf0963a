import { describe, expect, it } from 'vitest';
import {
  findingTitle,
  healthSamplesWords,
  idealDeviation,
  scoreWords,
} from '../../../../../renderer/lib/words/health.ts';

describe('health in words', () => {
  it('names a finding and since when it is so', () => {
    const finding = {
      kind: 'divergence' as const,
      step: 20,
      epoch: 2,
      message: '',
      advice: '',
      overAtStep: null,
    };
    expect(findingTitle(finding)).toBe('Divergence since epoch 2');
    expect(findingTitle({ ...finding, overAtStep: 40 })).toBe('Divergence in epoch 2, over since step 40');
  });

  it('draws the ideal line where the run has told its number of features', () => {
    expect(idealDeviation({ encoderFeatures: 64 })).toBe(0.125);
    expect(idealDeviation({ device: 'cpu' })).toBeNull();
    expect(idealDeviation(null)).toBeNull();
  });

  it('says on which samples health was looked at', () => {
    expect(healthSamplesWords({ healthSamples: 256, healthSamplesUnseen: true })).toContain(
      '256 samples that pretraining never sees',
    );
    expect(healthSamplesWords({ healthSamples: 64, healthSamplesUnseen: false })).toContain('sees as well');
    expect(healthSamplesWords({})).toBe('');
  });

  it('says what a checkpoint is best by; earlier versions knew the probe only', () => {
    expect(scoreWords(0.831, 'knn')).toBe('kNN probe 83.1 %');
    // Of fine-tuning, whose heads together are judged by a number that is no score of any of them.
    expect(scoreWords(-0.831, null)).toBe('–');
    expect(scoreWords(33.6, 'rank')).toBe('Effective rank 33.6');
    expect(scoreWords(-0.72, 'validation-loss')).toBe('Held-out loss -0.72');
    expect(scoreWords(null, null)).toBe('–');
  });
});
