import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import { describe, expect, it } from 'vitest';
import { meanInterval, type Unit } from '../../../../../src/learning/evaluation/intervals/uncertainty.ts';
import { coverage, MADE_UP_STUDIES } from '../../../../fixtures/made-up-studies.ts';

const unit = (value: number, pretraining: number | null, influences: number[] | null = null): Unit => ({
  value,
  pretraining,
  influences,
});

describe('the interval of a mean', () => {
  it('is Student’s t over seeds where there is one pretraining and no answers are known', () => {
    // Differences of these scores; expected: scipy.stats.ttest_rel(...).confidence_interval(0.95).
    const pretrained = [0.61, 0.58, 0.64, 0.6, 0.59];
    const baseline = [0.5, 0.52, 0.49, 0.51, 0.47];
    const found = meanInterval(pretrained.map((value, i) => unit(value - baseline[i]!, 1)))!;
    expect(found.mean).toBeCloseTo(0.106, 12);
    expect(found.low).toBeCloseTo(0.06426087785527877, 9);
    expect(found.high).toBeCloseTo(0.14773912214472118, 9);
    expect(found).toMatchObject({ pretrainings: 1, testSamples: false });
    expect(meanInterval([unit(1, 1)])).toBeNull();
  });

  it('is over the means of pretrainings where there are several', () => {
    // Two seeds each; their spread within a pretraining tells nothing that the means do not.
    const found = meanInterval([
      unit(0, 1),
      unit(0.2, 1),
      unit(0.3, 2),
      unit(0.5, 2),
      unit(0.6, 3),
      unit(0.4, 3),
    ])!;
    const [means, mean] = [[0.1, 0.4, 0.5], 1 / 3];
    const squares = means.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const half = tQuantile(0.975, 2) * Math.sqrt(squares / (3 * 2));
    expect(found.high).toBeCloseTo(mean + half, 12);
    expect(found.pretrainings).toBe(3);
  });

  it('has a width where seeds happen to agree, as other test samples would not', () => {
    const found = meanInterval([unit(0.1, 1, [0.02, -0.03, 0.01]), unit(0.1, 1, [0.02, -0.03, 0.01])])!;
    expect(found.testSamples).toBe(true);
    // Variance over three test samples: 3/2 of the sum of squares, two degrees of freedom.
    const half = tQuantile(0.975, 2) * Math.sqrt(1.5 * (0.02 ** 2 + 0.03 ** 2 + 0.01 ** 2));
    expect(found.high - found.mean).toBeCloseTo(half, 12);
  });

  it('says nothing of test samples where the answers of one seed are not known', () => {
    const found = meanInterval([unit(0.1, 1, [0.1, -0.1]), unit(0.3, 1)])!;
    expect(found.testSamples).toBe(false);
  });

  it.each(MADE_UP_STUDIES)('holds the truth as often as it says: $name', ({ study, most }) => {
    const { held } = coverage({ ...study, testSamples: 40 }, 400);
    // 400 studies are sure to ± 2.2 points.
    expect(held).toBeGreaterThan(0.95 - 0.03);
    expect(held).toBeLessThanOrEqual(most + 0.025);
  });
});
