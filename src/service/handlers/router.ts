/** Every action of the contract with its handler; the compiler asks for a missing one. */
import { adviceFor } from '../tournament/advice.ts';
import { doctor } from '../../machine/doctor.ts';
import { buildCatalogue } from '../recipes/catalogue.ts';
import { listAllCheckpoints } from '../../project/index.ts';
import { changeMachine, readMachine } from '../../machine/settings.ts';
import { requirePossible } from '../studies/start.ts';
import { planTournament } from '../tournament/plan.ts';
import { answer } from './answering.ts';
import { awayHandlers } from './away.ts';
import { datasetHandlers } from './dataset.ts';
import { previewHandler } from './preview.ts';
import { gpuPackHandlers } from './gpu-pack.ts';
import { projectHandlers } from './project.ts';
import { modelHandlers } from './model.ts';
import { runHandlers } from './run.ts';
import { studyHandlers } from './study.ts';

export const router = answer.router({
  project: projectHandlers,
  catalogue: answer.catalogue.handler(() => buildCatalogue()),
  doctor: answer.doctor.handler(({ context }) =>
    doctor(context.actions.host, context.actions.project.folder),
  ),
  machine: {
    get: answer.machine.get.handler(() => readMachine()),
    set: answer.machine.set.handler(({ input }) => changeMachine(input)),
  },
  gpuPack: gpuPackHandlers,
  events: answer.events.handler(({ context, signal }) => context.actions.events.subscribe(signal)),
  advise: answer.advise.handler(({ context, input }) => {
    const { pretrain, finetune, includeHeldOut, together, ...wishes } = input;
    const data = { import: {}, pretrain, finetune, includeHeldOut, together, color: 'auto' as const };
    return adviceFor(context.actions.project, data, wishes);
  }),
  planTournament: answer.planTournament.handler(({ context, input }) => {
    const { project } = context.actions;
    requirePossible(project, input.recipe);
    return planTournament(project, input.recipe);
  }),
  dataset: datasetHandlers,
  preview: previewHandler,
  study: studyHandlers,
  run: runHandlers,
  model: modelHandlers,
  away: awayHandlers,
  checkpoint: {
    list: answer.checkpoint.list.handler(({ context }) => listAllCheckpoints(context.actions.project)),
  },
});
