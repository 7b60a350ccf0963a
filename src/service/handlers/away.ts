/** Runs that other machines compute: packed, handed over, and brought back. */
import { resolve } from 'node:path';
import { askEngine } from '../../bundle/engines/hand-over.ts';
import { listBundles } from '../../project/index.ts';
import { offerEngines } from '../elsewhere/offers.ts';
import { packStudy } from '../elsewhere/pack.ts';
import { submitBundle } from '../elsewhere/submit.ts';
import { takeStudyBack } from '../elsewhere/take-back.ts';
import { answer } from './answering.ts';

export const awayHandlers = {
  engines: answer.away.engines.handler(({ context, input }) =>
    offerEngines(context.actions.project.folder, input.studyId),
  ),
  pack: answer.away.pack.handler(async ({ context, input: { id, ...input }, signal }) => {
    const { actions } = context;
    const wish = { ...input, folder: resolve(input.folder) };
    const watch = { signal, onProgress: actions.events.tellAsker(id) };
    const { report, changes } = await packStudy(actions, actions.questions, wish, watch);
    actions.tell(changes);
    return report;
  }),
  submit: answer.away.submit.handler(({ context, input }) =>
    submitBundle(context.actions.project, { ...input, folder: resolve(input.folder) }),
  ),
  merge: answer.away.merge.handler(({ context, input }) =>
    context.actions.merging.merge(resolve(input.folder), input.id),
  ),
  bundles: answer.away.bundles.handler(({ context, input }) =>
    listBundles(context.actions.project, input.studyId),
  ),
  ask: answer.away.ask.handler(({ input }) => askEngine(resolve(input.folder), input.engine)),
  takeBack: answer.away.takeBack.handler(async ({ context, input }) => {
    const { actions } = context;
    const { changes, ...taken } = await takeStudyBack(actions, actions.merging, input.studyId);
    actions.tell(changes);
    return taken;
  }),
};
