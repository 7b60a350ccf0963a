import { findKept, listKept, removeKept } from '../models/kept.ts';
import { explain } from '../models/explain.ts';
import { predict } from '../models/predict.ts';
import { answer } from './answering.ts';
import { embedHandler, exportHandler } from './export.ts';

export const modelHandlers = {
  list: answer.model.list.handler(({ context }) => listKept(context.actions.project)),
  find: answer.model.find.handler(({ context, input }) => findKept(context.actions.project, input.model)),
  remove: answer.model.remove.handler(({ context, input }) => {
    removeKept(context.actions, input.modelId);
    return {};
  }),
  make: answer.model.make.handler(({ context, input }) => context.actions.makeModel(input)),
  predict: answer.model.predict.handler(({ context, input, signal }) => {
    const { project, questions, events } = context.actions;
    const { id, ...wishes } = input;
    return predict(project, questions, wishes, { signal, onProgress: events.tellAsker(id) });
  }),
  explain: answer.model.explain.handler(({ context, input, signal }) => {
    const { project, questions } = context.actions;
    return explain(project, questions, input, signal);
  }),
  export: exportHandler,
  embed: embedHandler,
};
