/**
 * The run queue: the next ready run gets a trainer, one at a time unless told otherwise.
 *
 * Only the owner of the project's lease has one. A trainer that dies is started again from its run's last
 * checkpoint; after three deaths without getting any further the run has failed.
 */
import type { Run } from '../../contract/entities.ts';
import type { Failure } from '../../contract/errors.ts';
import type { HostedExit } from '../../contract/host.ts';
import {
  dropSuperseded,
  getRun,
  getStudy,
  nextReadyRun,
  timestamp,
  type StoredRun,
} from '../../project/index.ts';
import { startAttempt, type Attempt, type Ending } from './attempt.ts';
import { deleteCheckpointFiles } from './checkpoint-files.ts';
import { mayPass } from '../../contract/circumstances.ts';
import { isProvenBroken, setAside } from './lost-checkpoints.ts';
import { logFailure, type Workplace } from '../workplace.ts';
import {
  cancelRun,
  cancelStudy,
  change,
  endRun,
  interruptAll,
  pauseRun,
  resumeRun,
  tellChanges,
  type Changes,
} from '../studies/transitions.ts';

const MOST_RESTARTS = 3;
/** How long closing waits for the running trainers' checkpoints. */
const CLOSING_MS = 4_000;

export interface Queue {
  /** Starts what can be started. Call it whenever something changed. */
  poke(): void;
  pause(runId: string): Promise<void>;
  resume(runId: string): void;
  cancel(runId: string): Promise<void>;
  cancelStudy(studyId: string): Promise<void>;
  isActive(runId: string): boolean;
  /** Pauses the running trainers and marks their runs as interrupted: whoever owns the queue next goes on. */
  close(): Promise<void>;
  /** The queue went to somebody else: ends the trainers and writes nothing more. */
  abandon(): void;
}

export function createQueue(workplace: Workplace, concurrency = 1): Queue {
  const { project, log } = workplace;
  const active = new Map<string, Attempt>();
  let open = true;
  const tell = (changes: Changes) => tellChanges(workplace, changes);

  const poke = () => {
    while (open && active.size < concurrency) {
      const next = nextReadyRun(project);
      if (!next) return;
      start(next);
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
    void attempt.ended.then((ending) => {
      active.delete(run.id);
      if (!project.connection.open) return;
      log.info({ run: run.id, name: run.name, ending }, 'run ended');
      if (open || ending.kind === 'done') tell(settle(workplace, run.id, ending));
      poke();
    });
  };

  const endActive = async (runId: string, request: 'pause' | 'cancel') => {
    const attempt = active.get(runId);
    attempt?.ask(request);
    await attempt?.ended;
  };

  return {
    poke,
    isActive: (runId) => active.has(runId),
    async pause(runId) {
      const { run } = getRun(project, runId);
      if (active.has(run.id)) await endActive(run.id, 'pause');
      else tell(pauseRun(project, run.id));
    },
    resume(runId) {
      tell(resumeRun(project, getRun(project, runId).run.id));
      poke();
    },
    async cancel(runId) {
      const { run } = getRun(project, runId);
      if (active.has(run.id)) await endActive(run.id, 'cancel');
      else tell(cancelRun(project, run.id));
      poke();
    },
    async cancelStudy(studyId) {
      const { runIds } = getStudy(project, studyId).study;
      tell(cancelStudy(project, studyId));
      await Promise.all(runIds.filter((id) => active.has(id)).map((id) => endActive(id, 'cancel')));
    },
    async close() {
      open = false;
      const attempts = [...active.values()];
      for (const attempt of attempts) attempt.ask('pause');
      await within(CLOSING_MS, Promise.all(attempts.map(({ ended }) => ended)));
      for (const attempt of active.values()) attempt.kill();
      interruptAll(project);
    },
    abandon() {
      open = false;
      for (const attempt of active.values()) attempt.kill();
    },
  };
}

/** What the end of an attempt makes of its run. */
function settle(workplace: Workplace, runId: string, ending: Ending): Changes {
  const { project, log } = workplace;
  const stored = getRun(project, runId);
  // A cancelled study has already said what becomes of its runs.
  if (stored.run.status === 'cancelled') return { runIds: [runId], studyIds: [] };
  switch (ending.kind) {
    case 'done': {
      const changes = endRun(project, runId, { status: 'done' });
      deleteCheckpointFiles(workplace, dropSuperseded(project, runId));
      return changes;
    }
    case 'paused':
      return change(project, runId, { status: 'paused' });
    case 'cancelled':
      return endRun(project, runId, { status: 'cancelled' });
    case 'failed': {
      const { failure, resumedFrom } = ending;
      if (resumedFrom && isProvenBroken(project, failure, resumedFrom)) {
        setAside(workplace, resumedFrom, failure);
        return change(project, runId, { status: 'interrupted' });
      }
      const passes = mayPass(failure);
      logFailure(log, failure, failure, `run ${stored.run.name} ${passes ? 'paused' : 'failed'}`);
      return passes
        ? change(project, runId, { status: 'paused', failure })
        : endRun(project, runId, { status: 'failed', failure });
    }
    case 'died':
      return restartOrFail(workplace, stored, ending.exit);
  }
}

function restartOrFail({ project, log }: Workplace, { run, restarts }: StoredRun, exit: HostedExit): Changes {
  log.warn({ run: run.id, exit, restarts }, 'the trainer ended without a word');
  if (restarts < MOST_RESTARTS)
    return change(project, run.id, { status: 'interrupted', restarts: restarts + 1 });
  return endRun(project, run.id, { status: 'failed', failure: diedTooOften(run, exit) });
}

function diedTooOften(run: Run, { code, signal }: HostedExit): Failure {
  const how = signal ? `signal ${signal}` : `exit status ${code}`;
  const memory = signal === 'SIGKILL' ? ' The system ends a process like this when memory runs out.' : '';
  return {
    code: 'run.trainer-died',
    message: `The training process ended ${MOST_RESTARTS + 1} times in a row at the same place (${how}).${memory}`,
    place: run.name,
    remedy:
      'Try a smaller batch size or fewer threads, close other programs, then resume the run. The log in the project folder has the details.',
  };
}

async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([work, new Promise((resolve) => (timer = setTimeout(resolve, milliseconds)))]);
  clearTimeout(timer);
}
