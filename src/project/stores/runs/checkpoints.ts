/**
 * Checkpoints: files of the full state of a run.
 *
 * A run has at most one `best`, one `last`, and the one before the last to fall back on (`superseded`). One that makes
 * an ensemble has a `member` for each seed that is trained, until the ensemble is kept.
 * Registering one says which files nothing refers to any more; the caller deletes them after the commit.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { and, desc, eq, sql } from 'drizzle-orm';
import type { Checkpoint } from '../../../contract/entities.ts';
import { PretextError } from '../../../contract/errors.ts';
import type { CheckpointNote } from '../../../contract/messages/trainer.ts';
import { inTransaction, type ReadableProject, type WritableProject } from '../../database.ts';
import { checkpointFolder } from '../../files/folder.ts';
import { newId, timestamp } from '../../identity.ts';
import { getRun } from './runs.ts';
import { checkpointTable } from '../../schema.ts';

type Row = typeof checkpointTable.$inferSelect;

export interface Registered {
  checkpoint: Checkpoint;
  /** File names that nothing refers to any more. */
  superfluous: string[];
}

/** @param id left out: a new one */
export function registerCheckpoint(
  project: WritableProject,
  runId: string,
  note: CheckpointNote,
  id = newId(),
): Registered {
  return inTransaction(project, () => {
    const before = rowsOf(project, runId);
    const outdated = before.filter(
      (row) => row.kind === note.kind && (note.kind === 'best' || row.superseded),
    );
    for (const row of outdated) deleteRow(project, row.id);
    if (note.kind === 'last')
      project.database
        .update(checkpointTable)
        .set({ superseded: true })
        .where(and(eq(checkpointTable.runId, runId), eq(checkpointTable.kind, 'last')))
        .run();
    project.database
      .insert(checkpointTable)
      .values({ id, runId, ...note, createdAt: timestamp() })
      .run();
    return { checkpoint: getCheckpoint(project, id), superfluous: unreferenced(project, runId, outdated) };
  });
}

/**
 * Once a run is done its last checkpoint is proven: the one before it goes, and so do the members of an ensemble, which
 * its model holds. Returns superfluous files.
 */
export function dropSuperseded(project: WritableProject, runId: string): string[] {
  return inTransaction(project, () => {
    const outdated = rowsOf(project, runId).filter((row) => row.superseded || row.kind === 'member');
    for (const row of outdated) deleteRow(project, row.id);
    return unreferenced(project, runId, outdated);
  });
}

/** A checkpoint that is proven broken, or gone for good, is taken out of the list. Its file is the caller's. */
export function forgetCheckpoint(project: WritableProject, checkpointId: string): void {
  deleteRow(project, checkpointId);
}

/** Somebody resumes a run that paused because its checkpoint was gone: what is still gone is given up. */
export function forgetMissing(project: WritableProject, runId: string): void {
  if (getRun(project, runId).run.failure?.code !== 'checkpoint.missing') return;
  for (const { id, file } of listResumePoints(project, runId)) {
    if (existsSync(join(checkpointFolder(project.folder), file))) return;
    forgetCheckpoint(project, id);
  }
}

/** Best and last of a run, as people see them. */
export function listCheckpoints(project: ReadableProject, runId: string): Checkpoint[] {
  return rowsOf(project, runId)
    .filter((row) => !row.superseded)
    .map(toCheckpoint);
}

export function listAllCheckpoints(project: ReadableProject): Checkpoint[] {
  return project.database
    .select()
    .from(checkpointTable)
    .where(eq(checkpointTable.superseded, false))
    .orderBy(desc(sql`rowid`))
    .all()
    .map(toCheckpoint);
}

/**
 * Where a run could continue from, the latest written first: a fine-tuning run's steps begin anew with each seed. The
 * best model of a fine-tuning run is an answer, not a position; that of a pretext run is the whole state at its step.
 */
export function listResumePoints(project: ReadableProject, runId: string): Checkpoint[] {
  const { kind } = getRun(project, runId).run;
  return rowsOf(project, runId)
    .filter((row) => row.kind === 'last' || kind === 'pretext')
    .map(toCheckpoint);
}

/** Throws `checkpoint.missing`. */
export function getCheckpoint(project: ReadableProject, checkpointId: string): Checkpoint {
  const row = project.database
    .select()
    .from(checkpointTable)
    .where(eq(checkpointTable.id, checkpointId))
    .get();
  if (!row)
    throw new PretextError({
      code: 'checkpoint.missing',
      message: `There is no checkpoint “${checkpointId}” in this project.`,
      place: checkpointId,
      remedy: 'Look at the list of checkpoints for its id.',
    });
  return toCheckpoint(row);
}

/** All file names in the checkpoints folder that the database refers to. */
export function referencedCheckpointFiles(project: ReadableProject): Set<string> {
  const rows = project.database.select({ file: checkpointTable.file }).from(checkpointTable).all();
  return new Set(rows.map(({ file }) => file));
}

function rowsOf(project: ReadableProject, runId: string): Row[] {
  return project.database
    .select()
    .from(checkpointTable)
    .where(eq(checkpointTable.runId, runId))
    .orderBy(desc(sql`rowid`))
    .all();
}

function deleteRow(project: WritableProject, id: string): void {
  project.database.delete(checkpointTable).where(eq(checkpointTable.id, id)).run();
}

function unreferenced(project: ReadableProject, runId: string, rows: readonly Row[]): string[] {
  const kept = new Set(rowsOf(project, runId).map((row) => row.file));
  return rows.map((row) => row.file).filter((file) => !kept.has(file));
}

function toCheckpoint({ superseded: _superseded, ...checkpoint }: Row): Checkpoint {
  return checkpoint;
}

/** File names of all checkpoints of these runs, superseded ones included. */
export function listAllCheckpointFilesOf(project: ReadableProject, runIds: readonly string[]): string[] {
  return runIds.flatMap((runId) => rowsOf(project, runId).map((row) => row.file));
}
