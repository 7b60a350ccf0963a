import { isAbsolute, join } from 'node:path';
import { PretextError } from '../../contract/errors.ts';
import type { Question } from '../../contract/messages/questions.ts';
import {
  checkpointFolder,
  findModel,
  findRunOfCheckpoint,
  getCheckpoint,
  modelFolder,
  type ReadableProject,
} from '../../project/index.ts';
import { PROGRAM_VERSION } from '../workplace/version.ts';
import { answer } from './answering.ts';

export const exportHandler = answer.model.export.handler(({ context, input, signal }) => {
  const { project, questions } = context.actions;
  const { source, format, encoderOnly, to, overwrite } = input;
  if (!isAbsolute(to)) throw notAbsolute(to);
  const question = {
    source:
      source.kind === 'model' ? modelAt(project, source.model) : checkpointAt(project, source.checkpointId),
    format,
    encoderOnly,
    folder: to,
    overwrite,
    program: PROGRAM_VERSION,
  };
  return questions.ask('export', question, { ...(signal && { signal }) });
});

/** A path is the folder of a model wherever it lies; anything else is a name or an id in this project. */
function modelAt(project: ReadableProject, model: string): Question<'export'>['source'] {
  if (isAbsolute(model)) return { kind: 'model', folder: model };
  return { kind: 'model', folder: modelFolder(project.folder, findModel(project, model).model.id) };
}

function checkpointAt(project: ReadableProject, id: string): Question<'export'>['source'] {
  const { file, sha256 } = getCheckpoint(project, id);
  const name = findRunOfCheckpoint(project, id)?.run.name ?? id;
  return { kind: 'checkpoint', file: join(checkpointFolder(project.folder), file), sha256, name };
}

function notAbsolute(to: string): PretextError {
  return new PretextError({
    code: 'export.place',
    message: `A place to write to must be a whole path. Found: ${to}.`,
    place: to,
  });
}
