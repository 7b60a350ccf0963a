import { isAbsolute, join } from 'node:path';
import type { Question } from '../../contract/messages/questions.ts';
import type { QuestionProgress } from '../../contract/messages/trainer.ts';
import {
  checkpointFolder,
  findDataset,
  findModel,
  findRunOfCheckpoint,
  getCheckpoint,
  getDataset,
  getStudy,
  modelFolder,
  readSources,
  type ReadableProject,
  type StoredDataset,
} from '../../project/index.ts';
import { inputShapeOf, selectDataset } from '../datasets/selection.ts';
import { datasetsOf } from '../recipes/plan.ts';
import { PROGRAM_VERSION } from '../../host/version.ts';
import { requireAbsolute } from '../models/place.ts';
import { answer } from './answering.ts';

export const exportHandler = answer.model.export.handler(({ context, input, signal }) => {
  const { project, questions } = context.actions;
  const { source, format, encoderOnly, to, overwrite } = input;
  requireAbsolute(to);
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

export const embedHandler = answer.model.embed.handler(async ({ context, input, signal }) => {
  const { project, questions, events } = context.actions;
  const { id, source, from, format, to, overwrite } = input;
  requireAbsolute(to);
  const question = {
    source:
      source.kind === 'model' ? modelAt(project, source.model) : checkpointAt(project, source.checkpointId),
    from: from.kind === 'files' ? from : await samplesOf(project, source, from.datasetId),
    format,
    file: to,
    overwrite,
  };
  const onProgress = (progress: QuestionProgress) => events.publish({ type: 'predicting', id, progress });
  return questions.ask('embed', question, { onProgress, ...(signal && { signal }) });
});

async function samplesOf(
  project: ReadableProject,
  source: WeightsSource,
  datasetId: string,
): Promise<Question<'embed'>['from']> {
  const stored = getDataset(project, datasetId);
  const { selection } = await selectDataset(project, stored, shapeFor(project, source, stored));
  const sources = await readSources(project, stored.key, stored.dataset.sampleCount);
  return { kind: 'dataset', dataset: selection, sources };
}

type WeightsSource = { kind: 'model'; model: string } | { kind: 'checkpoint'; checkpointId: string };

/** What the encoder was trained on; the dataset's own shape where that is not known here, which the trainer looks at. */
function shapeFor(
  project: ReadableProject,
  source: WeightsSource,
  { dataset }: StoredDataset,
): readonly number[] {
  if (source.kind === 'model')
    return isAbsolute(source.model) ? dataset.shape : findModel(project, source.model).model.inputShape;
  const run = findRunOfCheckpoint(project, source.checkpointId)?.run;
  if (!run) return dataset.shape;
  const { recipe } = getStudy(project, run.studyId).study;
  return datasetsOf(recipe).every((name) => findDataset(project, name))
    ? inputShapeOf(project, recipe.data)
    : dataset.shape;
}

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
