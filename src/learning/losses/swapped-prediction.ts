/** The loss of SwAV (Caron et al. 2020): the code of one view must be predicted from the others. */
import {
  meanOfAll,
  ownRows,
  softmaxCrossEntropySoft,
  stopGradient,
  tf,
  wholeBatch,
  type Scalar,
  type Tensor,
} from '../../tensor/index.ts';
import { agreement } from './nt-xent.ts';
import { sinkhorn, type SinkhornOptions } from './sinkhorn.ts';

/** Similarities of normalised embeddings and normalised prototypes, K columns each. */
export interface PrototypeScores {
  /** float32 [N, K] for each of the two large views. */
  large: readonly [Tensor, Tensor];
  /** float32 [n · N, K]: the first small view of every sample, then the second of every sample, and so on. */
  small?: Tensor | null;
  /** Older samples, which make codes of small batches balanced: for each large view float32 [Q, K]. */
  queue?: { scores: readonly [Tensor, Tensor]; weights: readonly [Tensor, Tensor] };
}

export interface SwappedPredictionOptions extends SinkhornOptions {
  temperature: number;
}

/**
 * Mean over both large views of the cross entropy between the view's code and what each other view predicts.
 * No gradient flows through the codes.
 *
 * @returns the loss; how often the second view's likeliest prototype is that of the first view's code; and how
 *   many prototypes the predictions use, as a share (perplexity of their mean); and these predictions of the second view,
 *   float32 [N, K]
 */
export function swappedPrediction(
  scores: PrototypeScores,
  options: SwappedPredictionOptions,
): { loss: Scalar; accuracy: Scalar; prototypeUse: Scalar; predictions: Tensor } {
  const { large, small } = scores;
  const [samples, prototypes] = large[0].shape as [number, number];
  const smallViews = small ? small.shape[0]! / samples : 0;
  const predict = (view: Tensor, code: Tensor) =>
    tf.mean(softmaxCrossEntropySoft(tf.div(view, options.temperature), code));
  const codes = [0, 1].map((view) => codeOf(scores, view as 0 | 1, options));
  const parts = codes.map((code, view) => {
    const swapped = predict(large[1 - view]!, code);
    if (!small) return swapped;
    const repeated = tf.tile(code, [smallViews, 1]);
    return tf.div(tf.add(swapped, tf.mul(predict(small, repeated), smallViews)), 1 + smallViews);
  });
  const predictions = tf.softmax(tf.div(stopGradient(large[1]), options.temperature));
  const mean = meanOfAll(tf.mean(predictions, 0));
  const entropy = tf.neg(tf.sum(tf.mul(mean, tf.log(tf.maximum(mean, 1e-12)))));
  return {
    loss: tf.div(tf.addN(parts), parts.length) as Scalar,
    accuracy: agreement(large[1], tf.argMax(codes[0]!, 1)),
    prototypeUse: tf.div(tf.exp(entropy), prototypes) as Scalar,
    predictions,
  };
}

function codeOf({ large, queue }: PrototypeScores, view: 0 | 1, options: SinkhornOptions): Tensor {
  const own = wholeBatch(stopGradient(large[view]));
  if (!queue) return stopGradient(ownRows(sinkhorn(own, options)));
  const [samples, prototypes] = own.shape as [number, number];
  const all = tf.concat([own, stopGradient(queue.scores[view])], 0);
  const weights = tf.concat([tf.ones([samples]), queue.weights[view]], 0);
  const codes = sinkhorn(all, options, stopGradient(weights));
  return stopGradient(ownRows(tf.slice(codes, [0, 0], [samples, prototypes])));
}
