/** Cross-entropy of logits; loss and gradient come from one native operation. */
import { attribute, defineNative, floatType, runNativeAll } from '../native.ts';
import { tf, type Tensor } from '../tf.ts';

/** Multiplies every row of a [N, K] tensor by its own number [N]. */
const scaleRows = (rows: Tensor, factors: Tensor) => tf.mul(rows, tf.expandDims(factors, 1));

const withClasses = defineNative<object>(
  {
    name: 'PretextSparseCrossEntropy',
    forward: ({ logits, classIds }) =>
      runNativeAll(
        'SparseSoftmaxCrossEntropyWithLogits',
        [floatType, attribute.type('Tlabels', 'int32')],
        [logits!, classIds!],
        2,
      ),
    gradient: ([dy], _, [, backward]) => ({ logits: () => scaleRows(backward!, dy!) }),
  },
  ['logits', 'classIds'],
);

const withTargets = defineNative<object>(
  {
    name: 'PretextCrossEntropy',
    forward: ({ logits, targets }) =>
      runNativeAll('SoftmaxCrossEntropyWithLogits', [floatType], [logits!, targets!], 2),
    gradient: ([dy], { logits }, [, backward]) => ({
      logits: () => scaleRows(backward!, dy!),
      targets: () => scaleRows(tf.neg(tf.logSoftmax(logits!)), dy!),
    }),
  },
  ['logits', 'targets'],
);

/**
 * −log softmax(logits)[class] of every row.
 *
 * @param logits float32 [N, K]
 * @param classIds int32 [N], 0 … K − 1
 * @returns float32 [N]
 */
export function softmaxCrossEntropy(logits: Tensor, classIds: Tensor): Tensor {
  return withClasses({ logits, classIds }, {})[0]!;
}

/**
 * −Σ target · log softmax(logits) of every row, for targets that are distributions.
 *
 * @param logits float32 [N, K]
 * @param targets float32 [N, K], every row sums to 1
 * @returns float32 [N]
 */
export function softmaxCrossEntropySoft(logits: Tensor, targets: Tensor): Tensor {
  return withTargets({ logits, targets }, {})[0]!;
}
