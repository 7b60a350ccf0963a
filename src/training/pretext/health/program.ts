/** The entries of a pretext run's program by which its health is looked at. None of them changes its state. */
import { normalizeChannels } from '../../../learning/channels.ts';
import type { PretextModel } from '../../../learning/pretext/task.ts';
import { randomView, usualViews } from '../../../learning/modalities/views.ts';
import type { Modality } from '../../../contract/recipe/recipe.ts';
import { childSeed, tf, type Entry, type TensorSpec } from '../../../tensor/index.ts';
import type { EmbeddingDesign } from '../../samples/embed.ts';
import { batchOf, pick, type GroupedNames } from '../../step/program.ts';
import { entriesForAll, type CallSizes } from '../../samples/reader.ts';

export const VIEWS = 'health-views';
export const LOSS = 'health-loss';

/** Views are made of so many samples at once. */
export const VIEW_CALLS: CallSizes = [64];

export interface HealthDesign extends Omit<EmbeddingDesign, 'batchSize'> {
  modality: Modality;
  /** The model that the loss on held-out samples is taken from, and how many it takes; null for no loss. */
  loss: { model: PretextModel; batchSize: number } | null;
}

export function healthEntries(design: HealthDesign, names: GroupedNames): Record<string, Entry> {
  return {
    ...entriesForAll(VIEWS, (batchSize) => viewsEntry({ ...design, batchSize }), VIEW_CALLS),
    ...(design.loss && { [LOSS]: lossEntry(design.loss, design.sample, names) }),
  };
}

/** Raw samples [N, …] to features of two views of each, one beside the other: [N, 2 · featureCount]. */
function viewsEntry(design: EmbeddingDesign & { modality: Modality }): Entry {
  const { encoder, channelStatistics, sample, batchSize, modality } = design;
  return {
    inputs: { samples: batchOf(sample, batchSize), seed: { shape: [2], dtype: 'int32' } },
    run(state, { samples, seed }) {
      const featuresOf = (name: string) => {
        const view = randomView(samples!, childSeed(seed!, name), usualViews(modality), channelStatistics);
        const x = normalizeChannels(view, channelStatistics);
        return encoder.apply({ parameters: state, statistics: state }, x, { training: false }).features;
      };
      return { state: {}, outputs: { features: tf.concat([featuresOf('first'), featuresOf('second')], 1) } };
    },
  };
}

/** The pretext loss as it is outside of training: with the moving statistics, and moving nothing. */
function lossEntry(
  { model, batchSize }: NonNullable<HealthDesign['loss']>,
  sample: TensorSpec,
  names: GroupedNames,
): Entry {
  return {
    inputs: {
      samples: batchOf(sample, batchSize),
      seed: { shape: [2], dtype: 'int32' },
      progress: { shape: [], dtype: 'float32' },
    },
    run(state, { samples, seed, progress }) {
      const { loss } = model.loss({
        parameters: pick(state, names.parameters),
        statistics: pick(state, names.statistics),
        buffers: pick(state, names.buffers),
        samples: samples!,
        seed: seed!,
        progress: progress!,
        training: false,
      });
      return { state: {}, outputs: { loss } };
    },
  };
}
