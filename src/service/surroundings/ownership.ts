/**
 * Whether this service runs the project's queue.
 *
 * It takes the lease when it is free, keeps it alive, tries again while somebody else has it, and steps back
 * when it was away so long that somebody else took over.
 */
import { randomUUID } from 'node:crypto';
import type { Guard } from '../workplace/guard.ts';
import {
  HEARTBEAT_MS,
  readLease,
  releaseLease,
  renewLease,
  STALE_MS,
  takeLease,
  thisProcess,
  watchLives,
  type Holder,
  type WritableProject,
} from '../../project/index.ts';

export interface OwnershipListener {
  /** The queue is now this service's: also called after another owner died. */
  onGained(): void;
  /** Somebody else has taken over: stop what is running. */
  onLost(): void;
}

export interface Ownership {
  isOwner(): boolean;
  /** Releases the lease and stops the heartbeat. */
  close(): void;
}

export function seekOwnership(
  project: WritableProject,
  guard: Guard,
  listener: OwnershipListener,
): Ownership {
  const holder = createHolder();
  const watch = watchLives(holder);
  let owner = false;
  const gain = () => {
    if (!takeLease(project, holder, watch)) return;
    owner = true;
    try {
      listener.onGained();
    } catch (thrown) {
      // Whoever cannot run the queue leaves it to others, and tries again.
      owner = false;
      releaseLease(project, holder.token);
      throw thrown;
    }
  };
  const beat = () => {
    if (!owner) gain();
    else if (!renewLease(project, holder.token)) {
      owner = false;
      listener.onLost();
    }
  };
  // On a full disk the lease cannot be written: the project can still be looked at, and the next beat tries again.
  guard('the queue could not be taken', gain);
  const timer = setInterval(() => guard('the heartbeat could not be written', beat), HEARTBEAT_MS);
  return {
    isOwner: () => owner,
    close() {
      clearInterval(timer);
      if (owner) guard('the queue could not be given back', () => releaseLease(project, holder.token));
      owner = false;
    },
  };
}

/**
 * Does something as the owner for a moment. False: somebody else owns the queue, and nothing was done.
 *
 * Whether an owner on another machine still lives takes some seconds to see.
 */
export async function asOwnerForAMoment(project: WritableProject, work: () => void): Promise<boolean> {
  const holder = createHolder();
  const watch = watchLives(holder);
  const until = performance.now() + 2 * STALE_MS;
  while (!takeLease(project, holder, watch)) {
    const other = readLease(project);
    if (performance.now() > until || (other && watch.judge(other) === 'alive')) return false;
    await new Promise((resolve) => setTimeout(resolve, HEARTBEAT_MS / 4));
  }
  try {
    work();
  } finally {
    releaseLease(project, holder.token);
  }
  return true;
}

function createHolder(): Holder {
  return { token: randomUUID(), ...thisProcess() };
}
