/**
 * Whether this service runs the project's queue.
 *
 * It takes the lease when it is free, keeps it alive, tries again while somebody else has it, and steps back
 * when it was away so long that somebody else took over.
 */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import {
  HEARTBEAT_MS,
  releaseLease,
  renewLease,
  takeLease,
  type Holder,
  type WritableProject,
} from '../project/index.ts';

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

export function seekOwnership(project: WritableProject, listener: OwnershipListener): Ownership {
  const holder = createHolder();
  let owner = false;
  const gain = () => {
    if (!takeLease(project, holder)) return;
    owner = true;
    listener.onGained();
  };
  const beat = () => {
    if (!owner) gain();
    else if (!renewLease(project, holder.token)) {
      owner = false;
      listener.onLost();
    }
  };
  gain();
  const timer = setInterval(beat, HEARTBEAT_MS);
  return {
    isOwner: () => owner,
    close() {
      clearInterval(timer);
      if (owner) releaseLease(project, holder.token);
      owner = false;
    },
  };
}

/** Does something as the owner for a moment. False: somebody else owns the queue, and nothing was done. */
export function asOwnerForAMoment(project: WritableProject, work: () => void): boolean {
  const holder = createHolder();
  if (!takeLease(project, holder)) return false;
  try {
    work();
  } finally {
    releaseLease(project, holder.token);
  }
  return true;
}

function createHolder(): Holder {
  return { token: randomUUID(), pid: process.pid, host: hostname() };
}
