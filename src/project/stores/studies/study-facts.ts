/** What a finished study keeps of its datasets. */
import { eq } from 'drizzle-orm';
import type { StudyFacts } from '../../../contract/results/study-facts.ts';
import type { ReadableProject, WritableProject } from '../../database.ts';
import { studyTable } from '../../schema.ts';

export function saveFacts(project: WritableProject, studyId: string, facts: StudyFacts): void {
  project.database.update(studyTable).set({ facts }).where(eq(studyTable.id, studyId)).run();
}

export function readFacts(project: ReadableProject, studyId: string): StudyFacts | null {
  const found = project.database
    .select({ facts: studyTable.facts })
    .from(studyTable)
    .where(eq(studyTable.id, studyId))
    .get();
  return found?.facts ?? null;
}
