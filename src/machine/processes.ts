/**
 * Which process holds something in a project, and whether it still lives.
 *
 * On this machine the system says so. Of another machine, which may have another clock, only its heartbeat is known:
 * it lives while that changes before our eyes.
 */
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

export const HEARTBEAT_MS = 2_000;
/** A heartbeat that has not changed for so long, by the clock of whoever watches, is no more. */
export const STALE_MS = 10_000;
/** Where the system cannot tell a process from a later one of the same number, a heartbeat long gone tells. */
const REUSED_MS = 600_000;

export interface ProcessMark {
  pid: number;
  host: string;
  /** When the process began, as its system counts; null where that cannot be asked. */
  birth: string | null;
}

export function thisProcess(): ProcessMark {
  return { pid: process.pid, host: hostname(), birth: birthOf(process.pid) };
}

/** Linux only: ticks since the machine started, with the mark of that start. Null elsewhere, or for no process. */
function birthOf(pid: number): string | null {
  if (process.platform !== 'linux') return null;
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8);
    return `${boot}-${fields[19]}`;
  } catch {
    // No such process, or a system that hides others: the number alone has to do.
    return null;
  }
}

/** Whether a process of this machine lives; one of another user counts. */
export function isAlive({ pid, birth }: Pick<ProcessMark, 'pid' | 'birth'>): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const found = birth === null ? null : birthOf(pid);
  return found === null || found === birth;
}

/** Something held by a process that gives signs of life. */
export type LifeSign = ProcessMark & { token: string; heartbeatMs: number };
/** `unknown`: seen for the first time, or not long enough to tell. */
export type Life = 'alive' | 'gone' | 'unknown';

export interface LifeWatch {
  judge(sign: LifeSign): Life;
}

/** Remembers heartbeats. @param now a clock that only goes forward */
export function watchLives(
  here: Pick<ProcessMark, 'host'> = thisProcess(),
  now: () => number = () => performance.now(),
): LifeWatch {
  const seen = new Map<string, { heartbeatMs: number; sinceMs: number; moved: boolean }>();
  return {
    judge(sign) {
      const before = seen.get(sign.token);
      const moved = before !== undefined && before.heartbeatMs !== sign.heartbeatMs;
      if (!before || moved) seen.set(sign.token, { heartbeatMs: sign.heartbeatMs, sinceMs: now(), moved });
      const { sinceMs, moved: hasMoved } = seen.get(sign.token)!;
      const still = now() - sinceMs;
      if (sign.host === here.host) {
        const reused = sign.birth === null && still > REUSED_MS;
        return isAlive(sign) && !reused ? 'alive' : 'gone';
      }
      if (still > STALE_MS) return 'gone';
      return hasMoved ? 'alive' : 'unknown';
    },
  };
}
