import { findKept, listKept, removeKept } from '../models/kept.ts';
import { predict } from '../models/predict.ts';
import { os } from './answering.ts';
import { exportHandler } from './export.ts';

export const modelHandlers = {
  list: os.model.list.handler(({ context }) => listKept(context.actions.project)),
  find: os.model.find.handler(({ context, input }) => findKept(context.actions.project, input.model)),
  remove: os.model.remove.handler(({ context, input }) => {
    removeKept(context.actions, input.modelId);
    return {};
  }),
  predict: os.model.predict.handler(({ context, input, signal }) => {
    const { project, questions, events } = context.actions;
    const { id, ...wishes } = input;
    return predict(project, questions, wishes, {
      signal,
      onProgress: (progress) => events.publish({ type: 'predicting', id, progress }),
    });
  }),
  export: exportHandler,
};
