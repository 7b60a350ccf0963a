/** The encoder's weights from a checkpoint, with what is needed to use them. */
import { z } from 'zod';
import type { StateArrays } from '../../tensor/index.ts';
import type { ChannelStatistics } from '../../learning/channels.ts';
import { readCheckpoint, requireNotes } from './file.ts';

const descriptionSchema = z.object({
  channelStatistics: z.object({ mean: z.array(z.number()), standardDeviation: z.array(z.number()) }),
});

export interface PretrainedWeights {
  tensors: StateArrays;
  /** The scale that samples had in pretraining: the encoder must go on seeing them so. */
  channelStatistics: ChannelStatistics;
}

export async function readPretrainedWeights(checkpoint: {
  file: string;
  sha256: string;
}): Promise<PretrainedWeights> {
  const { tensors, metadata } = await readCheckpoint(checkpoint.file, checkpoint.sha256);
  return { tensors, ...requireNotes(descriptionSchema, metadata, checkpoint.file) };
}
