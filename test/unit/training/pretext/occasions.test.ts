import { describe, expect, it } from 'vitest';
import { isBetter, bestByOf, scoreAmong } from '../../../../src/training/pretext/best.ts';
import { healthSizes } from '../../../../src/training/pretext/health/check.ts';
import { occasionsAfter, type Occasions, type Schedule } from '../../../../src/training/pretext/occasions.ts';

const schedule: Schedule = {
  stepsPerEpoch: 10,
  totalSteps: 240,
  probeEveryEpochs: 5,
  viewsEveryEpochs: 3,
  checkpointEverySteps: 100,
  bestNeedsViews: false,
};
const epochsOf = (what: keyof Occasions, changes: Partial<Schedule> = {}) =>
  Array.from({ length: 240 }, (_, i) => i + 1)
    .filter((step) => occasionsAfter(step, { ...schedule, ...changes })[what])
    .map((step) => step / 10);

describe('the occasions of a run', () => {
  it('look at health after the first step and at the end of every epoch, each with a point', () => {
    expect(epochsOf('look')).toEqual([0.1, ...Array.from({ length: 24 }, (_, i) => i + 1)]);
    expect(epochsOf('point')).toEqual(expect.arrayContaining(epochsOf('look')));
  });

  it('probe, and weigh the best checkpoint, every so many epochs and at the end', () => {
    expect(epochsOf('probe')).toEqual([5, 10, 15, 20, 24]);
    expect(epochsOf('best')).toEqual(epochsOf('probe'));
    expect(epochsOf('probe', { probeEveryEpochs: 0 })).toEqual([]);
    expect(epochsOf('best', { probeEveryEpochs: 0 })).toEqual([5, 10, 15, 20, 24]);
  });

  it('take in views and loss as often as they may, four times at least, and where the best needs them', () => {
    expect(epochsOf('views')).toEqual([0.1, 3, 6, 9, 12, 15, 18, 21, 24]);
    expect(epochsOf('views', { viewsEveryEpochs: 100 })).toEqual([0.1, 6, 12, 18, 24]);
    expect(epochsOf('views', { viewsEveryEpochs: 6, bestNeedsViews: true })).toEqual([
      0.1, 5, 6, 10, 12, 15, 18, 20, 24,
    ]);
  });
});

describe('the sizes of a look', () => {
  /** Samples through the encoder, as a share of what an epoch of training costs at least. */
  const share = (samplesPerEpoch: number, lossBatch: number) => {
    const { features, views, loss, epochsBetweenViews } = healthSizes(samplesPerEpoch, 512, lossBatch);
    return (features + (2 * views + loss) / epochsBetweenViews) / (3 * samplesPerEpoch);
  };

  it('cost at most three hundredths of training, whatever the data and the batch', () => {
    for (const samples of [1200, 2000, 4682, 20_000, 1_000_000])
      for (const batch of [32, 128, 512]) expect(share(samples, batch)).toBeLessThanOrEqual(0.03);
  });

  it('are never below what a rank needs, nor above what there is', () => {
    expect(healthSizes(200, 512, 32).features).toBe(64);
    expect(healthSizes(100_000, 512, 32).features).toBe(512);
    expect(healthSizes(100_000, 40, 32)).toMatchObject({ features: 40, views: 40 });
  });
});

describe('the best checkpoint', () => {
  it('is chosen by the probe where there is one, else by the rank, unless the recipe says otherwise', () => {
    expect(bestByOf({}, true)).toBe('knn');
    expect(bestByOf({}, false)).toBe('rank');
    expect(bestByOf({ bestBy: 'validation-loss' }, true)).toBe('validation-loss');
    expect(() => bestByOf({ bestBy: 'knn' }, false)).toThrow(/kNN probe, but this run has none/);
  });

  it('has the highest score, or the lowest loss; an equal one later is no better', () => {
    const values = { knnAccuracy: 0.7, effectiveRank: 12, validationLoss: 3 };
    expect(scoreAmong(values, 'rank')).toBe(12);
    expect(scoreAmong({ loss: 1 }, 'knn')).toBeNull();
    expect(isBetter('rank', 12, 11)).toBe(true);
    expect(isBetter('rank', 12, 12)).toBe(false);
    expect(isBetter('validation-loss', 3, 4)).toBe(true);
    expect(isBetter('validation-loss', 5, 4)).toBe(false);
    expect(isBetter('knn', 0, null)).toBe(true);
  });
});
