/** Runs that other machines compute: packed, and brought back. */
import { resolve } from 'node:path';
import { packStudy } from '../elsewhere/pack.ts';
import { answer } from './answering.ts';

export const awayHandlers = {
  pack: answer.away.pack.handler(async ({ context, input }) => {
    const { actions } = context;
    const folder = resolve(input.folder);
    const { report, changes } = await packStudy(actions, actions.questions, { ...input, folder });
    actions.tell(changes);
    return report;
  }),
  merge: answer.away.merge.handler(({ context, input }) =>
    context.actions.merging.merge(resolve(input.folder)),
  ),
};
