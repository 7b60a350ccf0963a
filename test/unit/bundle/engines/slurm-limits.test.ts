import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { limitsOf } from '../../../../src/bundle/engines/slurm-limits.ts';
import type { Bundle } from '../../../../src/contract/elsewhere/bundle.ts';

const time = {
  minutes: 26,
  stepMilliseconds: 300,
  steps: 2560,
  secondsBefore: 6,
  measured: 'first-steps',
  run: 'simclr-1',
  processor: 'A\nrm -rf /',
  threads: 2,
  unmeasured: 0,
} as const;
const limits = (resources: Partial<Bundle['resources']>, wishes = {}) =>
  limitsOf({
    bundle: { threads: 2, resources: { memoryMiB: null, minutes: null, ...resources } } as Bundle,
    wishes,
  });
const measured = { stageTimes: [time, null] };

describe('the time limit of an array', () => {
  it('is what was measured of its stage, told in one line', () => {
    const { of } = limits(measured);
    const [told, set] = of(0);
    expect(told).toMatch(/^# 26 min: 300 ms a step × 2,560 steps.*on A rm -rf \/ with 2 threads\.[^\n]*$/);
    expect(set).toBe('limit=$(limited 26)');
    expect(of(1)).toEqual(["limit='--signal=B:USR1@120'"]);
  });

  it('is what a person says, for all', () => {
    for (const one of [limits({ ...measured, minutes: 4 }), limits(measured, { minutes: 4 })])
      expect([one.functions, one.of(0), one.of(1)]).toEqual([
        [],
        ["limit='--time=4 --signal=B:USR1@60'"],
        ["limit='--time=4 --signal=B:USR1@60'"],
      ]);
  });

  const shell = it.skipIf(process.platform === 'win32');
  /** What the shell makes of 26 minutes where `sinfo` says this. */
  function limited(sinfo: string, wishes = {}): string {
    const folder = mkdtempSync(join(tmpdir(), 'pretext-limits-'));
    writeFileSync(join(folder, 'sinfo'), `#!/bin/sh\nprintf '${sinfo}'\n`);
    chmodSync(join(folder, 'sinfo'), 0o755);
    const { functions, of } = limits(measured, wishes);
    return execFileSync('sh', ['-euc', [...functions, ...of(0), 'echo "$limit"'].join('\n')], {
      env: { ...process.env, PATH: `${folder}:${process.env['PATH']}` },
      encoding: 'utf8',
    }).trim();
  }
  shell.each([
    ['all* infinite', '--time=26 --signal=B:USR1@120'],
    ['all* 1-00:00:00', '--time=26 --signal=B:USR1@120'],
    ['short 5:00\\nall* 2:00:00', '--time=26 --signal=B:USR1@120'],
    ['all* 20:00', '--time=20 --signal=B:USR1@120'],
    ['all* 0:06:00', '--time=6 --signal=B:USR1@90'],
    ['all* 1:00', '--time=1 --signal=B:USR1@15'],
    ['all* 0:30', '--time=1 --signal=B:USR1@15'],
    ['', '--time=26 --signal=B:USR1@120'],
  ])('is no longer than the default partition allows: %s', (sinfo, options) =>
    expect(limited(sinfo)).toBe(options),
  );
  shell('is no longer than the partition that was chosen allows', () =>
    expect(limited('cpu 20:00', { partition: 'cpu' })).toBe('--time=20 --signal=B:USR1@120'),
  );
});
