/** Features of several views of the same samples. */
import { tf, type Tensor } from '../../../tensor/index.ts';
import type { Encoder } from '../../encoders/encoder.ts';
import type { PretextStep } from '../task.ts';

/**
 * @param views float32 [N, …inputShape] each, normalised
 * @returns [views · N, featureCount], the first view's first
 */
export function featuresOfViews(
  encoder: Encoder,
  encode: PretextStep['encode'],
  views: readonly Tensor[],
): Tensor {
  if (!encoder.takesViewsApart) return encode(tf.concat([...views], 0)).features;
  return tf.concat(
    views.map((view) => encode(view).features),
    0,
  );
}
