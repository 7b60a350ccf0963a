import { findTransfer, getRun, listCheckpoints, listRuns, readMetrics } from '../../project/index.ts';
import type { RequestAction } from '../../project/index.ts';
import type { Actions } from '../requests.ts';
import { answer } from './answering.ts';

export const runHandlers = {
  list: answer.run.list.handler(({ context }) => listRuns(context.actions.project)),
  get: answer.run.get.handler(({ context, input }) => {
    const { project } = context.actions;
    const { run, config } = getRun(project, input.runId);
    return {
      run,
      checkpoints: listCheckpoints(project, run.id),
      transfer: findTransfer(project, run.id),
      config,
    };
  }),
  metrics: answer.run.metrics.handler(({ context, input }) => {
    const { project } = context.actions;
    return readMetrics(project, getRun(project, input.runId).run.id);
  }),
  pause: answer.run.pause.handler(({ context, input }) => carryOut(context.actions, 'pause', input.runId)),
  resume: answer.run.resume.handler(({ context, input }) => carryOut(context.actions, 'resume', input.runId)),
  pauseAll: answer.run.pauseAll.handler(({ context, input }) =>
    forAll(context.actions, 'pause', input.studyId),
  ),
  resumeAll: answer.run.resumeAll.handler(({ context, input }) =>
    forAll(context.actions, 'resume', input.studyId),
  ),
  cancel: answer.run.cancel.handler(({ context, input }) => carryOut(context.actions, 'cancel', input.runId)),
};

async function forAll(actions: Actions, action: 'pause' | 'resume', studyId?: string) {
  await actions.request({ action, ...(studyId && { studyId }) });
  return listRuns(actions.project).filter((run) => !studyId || run.studyId === studyId);
}

/** `idOrName`: a run can be called by either. */
async function carryOut(actions: Actions, action: RequestAction, idOrName: string) {
  const { run } = getRun(actions.project, idOrName);
  await actions.request({ action, runId: run.id });
  return getRun(actions.project, run.id).run;
}
