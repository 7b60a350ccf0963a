/** Bundles of jobs that were packed from this project: where they lie, and who was asked to compute them. */
import { asc, eq, ne, sql } from 'drizzle-orm';
import type { EngineId } from '../../../contract/elsewhere/engine.ts';
import type { ReadableProject, WritableProject } from '../../database.ts';
import { awayRunTable, bundleTable } from '../../schema.ts';

export interface StoredBundle {
  id: string;
  studyId: string;
  /** Where it lay when it was last packed or merged. */
  folder: string;
  jobs: number;
  /** Who it was handed to last. */
  engine: EngineId | null;
  packedAt: string;
}

/** A bundle that is known already lies somewhere else now. */
export function noteBundle(
  project: WritableProject,
  { id, studyId, folder, jobs, packedAt }: Omit<StoredBundle, 'engine'>,
): void {
  project.database
    .insert(bundleTable)
    .values({ id, studyId, folder, jobs, packedAt })
    // Whoever watches a bundle says every few seconds where it lies: nothing is written as long as that stays.
    .onConflictDoUpdate({ target: bundleTable.id, set: { folder }, setWhere: ne(bundleTable.folder, folder) })
    .run();
}

export function noteEngine(project: WritableProject, id: string, engine: EngineId): void {
  project.database.update(bundleTable).set({ engine }).where(eq(bundleTable.id, id)).run();
}

/** Those of a study that runs still belong to, the oldest first: what was packed again belongs to the latest alone. */
export const listBundles = (project: ReadableProject, studyId: string): StoredBundle[] =>
  project.database
    .select()
    .from(bundleTable)
    .where(
      sql`${bundleTable.studyId} = ${studyId} AND EXISTS (SELECT 1 FROM ${awayRunTable} WHERE ${awayRunTable.bundle} = ${bundleTable.id})`,
    )
    .orderBy(asc(bundleTable.packedAt), asc(bundleTable.id))
    .all();
