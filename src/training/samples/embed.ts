/** Embedding: raw samples to the features that the encoder finds in them. */
import { normalizeChannels, type ChannelStatistics } from '../../learning/channels.ts';
import type { Encoder } from '../../learning/encoders/encoder.ts';
import type { Entry, TensorSpec } from '../../tensor/index.ts';
import { batchOf } from '../step/program.ts';

export interface EmbeddingDesign {
  encoder: Encoder;
  channelStatistics: ChannelStatistics;
  sample: TensorSpec;
  batchSize: number;
}

/** Raw samples [N, …] to features [N, featureCount], with the moving statistics. */
export function embedEntry({ encoder, channelStatistics, sample, batchSize }: EmbeddingDesign): Entry {
  return {
    inputs: { samples: batchOf(sample, batchSize) },
    run(state, inputs) {
      const x = normalizeChannels(inputs['samples']!, channelStatistics);
      const { features } = encoder.apply({ parameters: state, statistics: state }, x, { training: false });
      return { state: {}, outputs: { features } };
    },
  };
}
