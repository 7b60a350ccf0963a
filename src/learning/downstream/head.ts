/** Heads of downstream models: what they answer, and how far an answer is from its target. */
import { softmaxCrossEntropy, tf, type Scalar, type Tensor } from '../../tensor/index.ts';
import { linearHead } from '../layers/dense.ts';
import type { Layer } from '../layers/layer.ts';

/** Classes, or numbers whose training values have that mean and standard deviation. */
export type HeadKind =
  { kind: 'softmax'; classCount: number } | { kind: 'linear'; targetMean: number; targetDeviation: number };

export interface Head {
  layer: Layer;
  /** What a target is: int32 [N] class ids, or float32 [N] numbers in their own unit. */
  targetType: 'int32' | 'float32';
  /**
   * Mean loss over the batch.
   *
   * @param raw what the layer gave, float32 [N, outputs]
   * @param weights float32 [N]; the weighted mean is taken
   */
  loss(raw: Tensor, targets: Tensor, weights: Tensor): Scalar;
  /** Class probabilities [N, classes], or numbers in their own unit [N, 1]. */
  answer(raw: Tensor): Tensor;
}

const weightedMean = (values: Tensor, weights: Tensor) =>
  tf.div(tf.sum(tf.mul(values, weights)), tf.maximum(tf.sum(weights), 1e-12)) as Scalar;

/** A linear layer on the features; softmax and cross entropy for classes, squared error for numbers. */
export function createHead(head: HeadKind, featureCount: number): Head {
  if (head.kind === 'softmax')
    return {
      layer: linearHead('head', featureCount, head.classCount),
      targetType: 'int32',
      loss: (raw, targets, weights) => weightedMean(softmaxCrossEntropy(raw, targets), weights),
      answer: (raw) => tf.softmax(raw),
    };
  const deviation = head.targetDeviation > 0 ? head.targetDeviation : 1;
  return {
    layer: linearHead('head', featureCount, 1),
    targetType: 'float32',
    // Learned on the scale of deviation 1, so that one learning rate suits all units.
    loss: (raw, targets, weights) => {
      const scaled = tf.div(tf.sub(targets, head.targetMean), deviation);
      return weightedMean(tf.squaredDifference(tf.reshape(raw, [-1]), scaled), weights);
    },
    answer: (raw) => tf.add(tf.mul(raw, deviation), head.targetMean),
  };
}
