import { describe, expect, it } from 'vitest';
import { classLoss } from '../../../../../src/learning/evaluation/metrics/sample-loss.ts';

describe('the loss of one answer', () => {
  it('is the cross-entropy', () => {
    expect(classLoss({ isRight: false, probability: 0.7, truthProbability: 0.1 }).loss).toBeCloseTo(
      Math.LN10,
      6,
    );
    expect(classLoss({ isRight: true, probability: 1, truthProbability: 1 })).toEqual({
      loss: -0,
      isBound: false,
    });
    // A probability that was rounded to 0 counts as the least that float32 tells from 1.
    expect(classLoss({ isRight: false, probability: 1, truthProbability: 0 }).loss).toBeCloseTo(
      23 * Math.LN2,
      10,
    );
  });

  it('is bounded where the probability of the truth was not kept', () => {
    expect(classLoss({ isRight: true, probability: 0.5, truthProbability: null })).toEqual({
      loss: Math.LN2,
      isBound: false,
    });
    expect(classLoss({ isRight: false, probability: 0.75, truthProbability: null })).toEqual({
      loss: -Math.log(0.25),
      isBound: true,
    });
  });
});
