import { describe, expect, it } from 'vitest';
import { cosineLearningRate } from '../../../../src/training/step/learning-rate.ts';

const schedule = { peak: 0.1, warmupSteps: 4, totalSteps: 104 };

describe('the cosine schedule', () => {
  it('rises in equal steps to its peak during the warm-up', () => {
    const rates = [0, 1, 2, 3].map((step) => cosineLearningRate(schedule, step));
    [0.025, 0.05, 0.075, 0.1].forEach((expected, i) => expect(rates[i]).toBeCloseTo(expected, 12));
  });

  it('stands at half its peak in the middle of the descent and at zero in the end', () => {
    expect(cosineLearningRate(schedule, 4)).toBeCloseTo(0.1, 12);
    expect(cosineLearningRate(schedule, 54)).toBeCloseTo(0.05, 12);
    expect(cosineLearningRate(schedule, 104)).toBeCloseTo(0, 12);
  });

  it('stays at zero afterwards and works without a warm-up', () => {
    expect(cosineLearningRate(schedule, 500)).toBeCloseTo(0, 12);
    expect(cosineLearningRate({ peak: 1, warmupSteps: 0, totalSteps: 10 }, 0)).toBe(1);
  });
});
