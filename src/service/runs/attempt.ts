/**
 * One attempt at a run: a trainer is started, what it says is written down, and its end is told.
 *
 * What a trainer finds goes into the database in the order it was said; points of curves wait half a second at most.
 */
import type { HostedExit } from '../../contract/messages/host.ts';
import { toFailure, type Failure } from '../../contract/errors.ts';
import type { FromTrainer, ToTrainer } from '../../contract/messages/trainer.ts';
import { getRun, getStudyAlone, holdLabels, updateRun, type StoredRun } from '../../project/index.ts';
import { datasetsOf } from '../recipes/plan.ts';
import { withOptionsAtStart } from '../studies/written-options.ts';
import { lookForCopies, prepareJob, type PreparedJob } from './jobs.ts';
import { createRecorder, recordStart, type Recorder } from './record.ts';
import { reuseFinished } from './reuse.ts';
import { logFailure } from '../workplace/log.ts';
import type { Workplace } from '../workplace/workplace.ts';
import type { TrainerLink } from '../../host/trainer-listener.ts';
import { runPriority, startTrainer } from '../trainers/link.ts';

const FLUSH_MS = 500;
/** How long a trainer may take to end after it was told to cancel. */
const PATIENCE_MS = 10_000;

export type Ending =
  | { kind: 'done' | 'paused' | 'cancelled' }
  | { kind: 'failed'; failure: Failure; resumedFrom: string | null }
  /** Nothing was said: it was killed, ran out of memory or crashed. */
  | { kind: 'died'; exit: HostedExit };

export interface Attempt {
  readonly runId: string;
  /** Asks the trainer to write a checkpoint and end, or to end. Before it is started, it is then not started. */
  ask(request: 'pause' | 'cancel'): void;
  kill(): void;
  /** Resolves when everything is written down and the trainer is gone. Never rejects. */
  readonly ended: Promise<Ending>;
}

export function startAttempt(workplace: Workplace, stored: StoredRun): Attempt {
  const state: AttemptState = {
    workplace,
    runId: stored.run.id,
    secondsBefore: stored.run.seconds,
    startedMs: performance.now(),
    recorder: createRecorder(workplace, stored.run.id, () => secondsOf(state)),
    lastWord: null,
    request: null,
    abort: new AbortController(),
    link: null,
    resumedFrom: null,
  };
  return {
    runId: state.runId,
    ask: (request) => ask(state, request),
    kill: () => state.link?.kill(),
    ended: attempt(state, stored).catch((thrown: unknown) => {
      const failure = toFailure(thrown);
      logFailure(workplace.log, failure, thrown, `run ${stored.run.name} failed`);
      state.link?.kill();
      return { kind: 'failed', failure, resumedFrom: state.resumedFrom } as const;
    }),
  };
}

interface AttemptState {
  workplace: Workplace;
  runId: string;
  secondsBefore: number;
  startedMs: number;
  recorder: Recorder;
  lastWord: Ending | null;
  request: 'pause' | 'cancel' | null;
  /** Ends what is done before the trainer starts. */
  abort: AbortController;
  link: TrainerLink | null;
  resumedFrom: string | null;
}

async function attempt(state: AttemptState, planned: StoredRun): Promise<Ending> {
  const { workplace, runId } = state;
  const { project, events } = workplace;
  const found = await prepare(state, planned);
  if (!found) return { kind: state.request === 'pause' ? 'paused' : 'cancelled' };
  const { stored, prepared } = found;
  state.resumedFrom = prepared.resumePoint?.id ?? null;
  const run = recordStart(project, stored, prepared);
  const reuse = reuseFinished(workplace, run, prepared);
  events.publish({ type: 'run', run: getRun(project, runId).run });
  if (reuse.complete) return { kind: 'done' };

  const exit = await converse(state, { type: 'start', job: reuse.job, places: prepared.places });
  state.recorder.flush();
  updateRun(project, runId, { seconds: secondsOf(state) });
  if (state.lastWord) return state.lastWord;
  return state.request === 'cancel' ? { kind: 'cancelled' } : { kind: 'died', exit };
}

/** What comes before the trainer, some of it long. Null: somebody asked for a pause or the end meanwhile. */
async function prepare(
  state: AttemptState,
  planned: StoredRun,
): Promise<{ stored: StoredRun; prepared: PreparedJob } | null> {
  const { project } = state.workplace;
  const { signal } = state.abort;
  try {
    const { recipe } = getStudyAlone(project, planned.run.studyId);
    holdLabels(project, planned.run.studyId, datasetsOf(recipe));
    const stored = withOptionsAtStart(project, planned);
    await lookForCopies(project, stored, signal);
    const prepared = await prepareJob(project, stored, { signal });
    return signal.aborted ? null : { stored, prepared };
  } catch (thrown) {
    if (signal.aborted) return null;
    throw thrown;
  }
}

/** Talks with the trainer until it is gone. */
function converse(state: AttemptState, start: ToTrainer): Promise<HostedExit> {
  const { host, log } = state.workplace;
  return new Promise((resolve, reject) => {
    const giveUp = (error: unknown) => {
      clearInterval(flushing);
      link.kill();
      reject(error);
    };
    const orGiveUp = (work: () => void) => {
      try {
        work();
      } catch (error) {
        giveUp(error);
      }
    };
    const flushing = setInterval(() => orGiveUp(() => state.recorder.flush()), FLUSH_MS);
    const link = startTrainer(
      host,
      log,
      {
        onMessage(message) {
          orGiveUp(() => {
            if (message.type === 'ready') link.send(start);
            else hear(state, message);
          });
        },
        onEnd(exit) {
          clearInterval(flushing);
          if (exit.broken) reject(new Error(exit.broken));
          else resolve(exit);
        },
      },
      { priority: runPriority(log) },
    );
    state.link = link;
  });
}

function hear(state: AttemptState, message: FromTrainer): void {
  // The first last word counts: what comes after it is from a process that is being ended.
  if (state.lastWord) return;
  switch (message.type) {
    case 'done':
    case 'paused':
    case 'cancelled':
      end(state, { kind: message.type });
      return;
    case 'failed':
      end(state, { kind: 'failed', failure: message.failure, resumedFrom: state.resumedFrom });
      return;
    case 'ready':
    case 'answering':
    case 'answer':
      throw new Error(`a trainer with a run said “${message.type}”, which only one that is asked says`);
    default:
      state.recorder.hear(message);
  }
}

/** After its last word a trainer has nothing left to write: ending it at once frees its memory for the next. */
function end(state: AttemptState, ending: Ending): void {
  state.lastWord = ending;
  state.link?.kill();
}

function ask(state: AttemptState, request: 'pause' | 'cancel'): void {
  if (state.lastWord || state.request === 'cancel' || state.request === request) return;
  state.request = request;
  if (!state.link) state.abort.abort();
  state.link?.send({ type: request });
  // A cancelled run has nothing to save: one that does not listen is ended.
  if (request === 'cancel') setTimeout(() => state.link?.kill(), PATIENCE_MS).unref();
}

function secondsOf(state: Pick<AttemptState, 'secondsBefore' | 'startedMs'>): number {
  return state.secondsBefore + (performance.now() - state.startedMs) / 1000;
}
