/** Heads of downstream models: what they answer, and how far an answer is from its target. */
import { softmaxCrossEntropy, tf, type Scalar, type Tensor } from '../../tensor/index.ts';
import type { Target } from '../../contract/data/target.ts';
import { linearHead } from '../layers/dense.ts';
import { binaryCrossEntropy } from '../losses/binary-cross-entropy.ts';
import type { Layer } from '../layers/layer.ts';

/** Classes; a number whose training values have that mean and standard deviation; several labels, or numbers. */
export type HeadKind =
  | { kind: 'softmax'; classCount: number }
  | { kind: 'linear'; targetMean: number; targetDeviation: number }
  | { kind: 'sigmoid'; labelCount: number }
  /** One for each of several numbers. */
  | { kind: 'linears'; targetMeans: readonly number[]; targetDeviations: readonly number[] };

/**
 * The head for labels of a kind, where numbers come to it on the scale of deviation 1.
 *
 * @param width classes, or several labels or numbers
 */
export function headKind(target: Target, width: number): HeadKind {
  switch (target) {
    case 'classes':
      return { kind: 'softmax', classCount: width };
    case 'labels':
      return { kind: 'sigmoid', labelCount: width };
    case 'number':
      return { kind: 'linear', targetMean: 0, targetDeviation: 1 };
    case 'numbers': {
      const each = (value: number) => new Array<number>(width).fill(value);
      return { kind: 'linears', targetMeans: each(0), targetDeviations: each(1) };
    }
  }
}

export interface Head {
  layer: Layer;
  /** What a target is: int32 [N] class ids, or float32 [N] numbers in their own unit; of several float32 [N, width]. */
  targetType: 'int32' | 'float32';
  /** How many targets a sample has, where it has several: null for one. */
  targetWidth: number | null;
  /**
   * Mean loss over the batch.
   *
   * @param raw what the layer gave, float32 [N, outputs]
   * @param weights float32 [N], of several targets [N, width], 0 where one is not known; the weighted mean is taken
   */
  loss(raw: Tensor, targets: Tensor, weights: Tensor): Scalar;
  /** Probabilities of classes or labels [N, …], or numbers in their own unit [N, 1] or [N, width]. */
  answer(raw: Tensor): Tensor;
}

const weightedMean = (values: Tensor, weights: Tensor) =>
  tf.div(tf.sum(tf.mul(values, weights)), tf.maximum(tf.sum(weights), 1e-12)) as Scalar;

/**
 * A linear layer on the features; softmax and cross entropy for classes, a sigmoid and binary cross entropy for each of
 * several labels, squared error for numbers.
 *
 * @param name of its variables, where a model has several heads
 */
export function createHead(head: HeadKind, featureCount: number, name = 'head'): Head {
  if (head.kind === 'softmax')
    return {
      layer: linearHead(name, featureCount, head.classCount),
      targetType: 'int32',
      targetWidth: null,
      loss: (raw, targets, weights) => weightedMean(softmaxCrossEntropy(raw, targets), weights),
      answer: (raw) => tf.softmax(raw),
    };
  if (head.kind === 'sigmoid')
    return {
      layer: linearHead(name, featureCount, head.labelCount),
      targetType: 'float32',
      targetWidth: head.labelCount,
      loss: (raw, targets, weights) => weightedMean(binaryCrossEntropy(raw, targets), weights),
      answer: (raw) => tf.sigmoid(raw),
    };
  if (head.kind === 'linears') return severalNumbers(head, featureCount, name);
  const deviation = head.targetDeviation > 0 ? head.targetDeviation : 1;
  return {
    layer: linearHead(name, featureCount, 1),
    targetType: 'float32',
    targetWidth: null,
    // Learned on the scale of deviation 1, so that one learning rate suits all units.
    loss: (raw, targets, weights) => {
      const scaled = tf.div(tf.sub(targets, head.targetMean), deviation);
      return weightedMean(tf.squaredDifference(tf.reshape(raw, [-1]), scaled), weights);
    },
    answer: (raw) => tf.add(tf.mul(raw, deviation), head.targetMean),
  };
}

function severalNumbers(
  { targetMeans, targetDeviations }: Extract<HeadKind, { kind: 'linears' }>,
  featureCount: number,
  name: string,
): Head {
  const width = targetMeans.length;
  const deviations = targetDeviations.map((deviation) => (deviation > 0 ? deviation : 1));
  const row = (values: readonly number[]) => tf.tensor2d([...values], [1, width]);
  return {
    layer: linearHead(name, featureCount, width),
    targetType: 'float32',
    targetWidth: width,
    // On the scale of deviation 1 each: no unit outweighs another.
    loss: (raw, targets, weights) =>
      weightedMean(
        tf.squaredDifference(raw, tf.div(tf.sub(targets, row(targetMeans)), row(deviations))),
        weights,
      ),
    answer: (raw) => tf.add(tf.mul(raw, row(deviations)), row(targetMeans)),
  };
}
