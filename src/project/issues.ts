/** Import issues: what could not be imported, or was imported with a note. */
import { asc, count, eq } from 'drizzle-orm';
import type { ImportIssue } from '../contract/entities.ts';
import { inTransaction, type ReadableProject, type WritableProject } from './database.ts';
import { issueTable } from './schema.ts';

const CHUNK = 500;

export function insertIssues(
  project: WritableProject,
  datasetKey: number,
  issues: readonly ImportIssue[],
): void {
  const rows = issues.map((issue, position) => ({ ...issue, row: issue.row ?? null, datasetKey, position }));
  inTransaction(project, () => {
    for (let first = 0; first < rows.length; first += CHUNK)
      project.database
        .insert(issueTable)
        .values(rows.slice(first, first + CHUNK))
        .run();
  });
}

export function readIssuePage(
  project: ReadableProject,
  datasetKey: number,
  page: { offset: number; limit: number },
): { total: number; issues: ImportIssue[] } {
  const ofDataset = eq(issueTable.datasetKey, datasetKey);
  const total =
    project.database.select({ total: count() }).from(issueTable).where(ofDataset).get()?.total ?? 0;
  const rows = project.database
    .select()
    .from(issueTable)
    .where(ofDataset)
    .orderBy(asc(issueTable.position))
    .limit(page.limit)
    .offset(page.offset)
    .all();
  const issues = rows.map(({ file, row, reason, message, severity }) => ({
    file,
    ...(row !== null && { row }),
    reason,
    message,
    severity,
  }));
  return { total, issues };
}
