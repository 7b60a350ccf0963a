/** Stored samples in, a model's answers out: calibrated probabilities or numbers, features, and how new each is to it. */
import { computedType, type SampleType } from '../../contract/data/sample-values.ts';
import { scalesOf, type Model } from '../../contract/model/model.ts';
import { headNames } from '../../contract/model/prediction.ts';
import { statisticsFor } from '../../learning/channels.ts';
import { buildDownstreamModel, type DownstreamModel } from '../../learning/downstream/model.ts';
import { buildEncoder } from '../../learning/encoders/registry.ts';
import { withTemperature } from '../../learning/evaluation/predictions/calibration.ts';
import type { FeatureMatrix } from '../../learning/evaluation/probes/features.ts';
import { noveltyOf, type Nearest } from '../../learning/evaluation/predictions/novelty.ts';
import { headKind } from '../../learning/downstream/head.ts';
import type { Program } from '../../tensor/index.ts';
import { outputsOver, type StoredSamples } from '../samples/reader.ts';
import type { LoadedModel } from './load.ts';
import { compileModel } from './program.ts';
import { restored } from './scales.ts';

export interface Answers {
  /** Row-major: [samples, …] calibrated probabilities of classes or labels, or numbers in their own unit. */
  values: Float64Array;
  /** Columns of `values`. */
  width: number;
  /** Of the first member: the reference holds those. */
  features: FeatureMatrix;
  /** One for each sample; null where the model has no reference. */
  nearest: Nearest[] | null;
}

export interface Answerer {
  readonly loaded: LoadedModel;
  answer(samples: StoredSamples, indices: Int32Array): Promise<Answers>;
  close(): void;
}

/** How many values a model answers for a sample. */
export function answerWidth(head: Model['head']): number {
  return head.kind === 'number' ? 1 : headNames(head).length;
}

/** Probabilities by a temperature: of classes together, of labels each by itself. */
export function cooled(
  { kind }: Model['head'],
  values: ArrayLike<number>,
  width: number,
  temperature: number,
): Float64Array {
  if (kind !== 'labels') return withTemperature(values, width, temperature);
  const pairs = Float64Array.from({ length: 2 * values.length }, (_, i) =>
    i % 2 === 0 ? 1 - values[i >> 1]! : values[i >> 1]!,
  );
  return withTemperature(pairs, 2, temperature).filter((_, i) => i % 2 === 1);
}

/** The network of a model, without its weights. */
export function networkOf({
  encoder,
  head,
  modality,
  inputShape,
  about,
  channelStatistics,
}: Model): DownstreamModel {
  return buildDownstreamModel({
    encoder: buildEncoder(encoder, modality, inputShape, about),
    // The scale of each member's own labels is put on afterwards.
    head: headKind(head.kind, answerWidth(head)),
    modality,
    augmentation: 'none',
    channelStatistics: statisticsFor(channelStatistics, about),
  });
}

/**
 * Compiles the model. TensorFlow has been started.
 *
 * @param dtype how the samples that it will get are stored
 */
export function createAnswerer(loaded: LoadedModel, dtype: SampleType): Answerer {
  const { model, weights, reference } = loaded;
  const sample = { shape: model.inputShape, dtype: computedType(dtype) };
  const program = compileModel(networkOf(model), sample, weights[0]!);
  return {
    loaded,
    async answer(samples, indices) {
      const { values, width, features } = await averaged(program, loaded, samples, indices);
      const nearest =
        reference && model.reference ? noveltyOf(reference.features, model.reference, features) : null;
      const { temperature } = model;
      const calibrated = temperature === null ? values : cooled(model.head, values, width, temperature);
      return { values: calibrated, width, features, nearest };
    },
    close: () => program.dispose(),
  };
}

/** The mean of the members' answers, numbers in their own unit; and the first member's features. */
async function averaged(
  program: Program,
  { model, weights }: LoadedModel,
  dataset: StoredSamples,
  indices: Int32Array,
): Promise<Pick<Answers, 'values' | 'width' | 'features'>> {
  const width = answerWidth(model.head);
  const values = new Float64Array(indices.length * width);
  let features: FeatureMatrix = { values: new Float32Array(0), rows: 0, columns: 0 };
  for (const [place, member] of model.members.entries()) {
    if (weights.length > 1) program.writeState(weights[place]!);
    const outputs = ['answers', 'features'] as const;
    const found = await outputsOver({ program, entry: 'predict', outputs, dataset, indices });
    restored(found.answers.values, scalesOf(member)).forEach((value, i) => {
      values[i]! += value / model.members.length;
    });
    if (place === 0)
      features = {
        values: found.features.values,
        rows: indices.length,
        columns: found.features.width,
      };
  }
  return { values, width, features };
}
