/** Training settings that several tasks propose, by the amount of data. */
import { learningModality } from '../../modalities/registry.ts';
import type { DataContext, ProposedTraining } from '../task.ts';

export type ViewTraining = Required<
  Pick<ProposedTraining, 'batchSize' | 'learningRate' | 'epochs' | 'warmupEpochs'>
>;

/**
 * For tasks that compare two views without negatives: at least ten steps an epoch, and batches no larger than that
 * needs: many steps are worth more than large batches.
 */
export function stepsSuit({ modality, sampleCount }: DataContext): ViewTraining {
  return {
    batchSize: sampleCount >= 2560 ? 128 : 64,
    learningRate: 0.002,
    ...learningModality(modality).training.twoViews,
    warmupEpochs: 1,
  };
}

/**
 * For tasks that see each sample once in an epoch: more epochs than where two views are compared, as each takes half
 * the time.
 */
export function oneViewSuits(sampleCount: number): ViewTraining {
  return { batchSize: sampleCount >= 1280 ? 128 : 64, learningRate: 0.002, epochs: 40, warmupEpochs: 1 };
}

/** However many windows are shown for each, every sample is asked about a few times. */
const FEWEST_EPOCHS = 4;

/**
 * For tasks that look at so many windows of a recording for each sample: batches that hold as many windows as those of
 * other tasks hold views, and as many windows over a run as a contrast of two views shows.
 */
export function windowTraining({ modality, sampleCount }: DataContext, windows: number): ViewTraining {
  const one = oneViewSuits(sampleCount);
  const { epochs } = learningModality(modality).training.contrast;
  return {
    ...one,
    batchSize: one.batchSize / 2,
    epochs: Math.max(FEWEST_EPOCHS, Math.round((2 * epochs) / windows)),
  };
}
