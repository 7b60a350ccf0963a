import { renameProject } from '../../project/index.ts';
import { checkWithSamples } from '../datasets/check.ts';
import { answer } from './answering.ts';

export const projectHandlers = {
  get: answer.project.get.handler(({ context }) => context.actions.describe()),
  check: answer.project.check.handler(({ context }) => checkWithSamples(context.actions.project)),
  rename: answer.project.rename.handler(({ context, input }) => {
    const { actions } = context;
    renameProject(actions.project, input.name);
    const project = actions.describe();
    actions.events.publish({ type: 'project', project });
    return project;
  }),
};
