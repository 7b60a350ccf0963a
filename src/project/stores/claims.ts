/**
 * Claims of imports: whoever tidies the project leaves their rows and files alone while their process lives, and no
 * other import takes the same name meanwhile.
 */
import { eq, sql } from 'drizzle-orm';
import { PretextError } from '../../contract/errors.ts';
import { inTransaction, type ReadableProject, type WritableProject } from '../database.ts';
import { timestamp } from '../identity.ts';
import type { LifeSign, LifeWatch, ProcessMark } from '../../machine/processes.ts';
import { importTable } from '../schema.ts';

export interface Claim extends LifeSign {
  /** Of the import, and of the dataset that comes of it. */
  id: string;
  name: string;
}

/** Throws `dataset.importing` while somebody else imports a dataset of this name. */
export function claimImport(
  project: WritableProject,
  { id, name, holder }: { id: string; name: string; holder: ProcessMark },
  watch: LifeWatch,
): void {
  inTransaction(project, () => {
    const other = listClaims(project).find((claim) => claim.name === name && watch.judge(claim) !== 'gone');
    if (other) throw beingImported(other);
    project.database
      .insert(importTable)
      .values({ id, name, ...holder, startedAt: timestamp(), heartbeatMs: Date.now() })
      .run();
  });
}

export function renewClaims(project: WritableProject, ids: readonly string[]): void {
  for (const id of ids)
    project.database
      .update(importTable)
      .set({ heartbeatMs: sql`max(${Date.now()}, ${importTable.heartbeatMs} + 1)` })
      .where(eq(importTable.id, id))
      .run();
}

export function releaseClaim(project: WritableProject, id: string): void {
  project.database.delete(importTable).where(eq(importTable.id, id)).run();
}

export function listClaims(project: ReadableProject): Claim[] {
  const rows = project.database.select().from(importTable).all();
  return rows.map(({ startedAt: _startedAt, ...row }) => ({ ...row, token: row.id }));
}

/** Ids of imports whose process lives, as far as can be told. The claims of those that do not are dropped. */
export function liveClaims(project: WritableProject, watch: LifeWatch): Set<string> {
  const live = new Set<string>();
  for (const claim of listClaims(project))
    if (watch.judge(claim) === 'gone') releaseClaim(project, claim.id);
    else live.add(claim.id);
  return live;
}

function beingImported({ name, pid, host }: Claim): PretextError {
  return new PretextError({
    code: 'dataset.importing',
    message: `Another program (process ${pid} on ${host}) is importing a dataset named “${name}” right now.`,
    place: name,
    remedy: 'Wait until it has ended, or choose another name.',
  });
}
