/** What pausing, resuming, cancelling and ending do to runs and their study, in the database alone. */
import { isDeepStrictEqual } from 'node:util';
import type { Run, Study } from '../../contract/entities.ts';
import { PretextError, type Failure } from '../../contract/errors.ts';
import {
  forgetMissing,
  getRun,
  getStudy,
  inTransaction,
  interruptRunningRuns,
  listDependents,
  listNeeds,
  listRunsOf,
  listRunsWith,
  listStudiesWith,
  setStudyStatus,
  timestamp,
  updateRun,
  type ReadableProject,
  type RunChange,
  type StoredRun,
  type WritableProject,
} from '../../project/index.ts';
import { keepFacts } from '../datasets/facts.ts';
import { studyStatusOf } from '../recipes/plan.ts';
import { eliminated } from '../tournament/entry.ts';
import { isMaking, lostTries } from '../recipes/tries.ts';
import { continueTournament } from '../tournament/rounds.ts';
import { writeOptionsOut } from './written-options.ts';
import { heldImport, isPrepared, missingImports, requireNotHeld } from './data-there.ts';
import type { Workplace } from '../workplace/workplace.ts';
import { RUN_GROUPS, runIs } from '../../contract/status.ts';

const NEEDED_FAILED = 'run.needed-run-failed';

/** What changed: to be told to whoever looks. */
export interface Changes {
  runIds: string[];
  studyIds: string[];
}
const NOTHING: Changes = { runIds: [], studyIds: [] };

/** A run that does not run now is paused: it waits until it is resumed. */
export function pauseRun(project: WritableProject, runId: string): Changes {
  const { run } = getRun(project, runId);
  // One that paused by itself, and would go on by itself, is now paused by somebody's word.
  if (run.status === 'paused') return run.failure ? change(project, runId, { failure: null }) : NOTHING;
  requireStatus(run, RUN_GROUPS.going, 'paused');
  return change(project, runId, { status: 'paused' });
}

/**
 * Puts a paused, failed or interrupted run back into the queue, with the runs that failed because of it. A study that
 * failed before it had its data tries to get them again; one that waits for a person's word about them is refused.
 */
export function resumeRun(project: WritableProject, runId: string): Changes {
  const { run } = getRun(project, runId);
  return inTransaction(project, () => {
    const prepared = prepareAgain(project, run.studyId);
    if (runIs('active', run)) return prepared;
    requireStatus(run, RUN_GROUPS.resumable, 'resumed');
    const all = [...resumedWith(project, runId)];
    // Of these runs it was said what is missing; a study that is run again may not know of it yet.
    for (const id of all) forgetMissing(project, id);
    return merge([
      prepared,
      changeAll(
        project,
        all.map((id) => getRun(project, id)),
        QUEUED,
      ),
    ]);
  });
}

/** The run, failed ones that it needs, and those that failed because one of these did. */
function resumedWith(project: ReadableProject, runId: string, found = new Set<string>()): Set<string> {
  if (found.has(runId)) return found;
  found.add(runId);
  const needed = listNeeds(project, runId).filter((id) => getRun(project, id).run.status === 'failed');
  const blocked = listDependents(project, runId).filter((id) => {
    const { status, failure } = getRun(project, id).run;
    return status === 'failed' && failure?.code === NEEDED_FAILED;
  });
  for (const id of [...needed, ...blocked]) resumedWith(project, id, found);
  return found;
}

function prepareAgain(project: WritableProject, studyId: string): Changes {
  const { study } = getStudy(project, studyId);
  requireNotHeld(study);
  const runs = listRunsOf(project, studyId).map(({ run }) => run);
  if (study.status !== 'failed' || isPrepared(study, runs)) return NOTHING;
  setStudyStatus(project, studyId, 'importing');
  return { runIds: [], studyIds: [studyId] };
}

const QUEUED: RunChange = { status: 'queued', failure: null, restarts: 0, finishedAt: null };

