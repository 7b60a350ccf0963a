/** Cross-entropy of logits; loss and gradient come from one native operation. */
import { attribute, defineNative, floatType, ownKernelsTake, runNativeAll } from '../native.ts';
import { tf, type Tensor } from '../tf.ts';
import { unitMatrix } from './unit-matrix.ts';

/** Multiplies every row of a [N, K] tensor by its own number [N]. */
const scaleRows = (rows: Tensor, factors: Tensor) => tf.mul(rows, tf.expandDims(factors, 1));

const withClasses = defineNative<object>(
  {
    name: 'PretextSparseCrossEntropy',
    forward: ({ logits, classIds }) =>
      ownKernelsTake(logits!)
        ? runNativeAll('PretextEntropy', [], [logits!, classIds!], 3)
        : runNativeAll(
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

/** Where the first of the greatest logits of a row [N, K] is its class [N]: float32 [N], 1 or 0. */
export const rightChoices = (logits: Tensor, classIds: Tensor): Tensor =>
  tf.cast(tf.equal(tf.argMax(logits, 1), classIds), 'float32');

export interface Choices {
  /** −log softmax(logits)[class] of every row, float32 [N]. */
  loss: Tensor;
  /** See `rightChoices`. */
  right: Tensor;
}

/** Losses of classes, and which are right: together they cost no more than the losses. */
export function classChoices(logits: Tensor, classIds: Tensor): Choices {
  const [loss, , right] = withClasses({ logits, classIds }, {});
  return { loss: loss!, right: right ?? rightChoices(logits, classIds) };
}

/** The same where the class of a row is its number: whether it finds its own column, of [N, N]. */
export function ownColumnChoices(logits: Tensor): Choices {
  const count = logits.shape[0]!;
  const own = tf.range(0, count, 1, 'int32');
  if (ownKernelsTake(logits)) return classChoices(logits, own);
  // With distributions as targets TensorFlow computes many numbers at a time, with class ids one after another.
  return {
    loss: softmaxCrossEntropySoft(logits, unitMatrix(count)),
    right: rightChoices(logits, own),
  };
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
