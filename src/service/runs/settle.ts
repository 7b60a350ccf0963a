/** What the end of an attempt makes of its run. */
import { mayPass } from '../../contract/circumstances.ts';

import type { HostedExit } from '../../contract/messages/host.ts';
import {
  dropSuperseded,
  getRun,
  listResumePoints,
  type ReadableProject,
  type StoredRun,
} from '../../project/index.ts';
import { trainerDied } from '../../host/trainer-ended.ts';
import type { Room } from '../workplace/room.ts';
import { change, endRun, type Changes } from '../studies/transitions.ts';
import { logFailure } from '../workplace/log.ts';
import type { Workplace } from '../workplace/workplace.ts';
import type { Ending } from './attempt.ts';
import { deleteCheckpointFiles } from './checkpoint-files.ts';
import { isProvenBroken, setAside } from './lost-checkpoints.ts';

const MOST_RESTARTS = 3;
const DIED_REMEDY =
  'Try a smaller batch size or fewer threads, close other programs, then resume the run. The log in the project folder has the details.';

export function settle(workplace: Workplace, room: Room, runId: string, ending: Ending): Changes {
  const { project } = workplace;
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
    case 'failed':
      return pauseOrFail(workplace, room, stored, ending);
    case 'died':
      return restartOrFail(workplace, stored, ending.exit);
  }
}

function pauseOrFail(
  workplace: Workplace,
  room: Room,
  { run }: StoredRun,
  { failure, resumedFrom }: Ending & { kind: 'failed' },
): Changes {
  const { project, log } = workplace;
  if (resumedFrom && isProvenBroken(project, failure, resumedFrom)) {
    setAside(workplace, resumedFrom, failure);
    return change(project, run.id, { status: 'interrupted' });
  }
  const passes = mayPass(failure);
  logFailure(log, failure, failure, `run ${run.name} ${passes ? 'paused' : 'failed'}`);
  if (!passes) return endRun(project, run.id, { status: 'failed', failure });
  const told =
    failure.code === 'disk.full' ? room.waitFor(failure, checkpointBytes(project, run.id)) : failure;
  return change(project, run.id, { status: 'paused', failure: told });
}

/** What the next checkpoints of a run will take: the new one is written before the old one goes. */
export function checkpointBytes(project: ReadableProject, runId: string): number {
  return 2 * Math.max(0, ...listResumePoints(project, runId).map(({ bytes }) => bytes));
}

function restartOrFail({ project, log }: Workplace, { run, restarts }: StoredRun, exit: HostedExit): Changes {
  log.warn({ run: run.id, exit, restarts }, 'the trainer ended without a word');
  if (restarts < MOST_RESTARTS)
    return change(project, run.id, { status: 'interrupted', restarts: restarts + 1 });
  return endRun(project, run.id, {
    status: 'failed',
    failure: trainerDied(run.name, exit, MOST_RESTARTS + 1, DIED_REMEDY),
  });
}