/** Ends a run for good; what waits for it is cancelled as well. */
export function cancelRun(project: WritableProject, runId: string): Changes {
  const { run } = getRun(project, runId);
  if (run.status === 'cancelled') return NOTHING;
  requireStatus(run, RUN_GROUPS.cancellable, 'cancelled');
  return endRun(project, runId, { status: 'cancelled' });
}

/** Ends a run as `done`, `failed` or `cancelled`, and with it, unless it is done, whatever needs it. */
export function endRun(
  project: WritableProject,
  runId: string,
  ending: { status: 'done' | 'failed' | 'cancelled'; failure?: Failure },
): Changes {
  return inTransaction(project, () => {
    const { status, failure = null } = ending;
    const changes = change(project, runId, { status, failure, finishedAt: timestamp() });
    if (status === 'done') return changes;
    const { name } = getRun(project, runId).run;
    const waiting = listDependents(project, runId).filter((id) => runIs('pending', getRun(project, id).run));
    const consequence =
      status === 'failed' ? { status, failure: neededRunFailed(name) } : { status: 'cancelled' as const };
    return merge([changes, ...waiting.map((id) => endRun(project, id, consequence))]);
  });
}

/** All paused, interrupted and failed runs of a study go back into the queue. */
export function resumeStudy(project: WritableProject, studyId: string): Changes {
  return inTransaction(project, () => {
    const all = listRunsOf(project, studyId);
    const out = outOf(all);
    // What other machines compute is theirs until it is taken back by name.
    const stopped = all.filter(
      ({ run }) => runIs('resumable', run) && run.status !== 'away' && !out.has(run.id),
    );
    for (const { run } of stopped) updateRun(project, run.id, QUEUED);
    return merge([
      { runIds: stopped.map(({ run }) => run.id), studyIds: [] },
      refreshStudy(project, studyId),
    ]);
  });
}

/** Pauses what waits, of one study or of all; what runs is its trainer's matter. */
export function pauseWaiting(project: WritableProject, studyId?: string): Changes {
  return inTransaction(project, () => {
    // One that would go on by itself, once there is room on the disk, waits as well.
    const waiting = listRunsWith(project, [...RUN_GROUPS.waiting, 'paused']).filter(
      ({ run }) => (!studyId || run.studyId === studyId) && (run.status !== 'paused' || run.failure),
    );
    return changeAll(project, waiting, { status: 'paused', failure: null });
  });
}

/** Puts all paused and interrupted runs back into the queue, of one study or of all. */
export function resumePaused(project: WritableProject, studyId?: string): Changes {
  return inTransaction(project, () => {
    const paused = listRunsWith(project, RUN_GROUPS.held).filter(
      ({ run }) => !studyId || run.studyId === studyId,
    );
    return changeAll(project, paused, QUEUED);
  });
}

/** Cancels a study's waiting runs; the running one is its trainer's matter. */
export function cancelStudy(project: WritableProject, studyId: string): Changes {
  return inTransaction(project, () => {
    const open = listRunsOf(project, studyId).filter(({ run }) => runIs('open', run));
    // Not one by one as by hand: a tournament would go on with those that are left.
    for (const { run } of open) updateRun(project, run.id, { status: 'cancelled', finishedAt: timestamp() });
    setStudyStatus(project, studyId, 'cancelled');
    return { runIds: open.map(({ run }) => run.id), studyIds: [studyId] };
  });
}

/** What a dead or a leaving owner left running was interrupted. Studies then say so until somebody goes on. */
export function interruptAll(project: WritableProject): Changes {
  return inTransaction(project, () => {
    const runs = interruptRunningRuns(project);
    const studies = listStudiesWith(project, ['running']).map(({ study }) => study.id);
    for (const id of studies) setStudyStatus(project, id, 'interrupted');
    return { runIds: runs.map(({ id }) => id), studyIds: studies };
  });
}

/**
 * Sets a study's status from those of its runs, after adding what a tournament runs next. A study that has not got its
 * data keeps its status, and one whose data went away since waits for them again.
 */
