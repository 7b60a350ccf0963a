import { describe, expect, it } from 'vitest';
import { warpTime } from '../../../../../src/learning/views/signals/time.ts';
import { tf } from '../../../../../src/tensor/index.ts';
import { viewCases, viewSamples } from '../../../../fixtures/signals/views.ts';
import { maxDifference } from '../../helpers.ts';
import fixture from './views-fixture.json' with { type: 'json' };

const x = viewSamples(fixture.shape);
const count = fixture.shape[0]!;

describe('a change of signals', () => {
  it.each(viewCases(fixture))('is selfEEG’s for the same arguments: $name', ({ pair, most }) => {
    const [ours, theirs] = pair();
    expect(maxDifference(ours, theirs)).toBeLessThan(most);
  });
});

describe('time that is warped', () => {
  it('stays as it is where no segment is longer than another', () => {
    expect(maxDifference(warpTime(x, tf.ones([count, 8])), x)).toBeLessThan(1e-4);
  });

  it('is a ramp of two slopes for a ramp: three times slower in the first half', () => {
    const ramp = tf.reshape(tf.range(0, 101, 1), [1, 101, 1]);
    const found = warpTime(ramp, tf.tensor2d([[3, 1]])).dataSync();
    // The first half of the ramp takes three quarters of the time.
    expect(found[75]).toBeCloseTo(50, 3);
    expect(found[30]).toBeCloseTo(20, 3);
    expect(found[100]).toBeCloseTo(100, 3);
  });
});
