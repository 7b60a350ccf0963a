import { isAbsolute, join } from 'node:path';
import type { Question } from '../../contract/messages/questions.ts';
import { togetherSteps, type HarmoniseStep } from '../../contract/data/harmonise-step.ts';
import {
  checkpointFolder,
  findDataset,
  findRunOfCheckpoint,
  getCheckpoint,
  getDataset,
  getStudy,
  readSources,
  type ReadableProject,
  type StoredDataset,
} from '../../project/index.ts';
import { formOf, selectDataset } from '../datasets/selection.ts';
import { datasetsOf } from '../recipes/plan.ts';
import { PROGRAM_VERSION } from '../../host/version.ts';
import { findAnswering } from '../models/kept.ts';
import { requireAbsolute } from '../models/place.ts';
import { answer } from './answering.ts';

export const exportHandler = answer.model.export.handler(({ context, input, signal }) => {
  const { project, questions } = context.actions;
  const { source, format, encoderOnly, to, overwrite } = input;
  requireAbsolute(to);
  const question = {
    source: source.kind === 'model' ? modelAt(project, source) : checkpointAt(project, source.checkpointId),
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
    source: source.kind === 'model' ? modelAt(project, source) : checkpointAt(project, source.checkpointId),
    from: from.kind === 'files' ? from : await samplesOf(project, source, from.datasetId),
    format,
    file: to,
    overwrite,
  };
  return questions.ask('embed', question, {
    onProgress: events.tellAsker(id),
    ...(signal && { signal }),
  });
});

async function samplesOf(
  project: ReadableProject,
  source: WeightsSource,
  datasetId: string,
): Promise<Question<'embed'>['from']> {
  const stored = getDataset(project, datasetId);
  const { shape, ...form } = formFor(project, source, stored);
  const { selection } = await selectDataset(project, stored, shape, form);
  const sources = await readSources(project, stored.key, stored.dataset.sampleCount);
  return { kind: 'dataset', dataset: selection, sources };
}

type WeightsSource =
  { kind: 'model'; model: string; head?: string | undefined } | { kind: 'checkpoint'; checkpointId: string };

/** What the encoder was trained on; the dataset's own shape where that is not known here, which the trainer looks at. */
function formFor(
  project: ReadableProject,
  source: WeightsSource,
  { dataset }: StoredDataset,
): { shape: readonly number[]; steps?: readonly HarmoniseStep[] | undefined; byRecording?: boolean } {
  if (source.kind === 'model') {
    if (isAbsolute(source.model)) return { shape: dataset.shape };
    const { inputShape, preparation, trainedOn } = findAnswering(project, source.model, source.head).model;
    const steps = trainedOn.datasetId === dataset.id ? togetherSteps(preparation.steps) : null;
    const byRecording = preparation.scaledByRecording === true;
    return { shape: inputShape, byRecording, ...(steps && { steps }) };
  }
  const found = findRunOfCheckpoint(project, source.checkpointId);
  if (!found) return { shape: dataset.shape };
  const { data } = found.config;
  const { recipe } = getStudy(project, found.run.studyId).study;
  if (!datasetsOf({ ...recipe, data }).every((name) => findDataset(project, name)))
    return { shape: dataset.shape };
  const { shape, steps } = formOf(project, data);
  return { shape, steps: steps?.[dataset.name], byRecording: data.scale === 'recording' };
}

/** A path is the folder of a model wherever it lies; anything else is a name or an id in this project. */
function modelAt(
  project: ReadableProject,
  { model, head }: Extract<WeightsSource, { kind: 'model' }>,
): Question<'export'>['source'] {
  const folder = isAbsolute(model) ? model : findAnswering(project, model, head).folder;
  return { kind: 'model', folder, head };
}

function checkpointAt(project: ReadableProject, id: string): Question<'export'>['source'] {
  const { file, sha256 } = getCheckpoint(project, id);
  const name = findRunOfCheckpoint(project, id)?.run.name ?? id;
  return { kind: 'checkpoint', file: join(checkpointFolder(project.folder), file), sha256, name };
}