export function refreshStudy(project: WritableProject, studyId: string): Changes {
  const { study } = getStudy(project, studyId);
  const before = listRunsOf(project, studyId).map(({ run }) => run);
  if (!isPrepared(study, before)) return cancelIfNothingIsLeft(project, studyId, before);
  const added = continueTournament(project, studyId);
  if (added.length > 0) writeOptionsOut(project, studyId);
  const all = listRunsOf(project, studyId);
  const out = outOf(all);
  const runs = all.map(({ run }) => run).filter(({ id }) => !out.has(id));
  const status = studyStatusOf(runs, (id) => listNeeds(project, id));
  if (
    status === 'running' &&
    study.status !== 'running' &&
    missingImports(project, study.recipe).length > 0
  ) {
    setStudyStatus(project, studyId, 'importing', heldImport(project, study.recipe));
    return { runIds: added, studyIds: [studyId] };
  }
  const failure = failureFor(status, runs);
  if (status === study.status && isDeepStrictEqual(failure, study.failure))
    return { runIds: added, studyIds: added.length > 0 ? [studyId] : [] };
  setStudyStatus(project, studyId, status, failure);
  if (status === 'done') keepFacts(project, studyId);
  return { runIds: added, studyIds: [studyId] };
}

function cancelIfNothingIsLeft(project: WritableProject, studyId: string, runs: readonly Run[]): Changes {
  if (runs.length === 0 || runs.some(({ status }) => status !== 'cancelled')) return NOTHING;
  setStudyStatus(project, studyId, 'cancelled');
  return { runIds: [], studyIds: [studyId] };
}

/** Why a study failed or was paused, where a run says it. */
function failureFor(status: Study['status'], runs: readonly Run[]): Failure | null {
  if (status !== 'failed' && status !== 'paused') return null;
  const found = runs.find(
    (run) => run.status === status && run.failure && run.failure.code !== NEEDED_FAILED,
  );
  return found?.failure ?? null;
}

/** Runs that say nothing about the study's end, and are not taken up again with it. */
const outOf = (runs: readonly StoredRun[]) =>
  new Set([...eliminated(runs), ...lostTries(runs), ...runs.filter(isMaking).map(({ run }) => run.id)]);

function merge(changes: readonly Changes[]): Changes {
  return {
    runIds: [...new Set(changes.flatMap(({ runIds }) => runIds))],
    studyIds: [...new Set(changes.flatMap(({ studyIds }) => studyIds))],
  };
}

export function change(project: WritableProject, runId: string, values: RunChange): Changes {
  return changeAll(project, [getRun(project, runId)], values);
}

/** The same for many runs: a study is looked at once, however many of its runs change. */
export function changeAll(project: WritableProject, runs: readonly StoredRun[], values: RunChange): Changes {
  return inTransaction(project, () => {
    for (const { run } of runs) updateRun(project, run.id, values);
    const studyIds = new Set(runs.map(({ run }) => run.studyId));
    return merge([
      { runIds: runs.map(({ run }) => run.id), studyIds: [] },
      ...[...studyIds].map((studyId) => refreshStudy(project, studyId)),
    ]);
  });
}

function describeChanges(project: ReadableProject, { runIds, studyIds }: Changes) {
  return {
    runs: runIds.map((id) => getRun(project, id).run),
    studies: studyIds.map((id) => getStudy(project, id).study),
  };
}

/** To whoever looks at the project now. */
export function tellChanges({ project, events }: Workplace, changes: Changes): void {
  const { runs, studies } = describeChanges(project, changes);
  for (const run of runs) events.publish({ type: 'run', run });
  for (const study of studies) events.publish({ type: 'study', study });
}

function requireStatus(run: Run, allowed: readonly Run['status'][], verb: string): void {
  if (allowed.includes(run.status)) return;
  throw new PretextError({
    code: 'run.wrong-status',
    message: `The run ${run.name} is ${run.status}: it cannot be ${verb}.`,
    place: run.name,
    remedy: `Only a run that is ${allowed.join(', ')} can be ${verb}.`,
  });
}

function neededRunFailed(name: string): Failure {
  return {
    code: NEEDED_FAILED,
    message: `The run ${name}, from which this one would have started, did not succeed.`,
    place: name,
    remedy: `Look at why ${name} failed, then resume it: this run follows by itself.`,
  };
}
