import { describe, expect, it } from 'vitest';
import {
  limitMinutes,
  longestOf,
  timeLimitWords,
  type JobTime,
} from '../../../../src/contract/elsewhere/job-time.ts';

const time = (more: Partial<JobTime> = {}): JobTime => ({
  minutes: 26,
  stepMilliseconds: 300,
  steps: 2560,
  secondsBefore: 6,
  measured: 'first-steps',
  run: 'simclr-1',
  processor: 'AMD EPYC',
  threads: 2,
  ...more,
});

describe('the time limit of a job', () => {
  it('is twice what its steps and what comes before them take, in whole minutes', () => {
    // 0.3 s × 2,560 = 768 s, and 6 s: 774 s, twice 25.8 min.
    expect(limitMinutes(time(), 2)).toBe(26);
    // 0.012 s × 4,000 = 48 s and 252 s: 300 s, twice 10 min exactly.
    expect(limitMinutes(time({ stepMilliseconds: 12, steps: 4000, secondsBefore: 252 }), 2)).toBe(10);
    expect(limitMinutes(time({ stepMilliseconds: 12, steps: 4000, secondsBefore: 253 }), 2)).toBe(11);
  });

  it('is ten minutes at least', () => {
    expect(limitMinutes(time({ steps: 1 }), 2)).toBe(10);
  });

  it('counts on fewer threads to be slower, and on more to be quicker by less than their number', () => {
    const hour = time({ stepMilliseconds: 1000, steps: 3600, secondsBefore: 0 });
    expect(limitMinutes(hour, 2)).toBe(120);
    // 2 ** 0.8 = 1.7411: 208.9 and 68.9 minutes.
    expect(limitMinutes(hour, 1)).toBe(209);
    expect(limitMinutes(hour, 4)).toBe(69);
  });

  it('is that of the longest of several, which tells of how many nothing is known', () => {
    expect(longestOf([time({ minutes: 10 }), null, time({ minutes: 30 }), null])).toMatchObject({
      minutes: 30,
      unmeasured: 2,
    });
    expect(longestOf([null])).toBeNull();
    // Of those with the same limit, the one that takes longest.
    const least = [1, 3, 2].map((steps) => time({ minutes: 10, steps, run: `run-${steps}` }));
    expect(longestOf(least)?.run).toBe('run-3');
  });

  it('is told with where it comes from', () => {
    expect(timeLimitWords({ ...time(), unmeasured: 0 }, 2)).toBe(
      '26 min: 300 ms a step × 2,560 steps and 6 s before them, doubled. Measured on the first steps of simclr-1 as it was packed, on AMD EPYC with 2 threads.',
    );
    const whole = time({ measured: 'whole-run', minutes: 10, steps: 1, secondsBefore: 0, threads: 1 });
    expect(timeLimitWords({ ...whole, unmeasured: 3 }, 4)).toBe(
      '10 min: 300 ms a step × 1 step, doubled, and at least 10 min. Measured on all of simclr-1, on AMD EPYC with 1 thread, reckoned for 4. Nothing like 3 more of them could be measured: they get the same.',
    );
  });
});
