/** Transfers: which checkpoint's weights a fine-tuning run took, tensor by tensor. */
import { eq } from 'drizzle-orm';
import type { Transfer, TransferReport } from '../../../contract/entities.ts';
import type { ReadableProject, WritableProject } from '../../database.ts';
import { newId, timestamp } from '../../identity.ts';
import { transferTable } from '../../schema.ts';

/** Keeps the report of a run; a restarted run replaces its own. */
export function saveTransfer(
  project: WritableProject,
  runId: string,
  checkpointId: string,
  report: TransferReport,
): void {
  project.database
    .insert(transferTable)
    .values({ id: newId(), runId, checkpointId, report, createdAt: timestamp() })
    .onConflictDoUpdate({ target: transferTable.runId, set: { checkpointId, report } })
    .run();
}

export function findTransfer(project: ReadableProject, runId: string): Transfer | null {
  return project.database.select().from(transferTable).where(eq(transferTable.runId, runId)).get() ?? null;
}
