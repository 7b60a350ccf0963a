/** What a run or a study can be, and the groups of it that are asked for by name. */
import { z } from 'zod';

/** `away`: packed into a bundle of jobs, to be computed by other machines; its results are merged. */
export const runStatusSchema = z.enum([
  'queued',
  'running',
  'paused',
  'interrupted',
  'away',
  'done',
  'failed',
  'cancelled',
]);
export type RunStatus = z.infer<typeof runStatusSchema>;

export const studyStatusSchema = z.enum([
  'importing',
  'running',
  'paused',
  'interrupted',
  'away',
  'done',
  'failed',
  'cancelled',
]);
export type StudyStatus = z.infer<typeof studyStatusSchema>;

export const RUN_GROUPS = {
  /** Starts by itself. */
  waiting: ['queued', 'interrupted'],
  /** Its turn has come, or will. */
  active: ['queued', 'running'],
  /** Runs, or starts by itself. */
  going: ['queued', 'interrupted', 'running'],
  /** Somebody, or an end of the program, has stopped it for now. */
  held: ['paused', 'interrupted'],
  /** Does not run, and may still. */
  pending: ['queued', 'paused', 'interrupted', 'away'],
  resumable: ['paused', 'interrupted', 'away', 'failed'],
  /** Has not ended. */
  open: ['queued', 'running', 'paused', 'interrupted', 'away'],
  cancellable: ['queued', 'running', 'paused', 'interrupted', 'away', 'failed'],
  /** Ended without a result. */
  lost: ['failed', 'cancelled'],
  ended: ['done', 'failed', 'cancelled'],
} as const satisfies Record<string, readonly RunStatus[]>;

export const STUDY_GROUPS = {
  /** Goes on by itself. */
  going: ['importing', 'running', 'interrupted'],
  /** Has not ended. */
  open: ['importing', 'running', 'paused', 'interrupted', 'away'],
  /** May still get somewhere: it is continued when its recipe is started again. */
  unfinished: ['importing', 'running', 'paused', 'interrupted', 'away', 'failed'],
  ended: ['done', 'failed', 'cancelled'],
} as const satisfies Record<string, readonly StudyStatus[]>;

const within = (group: readonly string[], { status }: { status: string }) => group.includes(status);

/** `runIs('held', run)` */
export const runIs = (group: keyof typeof RUN_GROUPS, run: { status: RunStatus }) =>
  within(RUN_GROUPS[group], run);

export const studyIs = (group: keyof typeof STUDY_GROUPS, study: { status: StudyStatus }) =>
  within(STUDY_GROUPS[group], study);
