import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { readLease, releaseLease, renewLease, STALE_MS, takeLease } from '../../../src/project/index.ts';
import { temporaryProject } from '../../fixtures/projects.ts';

const holder = (token: string, pid = process.pid, host = 'here') => ({ token, pid, host });

describe('the lease', () => {
  it('has one holder at a time', () => {
    const project = temporaryProject();
    expect(takeLease(project, holder('a'))).toBe(true);
    expect(takeLease(project, holder('b'))).toBe(false);
    expect(takeLease(project, holder('a'))).toBe(true);
    releaseLease(project, 'b');
    expect(readLease(project)?.token).toBe('a');
    releaseLease(project, 'a');
    expect(takeLease(project, holder('b'))).toBe(true);
  });

  it('of a dead process is free at once, of one elsewhere after ten seconds', () => {
    const project = temporaryProject();
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    takeLease(project, holder('dead', pid));
    expect(takeLease(project, holder('b'))).toBe(true);
    releaseLease(project, 'b');

    takeLease(project, holder('away', pid, 'another machine'), 100_000);
    expect(takeLease(project, holder('b'), 100_000 + STALE_MS)).toBe(false);
    expect(takeLease(project, holder('b'), 100_001 + STALE_MS)).toBe(true);
  });

  it('that went to somebody else cannot be renewed', () => {
    const project = temporaryProject();
    takeLease(project, holder('a'), 0);
    expect(renewLease(project, 'a', 1_000)).toBe(true);
    takeLease(project, holder('b'), 50_000);
    expect(renewLease(project, 'a', 51_000)).toBe(false);
  });
});
