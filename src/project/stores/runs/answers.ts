/** Answers of runs on test samples: a file for each seed and dataset, and what intervals need of it. */
import { asc, eq, inArray } from 'drizzle-orm';
import type { KeptAnswers } from '../../../contract/messages/trainer.ts';
import type { ReadableProject, WritableProject } from '../../database.ts';
import { answersTable } from '../../schema.ts';

export interface StoredAnswers extends KeptAnswers {
  /** The place of the dataset among those of the run. */
  head: number;
  seed: number;
}

export function saveAnswers(
  project: WritableProject,
  runId: string,
  { head = 0, seed, influences, ...note }: Omit<StoredAnswers, 'head'> & { head?: number },
): void {
  const values = { ...note, influences: bytesOf(influences) };
  project.database
    .insert(answersTable)
    .values({ runId, head, seed, ...values })
    .onConflictDoUpdate({
      target: [answersTable.runId, answersTable.head, answersTable.seed],
      set: values,
    })
    .run();
}

/** By dataset in the order of the seeds; none for runs of versions that kept no answers. */
export function listAnswersOf(project: ReadableProject, runId: string): StoredAnswers[] {
  return project.database
    .select()
    .from(answersTable)
    .where(eq(answersTable.runId, runId))
    .orderBy(asc(answersTable.head), asc(answersTable.seed))
    .all()
    .map(({ runId: _runId, influences, ...note }) => ({ ...note, influences: numbersOf(influences) }));
}

/** All names in the answers folder that the database refers to. */
export function referencedAnswerFiles(project: ReadableProject): Set<string> {
  return new Set(
    project.database
      .select({ file: answersTable.file })
      .from(answersTable)
      .all()
      .map(({ file }) => file),
  );
}

export function listAnswerFilesOf(project: ReadableProject, runIds: readonly string[]): string[] {
  const rows = project.database
    .select({ file: answersTable.file })
    .from(answersTable)
    .where(inArray(answersTable.runId, [...runIds]))
    .all();
  return rows.map(({ file }) => file);
}

function bytesOf(values: Float64Array): Buffer {
  const bytes = Buffer.alloc(values.length * 8);
  values.forEach((value, i) => bytes.writeDoubleLE(value, i * 8));
  return bytes;
}

const numbersOf = (bytes: Buffer) =>
  Float64Array.from({ length: bytes.length / 8 }, (_, i) => bytes.readDoubleLE(i * 8));
