/**
 * The lease: which service runs the project's queue.
 *
 * The owner writes a heartbeat every two seconds. On one machine a living process is the owner, however busy it is;
 * from another machine only the heartbeat can be watched, and clocks are never compared.
 */
import { and, eq, sql } from 'drizzle-orm';
import { inTransaction, type ReadableProject, type WritableProject } from '../database.ts';
import type { LifeSign, LifeWatch, ProcessMark } from '../../machine/processes.ts';
import { leaseTable } from '../schema.ts';

export interface Holder extends ProcessMark {
  /** Unique to one service, so that a reused process id is never mistaken for it. */
  token: string;
}

export type Lease = LifeSign;

export function readLease(project: ReadableProject): Lease | null {
  const row = project.database.select().from(leaseTable).get();
  if (!row) return null;
  const { id: _id, ...lease } = row;
  return lease;
}

/** Takes the lease if it is free, left by a process that is gone, or already this holder's. Returns whether it is. */
export function takeLease(project: WritableProject, holder: Holder, watch: LifeWatch): boolean {
  return inTransaction(project, () => {
    const current = readLease(project);
    if (current && current.token !== holder.token && watch.judge(current) !== 'gone') return false;
    const values = { ...holder, heartbeatMs: Date.now() };
    project.database
      .insert(leaseTable)
      .values({ id: 1, ...values })
      .onConflictDoUpdate({ target: leaseTable.id, set: values })
      .run();
    return true;
  });
}

/** Says that the holder is alive. False: the lease went to somebody else (this process was away too long). */
export function renewLease(project: WritableProject, token: string): boolean {
  const { changes } = project.database
    .update(leaseTable)
    // A clock that was set back must not make a living owner look dead: every beat changes the number.
    .set({ heartbeatMs: sql`max(${Date.now()}, ${leaseTable.heartbeatMs} + 1)` })
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
