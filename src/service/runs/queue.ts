/**
 * The run queue: the next ready run gets a trainer, one at a time unless told otherwise.
 *
 * Only the owner of the project's lease has one. A trainer that dies is started again from its run's last
 * checkpoint; after three deaths without getting any further the run has failed.
 *
 * A run that meets a full disk is paused, and none is started until there is room: then all goes on by itself. What
 * could not even be written down meanwhile waits in memory, and is told to whoever looks.
 */
import { toFailure } from '../../contract/errors.ts';
import {
  findRun,
  getRun,
  getStudy,
  getStudyAlone,
  listRunsWith,
  nextReadyRun,
  settleDatabase,
  timestamp,
  type StoredRun,
} from '../../project/index.ts';
import { startAttempt, type Attempt, type Ending } from './attempt.ts';
import { checkpointBytes, settle } from './settle.ts';
import type { Room } from '../workplace/room.ts';
import type { Preparations } from '../studies/preparations.ts';
import type { Workplace } from '../workplace/workplace.ts';
import {
  cancelRun,
  cancelStudy,
  change,
  interruptAll,
  pauseRun,
  pauseWaiting,
  resumePaused,
  resumeRun,
  tellChanges,
  type Changes,
} from '../studies/transitions.ts';

/** How long closing waits for the running trainers' checkpoints. */
const CLOSING_MS = 4_000;

export interface Queue {
  /** Starts what can be started. Call it whenever something changed. */
  poke(): void;
  pause(runId: string): Promise<void>;
  resume(runId: string): void;
  pauseAll(studyId?: string): Promise<void>;
  resumeAll(studyId?: string): void;
  cancel(runId: string): void;
  cancelStudy(studyId: string): void;
  /** There is room on the disk again. */
  goOn(): void;
  /** Pauses the running trainers and marks their runs as interrupted: whoever owns the queue next goes on. */
  close(): Promise<void>;
  /** The queue went to somebody else: ends the trainers and writes nothing more. */
  abandon(): void;
}

/** @param preparations of studies that still wait for their data: a run's resumption may begin one, a cancellation end it */
export function createQueue(
  workplace: Workplace,
  room: Room,
  preparations: Pick<Preparations, 'begin' | 'stop'>,
  concurrency = 1,
): Queue {
  const { project, log, guard } = workplace;
  const active = new Map<string, Attempt>();
  /** Ends that could not be written down yet. */
  const unsettled = new Map<string, Ending>();
  let open = true;
  const tell = (changes: Changes) => tellChanges(workplace, changes);

  const poke = () =>
    guard('the next run could not be started', () => {
      while (open && !room.isShort() && active.size < concurrency) {
        const next = nextReadyRun(project);
        if (!next) return;
        start(next);
      }
    });

  /** Without room to write it down, the end waits, and viewers hear what the project cannot tell yet. */
  const conclude = (runId: string, ending: Ending) => {
    // Its study may have been deleted meanwhile.
    if (!findRun(project, runId)) return;
    try {
      tell(settle(workplace, room, runId, ending));
      unsettled.delete(runId);
    } catch (thrown) {
      const failure = toFailure(thrown);
      if (failure.code !== 'disk.full') throw thrown;
      unsettled.set(runId, ending);
      const told = room.waitFor(failure, checkpointBytes(project, runId));
      log.warn({ failure: told, run: runId }, 'the end of a run could not be written down yet');
      const { run } = getRun(project, runId);
      workplace.events.publish({ type: 'run', run: { ...run, status: 'paused', failure: told } });
    }
  };

  const start = (stored: StoredRun) => {
    const { run } = stored;
    log.info({ run: run.id, name: run.name }, 'run started');
    tell(
      change(project, run.id, { status: 'running', failure: null, startedAt: run.startedAt ?? timestamp() }),
    );
    const attempt = startAttempt(workplace, getRun(project, run.id));
    active.set(run.id, attempt);
    guard(`the end of ${run.name} could not be written down`, () =>
      attempt.ended.then((ending) => {
        active.delete(run.id);
        if (!project.connection.open) return;
        log.info({ run: run.id, name: run.name, ending }, 'run ended');
        if (open || ending.kind === 'done') conclude(run.id, ending);
        settleDatabase(project);
        poke();
      }),
    );
  };

  const goOn = () => {
    for (const [runId, ending] of unsettled) conclude(runId, ending);
    if (room.isShort()) return;
    const waiting = listRunsWith(project, ['paused']).filter(({ run }) => run.failure?.code === 'disk.full');
    for (const { run } of waiting) tell(resumeRun(project, run.id));
    poke();
  };

  return {
    poke,
    goOn,
    async pause(runId) {
      const { run } = getRun(project, runId);
      const attempt = active.get(run.id);
      attempt?.ask('pause');
      if (attempt) await attempt.ended;
      else tell(pauseRun(project, run.id));
    },
    resume(runId) {
      room.stopWaiting();
      tell(resumeRun(project, getRun(project, runId).run.id));
      poke();
      preparations.begin();
    },
    async pauseAll(studyId) {
      tell(pauseWaiting(project, studyId));
      const ofStudy = [...active.values()].filter(
        ({ runId }) => !studyId || getRun(project, runId).run.studyId === studyId,
      );
      for (const attempt of ofStudy) attempt.ask('pause');
      await Promise.all(ofStudy.map(({ ended }) => ended));
    },
    resumeAll(studyId) {
      room.stopWaiting();
      tell(resumePaused(project, studyId));
      poke();
    },
    cancel(runId) {
      const { run } = getRun(project, runId);
      // Cancelled at once: its trainer ends when it next listens, and nobody has to wait for that.
      tell(cancelRun(project, run.id));
      if (getStudyAlone(project, run.studyId).status === 'cancelled') preparations.stop(run.studyId);
      active.get(run.id)?.ask('cancel');
      poke();
    },
    cancelStudy(studyId) {
      const { runIds } = getStudy(project, studyId).study;
      tell(cancelStudy(project, studyId));
      preparations.stop(studyId);
      for (const id of runIds) active.get(id)?.ask('cancel');
    },
    async close() {
      open = false;
      const attempts = [...active.values()];
      for (const attempt of attempts) attempt.ask('pause');
      await within(CLOSING_MS, Promise.all(attempts.map(({ ended }) => ended)));
      for (const attempt of active.values()) attempt.kill();
      // What cannot be written down now, the next owner sees for itself.
      guard('the runs could not be marked as interrupted', () => interruptAll(project));
    },
    abandon() {
      open = false;
      for (const attempt of active.values()) attempt.kill();
    },
  };
}

async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([work, new Promise((resolve) => (timer = setTimeout(resolve, milliseconds)))]);
  clearTimeout(timer);
}
