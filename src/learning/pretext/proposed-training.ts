/** Training settings for tasks that compare two views without negatives, by the amount of data. */
import type { DataContext, ProposedTraining } from './task.ts';

export type ViewTraining = Required<
  Pick<ProposedTraining, 'batchSize' | 'learningRate' | 'epochs' | 'warmupEpochs'>
>;

/**
 * At least ten steps an epoch, and batches no larger than that needs: without negatives many steps are worth
 * more than large batches.
 */
export function stepsSuit({ modality, sampleCount }: DataContext): ViewTraining {
  return {
    batchSize: sampleCount >= 2560 ? 128 : 64,
    learningRate: 0.002,
    epochs: modality === 'image' ? 30 : 20,
    warmupEpochs: 1,
  };
}
