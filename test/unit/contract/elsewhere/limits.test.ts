import { expect, it } from 'vitest';
import type { Bundle } from '../../../../src/contract/elsewhere/bundle.ts';
import { limitLines } from '../../../../src/contract/elsewhere/limits.ts';

const lines = (resources: Omit<Bundle['resources'], 'memoryMiB'>) =>
  limitLines({
    stages: ['1', '2-5'],
    threads: 2,
    resources: { memoryMiB: null, ...resources },
  } as unknown as Bundle);
const time = {
  minutes: 12,
  stepMilliseconds: 100,
  steps: 3600,
  secondsBefore: 0,
  measured: 'whole-run',
  run: 'simclr-1',
  processor: 'A',
  threads: 2,
  unmeasured: 0,
} as const;

it('tells of each stage how long its jobs may take and why, or that nobody knows', () => {
  const [first, second, after] = lines({ minutes: null, stageTimes: [time, null] });
  expect(first).toMatch(
    /^Time limit of job 1: 12 min: 100 ms a step × 3,600 steps, doubled\. Measured on all/,
  );
  expect(second).toBe('Time limit of jobs 2-5: that of the queueing system: nothing was measured.');
  expect(after).toContain('goes on from there');
  expect(lines({ minutes: null, stageTimes: [null, null] })).toEqual([
    expect.stringContaining('could not be measured here'),
  ]);
  expect(lines({ minutes: 30 })[0]).toBe('Time limit: 30 min, as was said.');
  expect(lines({ minutes: null })).toEqual([]);
});
