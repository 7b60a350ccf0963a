/** Requests: what a service that does not own the queue asks of the one that does. */
import { asc, eq, isNull } from 'drizzle-orm';
import type { Failure } from '../../contract/errors.ts';
import type { ReadableProject, WritableProject } from '../database.ts';
import { timestamp } from '../identity.ts';
import { requestTable } from '../schema.ts';

export type Request = typeof requestTable.$inferSelect;
export type RequestAction = Request['action'];

/** One that names neither a run nor a study is about all runs. */
export interface NewRequest {
  action: RequestAction;
  runId?: string;
  studyId?: string;
}

/** Leaves a request for the owner. Returns its id. */
export function insertRequest(project: WritableProject, request: NewRequest): number {
  return project.database
    .insert(requestTable)
    .values({ ...request, createdAt: timestamp() })
    .returning({ id: requestTable.id })
    .get().id;
}

export function listOpenRequests(project: ReadableProject): Request[] {
  return project.database
    .select()
    .from(requestTable)
    .where(isNull(requestTable.handledAt))
    .orderBy(asc(requestTable.id))
    .all();
}

export function getRequest(project: ReadableProject, id: number): Request | null {
  return project.database.select().from(requestTable).where(eq(requestTable.id, id)).get() ?? null;
}

export function closeRequest(project: WritableProject, id: number, failure: Failure | null): void {
  project.database
    .update(requestTable)
    .set({ handledAt: timestamp(), failure })
    .where(eq(requestTable.id, id))
    .run();
}
