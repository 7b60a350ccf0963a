/** Which version of its datasets' labels a study uses: as they were when its first run began, whatever changes later. */
import { eq, sql } from 'drizzle-orm';
import { inTransaction, type ReadableProject, type WritableProject } from '../../database.ts';
import { runTable, studyTable } from '../../schema.ts';
import { findDataset, type StoredDataset } from '../data/datasets.ts';
import { datasetAt } from '../data/labels.ts';

/** By the id of the dataset. */
export type HeldLabels = Readonly<Record<string, number>>;

/**
 * Holds the newest labels of those datasets that the study does not hold yet. A study that began before labels had
 * versions has used those of the import.
 */
export function holdLabels(project: WritableProject, studyId: string, names: readonly string[]): void {
  inTransaction(project, () => {
    const held = { ...readHeldLabels(project, studyId) };
    const isOlder = Object.keys(held).length === 0 && hasBegun(project, studyId);
    for (const name of names) {
      const stored = findDataset(project, name);
      if (stored) held[stored.dataset.id] ??= isOlder ? 0 : stored.labelVersion;
    }
    putHeldLabels(project, studyId, held);
  });
}

/** As they were, where what they were held for did not come to be. */
export function putHeldLabels(project: WritableProject, studyId: string, held: HeldLabels): void {
  project.database.update(studyTable).set({ labelVersions: held }).where(eq(studyTable.id, studyId)).run();
}

export function readHeldLabels(project: ReadableProject, studyId: string): HeldLabels {
  const found = project.database
    .select({ held: studyTable.labelVersions })
    .from(studyTable)
    .where(eq(studyTable.id, studyId))
    .get();
  return found?.held ?? {};
}

/** Names of the studies that use a dataset's labels as of a version, by that version. */
export function studiesByLabels(project: ReadableProject, datasetId: string): Map<number, string[]> {
  const path = `$.${JSON.stringify(datasetId)}`;
  const rows = project.database
    .select({
      name: studyTable.name,
      version: sql<number>`json_extract(${studyTable.labelVersions}, ${path})`,
    })
    .from(studyTable)
    .where(sql`json_extract(${studyTable.labelVersions}, ${path}) IS NOT NULL AND removed_at IS NULL`)
    .all();
  const names = new Map<number, string[]>();
  for (const { name, version } of rows) names.set(version, [...(names.get(version) ?? []), name]);
  return names;
}

/** A dataset as a study uses it; with its newest labels where the study holds none yet. Null: there is none. */
export function findHeldDataset(
  project: ReadableProject,
  held: HeldLabels,
  name: string,
): StoredDataset | null {
  const stored = findDataset(project, name);
  const version = stored && held[stored.dataset.id];
  return version === undefined || version === null ? stored : datasetAt(project, stored!, version);
}

const hasBegun = (project: ReadableProject, studyId: string) =>
  project.database
    .select({ id: runTable.id })
    .from(runTable)
    .where(sql`${runTable.studyId} = ${studyId} AND ${runTable.selectionHash} IS NOT NULL`)
    .limit(1)
    .get() !== undefined;
