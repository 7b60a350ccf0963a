/** What a model of the project answers: asked of a warm trainer, which does the reading and writing itself. */
import type { Question } from '../../contract/messages/questions.ts';
import type { QuestionProgress } from '../../contract/messages/trainer.ts';
import { togetherSteps } from '../../contract/data/harmonise-step.ts';
import { describeModality } from '../../contract/data/modality.ts';
import { PretextError } from '../../contract/errors.ts';
import type { Model } from '../../contract/model/model.ts';
import type { PredictionOutput, Predictions, PredictionSource } from '../../contract/model/prediction.ts';
import type { StretchOutput } from '../../contract/model/stretches.ts';
import { getDataset, readSources, type ReadableProject, type StoredDataset } from '../../project/index.ts';
import { selectDataset } from '../datasets/selection.ts';
import type { Questions } from '../trainers/questions.ts';
import { findAnswering } from './kept.ts';

export interface PredictWishes {
  /** Id or name. */
  model: string;
  /** The dataset whose head is meant; needed where the model has several. */
  head?: string | undefined;
  from: PredictionSource;
  output: PredictionOutput | null;
  stretches?: StretchOutput | undefined;
  rows: number;
  pictures: boolean;
}

export async function predict(
  project: ReadableProject,
  questions: Pick<Questions, 'ask'>,
  { model: wanted, head, from, ...wishes }: PredictWishes,
  options: { signal?: AbortSignal | undefined; onProgress(progress: QuestionProgress): void },
): Promise<Predictions> {
  const { model, folder } = findAnswering(project, wanted, head);
  const samples = from.kind === 'files' ? from : await samplesOf(project, from.datasetId, model);
  const { signal, onProgress } = options;
  const question = { model: folder, head, from: samples, ...wishes };
  return questions.ask('predict', question, { onProgress, ...(signal && { signal }) });
}

async function samplesOf(
  project: ReadableProject,
  datasetId: string,
  model: Model,
): Promise<Question<'predict'>['from']> {
  const stored = getDataset(project, datasetId);
  requireSuch(stored, model);
  const steps = togetherSteps(model.preparation.steps) ?? undefined;
  const { selection } = await selectDataset(project, stored, model.inputShape, {
    steps,
    byRecording: model.preparation.scaledByRecording === true,
  });
  return {
    kind: 'dataset',
    dataset: selection,
    sources: await readSources(project, stored.key, stored.dataset.sampleCount),
  };
}

/** Throws where samples of the dataset are not such as the model was trained on. */
function requireSuch({ dataset }: StoredDataset, { modality, preparation, about }: Model): void {
  const { channelNames, samplingRate, stored } = preparation;
  const columns = preparation.columns ?? about.columns;
  const refuse = (code: string, message: string) => {
    throw new PretextError({
      code,
      message,
      place: dataset.name,
      remedy: 'Choose a dataset of the same kind, channels and rate, or import it again so that it has them.',
    });
  };
  if (dataset.modality !== modality)
    refuse(
      'model.other-kind',
      `The model answers ${modality}s; “${dataset.name}” holds ${dataset.modality}s.`,
    );
  const coded = (list: typeof columns) =>
    JSON.stringify(list?.map((column) => [column.name, 'categories' in column ? column.categories : null]));
  if (columns && coded(columns) !== coded(dataset.columns))
    refuse(
      'model.other-columns',
      `“${dataset.name}” has other columns or categories than the table that the model was trained on.`,
    );
  if (channelNames && dataset.channelNames && channelNames.join('\n') !== dataset.channelNames.join('\n'))
    refuse(
      'model.other-channels',
      `The model was trained on ${channelNames.join(', ')}; “${dataset.name}” has ${dataset.channelNames.join(', ')}.`,
    );
  if (togetherSteps(preparation.steps) && stored.shape.join() !== dataset.shape.join())
    refuse(
      'model.other-shape',
      `The model was trained on ${describeModality(modality).describeShape(stored.shape)}; “${dataset.name}” holds ${describeModality(modality).describeShape(dataset.shape)}.`,
    );
  if (samplingRate !== null && dataset.samplingRate !== undefined && dataset.samplingRate !== samplingRate)
    refuse(
      'model.other-rate',
      `The model was trained at ${samplingRate} Hz; “${dataset.name}” holds ${dataset.samplingRate} samples a second.`,
    );
}
