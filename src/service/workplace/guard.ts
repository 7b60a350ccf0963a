/**
 * Work that nobody waits for: timers, promises that are not awaited. What it throws ends nothing; it is logged, and told
 * to whoever looks at the project, the same trouble once a minute at most.
 */
import { toFailure, type Failure } from '../../contract/errors.ts';
import type { WritableProject } from '../../project/index.ts';
import type { Events } from './events.ts';
import { logFailure, type Log } from './log.ts';

export type Guard = (what: string, work: () => unknown) => void;

const AGAIN_MS = 60_000;

export function createGuard(project: WritableProject, events: Events, log: Log): Guard {
  const toldMs = new Map<string, number>();
  const tell = (failure: Failure) => {
    const key = `${failure.code} ${failure.message}`;
    const now = performance.now();
    if (now - (toldMs.get(key) ?? -Infinity) < AGAIN_MS) return;
    toldMs.set(key, now);
    events.publish({ type: 'trouble', failure });
  };
  const caught = (what: string, thrown: unknown) => {
    // Of a project that was closed meanwhile there is nothing to tell.
    if (!project.connection.open) return;
    const failure = toFailure(thrown);
    logFailure(log, failure, thrown, what);
    tell(failure);
  };
  return (what, work) => {
    try {
      const result = work();
      if (result instanceof Promise) result.catch((thrown: unknown) => caught(what, thrown));
    } catch (thrown) {
      caught(what, thrown);
    }
  };
}
