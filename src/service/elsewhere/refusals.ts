/** Why a bundle, or a job of one, is not taken over. */
import type { Bundle, PackedJob } from '../../contract/elsewhere/bundle.ts';
import type { JournalEntry } from '../../contract/elsewhere/journal.ts';
import { PretextError } from '../../contract/errors.ts';
import { findStudy, type AwayRun, type StoredRun } from '../../project/index.ts';
import type { PreparedJob } from '../runs/jobs.ts';
import type { Workplace } from '../workplace/workplace.ts';
import { planOf } from './plan.ts';

export const otherBundle = (folder: string, { study }: Bundle) =>
  new PretextError({
    code: 'bundle.another',
    message: `This folder holds other jobs, of the study “${study.name}”: not those that are looked for. Nothing was taken over.`,
    place: folder,
    remedy: 'Choose the folder that these jobs were packed into.',
  });

export function requireOurs(
  { project }: Workplace,
  folder: string,
  { study, project: name }: Bundle,
  away: readonly AwayRun[],
): void {
  if (away.length > 0) return;
  const isHere = findStudy(project, study.id) !== null;
  throw new PretextError({
    code: isHere ? 'bundle.taken-back' : 'bundle.other-project',
    message: isHere
      ? `All runs of this bundle were packed again since, or removed: it belongs to nothing any more.`
      : `This bundle belongs to the study “${study.name}” of the project “${name}”, which is not in this project.`,
    place: folder,
    remedy: isHere ? 'Merge the latest bundle of the study.' : 'Name the project that it was packed from.',
  });
}

export function requireSamePlan({ run }: StoredRun, packed: PackedJob, prepared: PreparedJob): void {
  if (packed.runId === run.id && packed.plan === planOf(prepared)) return;
  throw new PretextError({
    code: 'bundle.other-run',
    message:
      packed.selectionHash === prepared.selectionHash
        ? 'The job computes something else than this run: its settings differ.'
        : 'The samples, labels or splits of its data changed since the job was packed.',
    place: run.name,
    remedy: 'Pack the study again.',
  });
}

/** A job begins with the very weights that the project has of the run before it. */
export function requireSameStart(
  { run }: StoredRun,
  entries: readonly JournalEntry[],
  { job }: PreparedJob,
): void {
  if (job.kind !== 'finetune') return;
  const other = entries.find((entry) => entry.type === 'begin' && entry.startsFrom !== job.checkpoint);
  if (!other) return;
  throw new PretextError({
    code: 'bundle.other-weights',
    message: 'The job began with other weights than those that this project has.',
    place: run.name,
    remedy: 'Pack the study again: its pretraining was computed twice, with different results.',
  });
}
