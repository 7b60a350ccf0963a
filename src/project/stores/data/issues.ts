/** Import issues: what could not be imported, or was imported with a note. */
import { asc, count, eq } from 'drizzle-orm';
import type { ImportIssue } from '../../../contract/entities.ts';
import { inTransaction, type ReadableProject, type WritableProject } from '../../database.ts';
import { issueTable } from '../../schema.ts';

/** Appends issues at `firstPosition`, in one transaction: there may be a million of them in all. */
export function insertIssues(
  project: WritableProject,
  datasetKey: number,
  firstPosition: number,
  issues: readonly ImportIssue[],
): void {
  const insert = project.connection.prepare(
    `INSERT INTO issues (dataset_key, position, file, row, reason, message, severity) VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  inTransaction(project, () => {
    issues.forEach(({ file, row, reason, message, severity }, index) =>
      insert.run(datasetKey, firstPosition + index, file, row ?? null, reason, message, severity),
    );
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
