import { describe, expect, it } from 'vitest';
import { pretextSchema } from '../../../../src/contract/recipe/recipe.ts';
import {
  intervalOf,
  leadOf,
  standardErrorOf,
  type Standing,
} from '../../../../src/service/tournament/standings.ts';

const candidate = (scores: number[] | null, resamples: number[][] | null): Standing => ({
  name: 'any',
  runs: [],
  pretext: pretextSchema.parse({}),
  epochs: 1,
  probes: {},
  scores,
  resamples,
});
/** Deviation 0.01 · √(n / (n − 1)), about any middle. */
const swinging = (middle: number) => Array.from({ length: 200 }, (_, i) => middle + (i % 2 ? 0.01 : -0.01));
const SWING = 0.01 * Math.sqrt(200 / 199);

describe('the interval of a candidate', () => {
  it('is that of its validation samples with one seed', () => {
    const { low, high } = intervalOf([0.8], [swinging(0.8)])!;
    expect((low + high) / 2).toBeCloseTo(0.8, 10);
    expect(high - low).toBeCloseTo(2 * 1.96 * SWING, 10);
  });

  it('adds the variance of training where there are seeds', () => {
    const { low, high } = intervalOf([0.7, 0.9], [swinging(0.7), swinging(0.9)])!;
    // Student's t with one degree of freedom: 12.706; standard error of the mean 0.1414 / √2.
    expect(high - low).toBeCloseTo(2 * Math.hypot(1.96 * SWING, 12.7062047 * 0.1), 6);
    const bare = intervalOf([0.7, 0.9], null)!;
    expect(bare.high).toBeCloseTo(0.8 + 12.7062047 * 0.1, 6);
  });

  it('is not known with one seed and no resamples', () => {
    expect(intervalOf([0.8], null)).toBeNull();
  });
});

describe('the standard error of a candidate', () => {
  it('is the spread over resamples, which is right for every metric, or over seeds where that is more', () => {
    // An R² of 0.98 or of −0.5 on few samples may be far off: its own resamples tell, and p (1 − p) does not.
    expect(standardErrorOf([0.98], [swinging(0.98)])).toBeCloseTo(SWING, 10);
    expect(standardErrorOf([-0.5], [swinging(-0.5)])).toBeCloseTo(SWING, 10);
    expect(standardErrorOf([0.7, 0.9], [swinging(0.7), swinging(0.9)])).toBeCloseTo(0.1, 10);
    expect(standardErrorOf([0.8, 0.8], [swinging(0.8), swinging(0.8)])).toBeCloseTo(SWING, 10);
  });

  it('is that of the seeds without resamples, and unknown with one seed', () => {
    expect(standardErrorOf([0.7, 0.9], null)).toBeCloseTo(0.1, 10);
    expect(standardErrorOf([0.8], null)).toBeNull();
  });
});

describe('the lead of one candidate over another', () => {
  it('is paired: what moves both alike does not make it unsure', () => {
    const { lead, interval } = leadOf(
      candidate([0.8], [swinging(0.8)]),
      candidate([0.75], [swinging(0.75)]),
    )!;
    expect(lead).toBeCloseTo(0.05, 10);
    expect(interval!.low).toBeCloseTo(0.05, 10);
    expect(interval!.high).toBeCloseTo(0.05, 10);
    const against = candidate([0.75], [swinging(0.75).toReversed()]);
    const apart = leadOf(candidate([0.8], [swinging(0.8)]), against)!.interval!;
    expect(apart.high - apart.low).toBeCloseTo(2 * 1.96 * 2 * SWING, 10);
  });

  it('is not known of a candidate that failed, and has no interval where seeds or resamples differ', () => {
    expect(leadOf(candidate([0.8], null), candidate(null, null))).toBeNull();
    expect(leadOf(candidate([0.8, 0.8], null), candidate([0.7], null))!.interval).toBeNull();
    const longer = candidate([0.7], [[...swinging(0.7), 0.7]]);
    expect(leadOf(candidate([0.8], [swinging(0.8)]), longer)!.interval).toBeNull();
  });
});
