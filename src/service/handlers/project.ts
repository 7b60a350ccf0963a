import { renameProject } from '../../project/index.ts';
import { checkWithSamples } from '../datasets/check.ts';
import { os } from './answering.ts';

export const projectHandlers = {
  get: os.project.get.handler(({ context }) => context.actions.describe()),
  check: os.project.check.handler(({ context }) => checkWithSamples(context.actions.project)),
  rename: os.project.rename.handler(({ context, input }) => {
    const { actions } = context;
    renameProject(actions.project, input.name);
    const project = actions.describe();
    actions.events.publish({ type: 'project', project });
    return project;
  }),
};
