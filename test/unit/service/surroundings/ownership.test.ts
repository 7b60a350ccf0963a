import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  HEARTBEAT_MS,
  openProject,
  readLease,
  releaseLease,
  takeLease,
  thisProcess,
  watchLives,
  type WritableProject,
} from '../../../../src/project/index.ts';
import { asOwnerForAMoment, seekOwnership } from '../../../../src/service/surroundings/ownership.ts';
import { createEvents } from '../../../../src/service/workplace/events.ts';
import { createGuard } from '../../../../src/service/workplace/guard.ts';
import { temporaryProject, willClose } from '../../../fixtures/projects.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
afterEach(() => void vi.useRealTimers());

function seeking(project: WritableProject, onGained: () => void = () => {}) {
  const told: string[] = [];
  const ownership = seekOwnership(project, createGuard(project, createEvents(), pino({ level: 'silent' })), {
    onGained() {
      told.push('gained');
      onGained();
    },
    onLost: () => void told.push('lost'),
  });
  return { told, ...ownership };
}
const beat = () => vi.advanceTimersByTime(HEARTBEAT_MS);

describe('the queue of a project', () => {
  it('is of the first service that asks; the next one gets it once it is given back', () => {
    const project = temporaryProject();
    const first = seeking(project);
    const second = seeking(willClose(openProject(project.folder)));
    expect([first.isOwner(), second.isOwner(), first.told, second.told]).toEqual([
      true,
      false,
      ['gained'],
      [],
    ]);
    const { heartbeatMs } = readLease(project)!;
    beat();
    expect(readLease(project)!.heartbeatMs).toBeGreaterThan(heartbeatMs);
    expect(second.isOwner()).toBe(false);
    first.close();
    expect(first.isOwner()).toBe(false);
    expect(readLease(project)).toBeNull();
    beat();
    expect([second.isOwner(), second.told]).toEqual([true, ['gained']]);
    second.close();
  });

  it('is lost to whoever took it meanwhile, and told once', () => {
    const project = temporaryProject();
    const { told, isOwner, close } = seeking(project);
    releaseLease(project, readLease(project)!.token);
    const other = { token: 'other', ...thisProcess() };
    takeLease(project, other, watchLives(other));
    beat();
    beat();
    expect([isOwner(), told]).toEqual([false, ['gained', 'lost']]);
    close();
    // What is another's is not given back.
    expect(readLease(project)!.token).toBe('other');
  });

  it('is left to others by a service that cannot run it, which tries again', () => {
    const project = temporaryProject();
    let tries = 0;
    const { told, isOwner, close } = seeking(project, () => {
      if (++tries === 1) throw new Error('no');
    });
    expect([isOwner(), readLease(project)]).toEqual([false, null]);
    beat();
    expect([isOwner(), told]).toEqual([true, ['gained', 'gained']]);
    close();
  });

  it('is taken over from a process that is gone', () => {
    const project = temporaryProject();
    const gone = { token: 'gone', ...thisProcess(), birth: 'another-1' };
    takeLease(project, gone, watchLives(gone));
    const { isOwner, close } = seeking(project);
    // Where the system cannot tell two processes of one number apart, the lease stays with it.
    expect(isOwner()).toBe(process.platform === 'linux');
    close();
  });
});

it('is owned for a moment to do something alone, whatever that throws; not where another lives', async () => {
  const project = temporaryProject();
  const seen: (string | undefined)[] = [];
  expect(await asOwnerForAMoment(project, () => void seen.push(readLease(project)?.host))).toBe(true);
  expect(seen).toEqual([thisProcess().host]);
  const failing = asOwnerForAMoment(project, () => {
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(readLease(project)).toBeNull();
  const { close } = seeking(project);
  expect(await asOwnerForAMoment(project, () => void seen.push('again'))).toBe(false);
  expect(seen).toHaveLength(1);
  close();
});
