/** One view of a batch of samples of either kind: what pretext tasks and fine-tuning call. */
import { tf, type Tensor } from '../../tensor/index.ts';
import type { ChannelStatistics } from '../channels.ts';
import { applyImageView, sampleImageView, type ImageViewOptions } from './image.ts';
import { applySignalView, sampleSignalView, type SignalViewOptions } from './signal.ts';

/** Options of one kind of view; which one is decided by the modality. */
export type ViewOptions =
  | {
      modality: 'image';
      options: ImageViewOptions;
      /** [H, W] of the view, for multi-crop. */ size?: readonly [number, number];
    }
  | { modality: 'signal'; options: SignalViewOptions };

/**
 * Draws and applies one random view of each sample.
 *
 * @param samples raw: uint8 or float32 [N, H, W, C] from 0 to 255, or float32 [N, L, C]
 * @param seed int32 [2]; the same seed gives the same view
 * @returns float32 in stored units, of the samples' shape (or of the size asked for)
 */
export function randomView(
  samples: Tensor,
  seed: Tensor,
  view: ViewOptions,
  statistics: ChannelStatistics,
): Tensor {
  return tf.tidy(() => {
    const [count, ...shape] = samples.shape as [number, ...number[]];
    if (view.modality === 'signal') {
      const draw = sampleSignalView(seed, count, shape, view.options);
      return applySignalView(samples, draw, view.options, statistics);
    }
    const size = { input: shape, output: view.size };
    const draw = sampleImageView(seed, count, size, view.options);
    return applyImageView(samples, draw, size, view.options, statistics);
  });
}
