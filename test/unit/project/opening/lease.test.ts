import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import {
  readLease,
  releaseLease,
  renewLease,
  STALE_MS,
  takeLease,
  thisProcess,
  watchLives,
  type Holder,
} from '../../../../src/project/index.ts';
import { temporaryProject } from '../../../fixtures/projects.ts';

const here = thisProcess();
const holder = (token: string, values: Partial<Holder> = {}): Holder => ({ token, ...here, ...values });

/** What a service on this machine sees, with a clock of its own that a test turns. */
function watcher(host = here.host) {
  let now = 0;
  return { watch: watchLives({ host }, () => now), wait: (milliseconds: number) => (now += milliseconds) };
}

describe('the lease', () => {
  it('has one holder at a time', () => {
    const project = temporaryProject();
    const { watch } = watcher();
    expect(takeLease(project, holder('a'), watch)).toBe(true);
    expect(takeLease(project, holder('b'), watch)).toBe(false);
    expect(takeLease(project, holder('a'), watch)).toBe(true);
    releaseLease(project, 'b');
    expect(readLease(project)?.token).toBe('a');
    releaseLease(project, 'a');
    expect(takeLease(project, holder('b'), watch)).toBe(true);
  });

  it('of a dead process of this machine is free at once, that of a living one never', () => {
    const project = temporaryProject();
    const { watch, wait } = watcher();
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    takeLease(project, holder('dead', { pid, birth: null }), watch);
    expect(takeLease(project, holder('busy'), watch)).toBe(true);
    // Nothing was heard of it for an hour, as in a transaction that takes long: it lives all the same.
    wait(3_600_000);
    expect(takeLease(project, holder('b'), watch)).toBe(false);
  });

  it.runIf(process.platform === 'linux')('of a process whose number went to a later one is free', () => {
    const project = temporaryProject();
    const { watch } = watcher();
    expect(here.birth).not.toBeNull();
    takeLease(project, holder('before', { birth: `${here.birth}0` }), watch);
    expect(takeLease(project, holder('b'), watch)).toBe(true);
  });

  it.each([-3_600_000, 0, 3_600_000])(
    'of another machine whose clock is %i ms ahead lives while its heartbeat changes',
    (ahead) => {
      const project = temporaryProject();
      const { watch, wait } = watcher();
      takeLease(project, holder('away', { host: 'another machine' }), watcher('another machine').watch);
      const beat = (milliseconds: number) =>
        project.connection.prepare('UPDATE lease SET heartbeat_ms = ?').run(milliseconds);
      for (let turn = 0; turn < 10; turn++) {
        beat(Date.now() + ahead + turn);
        expect(takeLease(project, holder('b'), watch)).toBe(false);
        wait(STALE_MS);
      }
      expect(takeLease(project, holder('b'), watch)).toBe(false);
      wait(1);
      expect(takeLease(project, holder('b'), watch)).toBe(true);
    },
  );

  it('that went to somebody else cannot be renewed, and every beat changes it', () => {
    const project = temporaryProject();
    const { watch } = watcher();
    takeLease(project, holder('a'), watch);
    project.connection.prepare('UPDATE lease SET heartbeat_ms = ?').run(Date.now() + 3_600_000);
    const before = readLease(project)!.heartbeatMs;
    expect(renewLease(project, 'a')).toBe(true);
    expect(readLease(project)!.heartbeatMs).toBe(before + 1);
    releaseLease(project, 'a');
    takeLease(project, holder('b'), watch);
    expect(renewLease(project, 'a')).toBe(false);
  });
});
