/**
 * The lease: which service runs the project's queue.
 *
 * The owner writes a heartbeat every two seconds. A lease is stale when its process is gone (on this machine)
 * or its heartbeat is older than ten seconds; then whoever asks first gets it.
 */
import { and, eq } from 'drizzle-orm';
import { inTransaction, type ReadableProject, type WritableProject } from './database.ts';
import { leaseTable } from './schema.ts';

export const HEARTBEAT_MS = 2_000;
export const STALE_MS = 10_000;

export interface Holder {
  /** Unique to one service, so that a reused process id is never mistaken for it. */
  token: string;
  pid: number;
  host: string;
}

export type Lease = Holder & { heartbeatMs: number };

export function readLease(project: ReadableProject): Lease | null {
  const row = project.database.select().from(leaseTable).get();
  return row ? { token: row.token, pid: row.pid, host: row.host, heartbeatMs: row.heartbeatMs } : null;
}

/** Whether somebody holds the lease and is alive. */
export function isHeld(lease: Lease | null, host: string, nowMs = Date.now()): boolean {
  if (!lease) return false;
  if (Math.abs(nowMs - lease.heartbeatMs) > STALE_MS) return false;
  return lease.host !== host || isAlive(lease.pid);
}

/** Takes the lease if it is free, stale or already this holder's. Returns whether it is now this holder's. */
export function takeLease(project: WritableProject, holder: Holder, nowMs = Date.now()): boolean {
  return inTransaction(project, () => {
    const current = readLease(project);
    if (current && current.token !== holder.token && isHeld(current, holder.host, nowMs)) return false;
    const values = { ...holder, heartbeatMs: nowMs };
    project.database
      .insert(leaseTable)
      .values({ id: 1, ...values })
      .onConflictDoUpdate({ target: leaseTable.id, set: values })
      .run();
    return true;
  });
}

/** Says that the holder is alive. False: the lease went to somebody else (this process was away too long). */
export function renewLease(project: WritableProject, token: string, nowMs = Date.now()): boolean {
  const { changes } = project.database
    .update(leaseTable)
    .set({ heartbeatMs: nowMs })
    .where(eq(leaseTable.token, token))
    .run();
  return changes === 1;
}

export function releaseLease(project: WritableProject, token: string): void {
  project.database
    .delete(leaseTable)
    .where(and(eq(leaseTable.id, 1), eq(leaseTable.token, token)))
    .run();
}

/** Whether a process of this machine exists; one of another user counts. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
