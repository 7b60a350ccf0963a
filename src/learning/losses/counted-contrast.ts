/** Contrasts in which not every sample counts: where the partner of a sample is missing, it neither asks nor answers. */
import {
  l2Normalize,
  softmaxCrossEntropy,
  sumOfBatch,
  tf,
  unitMatrix,
  wholeBatch,
  type Scalar,
  type Tensor,
} from '../../tensor/index.ts';
import type { ContrastOutput } from './info-nce.ts';

/** Added to what is no candidate. */
const NEVER = -1e9;

export interface Counting {
  /** float32 [N]: 1 for samples that count, 0 for those that do not; of the whole batch. */
  counted: Tensor;
  /** float32 [N, N]: 1 where the candidate of a column is none for the row, beside the row's own. */
  excluded?: Tensor;
}

/**
 * Each row must find its own column: the cross entropy, a mean over the rows that count (InfoNCE, van den Oord et al.
 * 2018).
 *
 * @param logits float32 [N, N]; right answers stand in the diagonal
 */
export function choiceAmongCounted(logits: Tensor, { counted, excluded }: Counting): ContrastOutput {
  const count = logits.shape[0]!;
  const missing = tf.expandDims(tf.sub(1, counted), 0);
  const none = excluded ? tf.maximum(excluded, missing) : missing;
  // A row's own answer stays, so that rows which do not count have a finite value to leave out.
  const candidates = tf.add(logits, tf.mul(tf.mul(none, tf.sub(1, unitMatrix(count))), NEVER));
  const own = tf.range(0, count, 1, 'int32');
  const right = tf.cast(tf.equal(tf.argMax(candidates, 1), own), 'float32');
  return {
    loss: meanOfCounted(softmaxCrossEntropy(candidates, own), counted),
    accuracy: meanOfCounted(right, counted),
  };
}

/**
 * Both directions of the contrast of two lists of vectors: the first of a pair must find the second among all seconds,
 * and the second the first among all firsts; the mean of both.
 *
 * @param first float32 [N, D], any length: they are normalised here
 */
export function pairsAmongCounted(
  first: Tensor,
  second: Tensor,
  temperature: number,
  counting: Counting,
): ContrastOutput {
  const [asked, candidates] = [l2Normalize(wholeBatch(first)), l2Normalize(wholeBatch(second))];
  const logits = tf.div(tf.matMul(asked, candidates, false, true), temperature);
  const [one, other] = [
    choiceAmongCounted(logits, counting),
    choiceAmongCounted(tf.transpose(logits), counting),
  ];
  const mean = (a: Scalar, b: Scalar) => tf.div(tf.add(a, b), 2) as Scalar;
  return { loss: mean(one.loss, other.loss), accuracy: mean(one.accuracy, other.accuracy) };
}

/**
 * The contrast of SimCLR with negatives of the same unit (subject) alone: each view must find the other view of its
 * sample among all views of its unit (Cheng et al. 2020).
 *
 * @param first float32 [N, D], any length
 * @param second float32 [N, D], the other views
 * @param units int32 [N]; -1: of none, which does not count
 * @returns also `negatives`: how many wrong answers a view has, a mean over those that count
 */
export function contrastWithinUnits(
  first: Tensor,
  second: Tensor,
  temperature: number,
  { units, counted }: { units: Tensor; counted: Tensor },
): ContrastOutput & { negatives: Scalar } {
  const views = l2Normalize(tf.concat([wholeBatch(first), wholeBatch(second)], 0));
  const count = views.shape[0]! / 2;
  const twice = (x: Tensor) => tf.concat([x, x], 0);
  const own = tf.mul(counted, tf.cast(tf.greaterEqual(units, 0), 'float32'));
  const [unit, there] = [twice(wholeBatch(units)), twice(wholeBatch(own))];
  const alike = tf.cast(tf.equal(tf.expandDims(unit, 1), tf.expandDims(unit, 0)), 'float32');
  const partner = tf.tensor1d(
    Int32Array.from({ length: 2 * count }, (_, row) => (row + count) % (2 * count)),
    'int32',
  );
  const right = tf.cast(tf.oneHot(partner as never, 2 * count), 'float32');
  const wrong = tf.mul(
    tf.mul(alike, tf.expandDims(there, 0)),
    tf.sub(tf.sub(1, unitMatrix(2 * count)), right),
  );
  const similarity = tf.div(tf.matMul(views, views, false, true), temperature);
  const candidates = tf.add(similarity, tf.mul(tf.sub(1, tf.maximum(wrong, right)), NEVER));
  const found = tf.cast(tf.equal(tf.argMax(candidates, 1), partner), 'float32');
  return {
    loss: meanOfCounted(softmaxCrossEntropy(candidates, partner), there),
    accuracy: meanOfCounted(found, there),
    negatives: meanOfCounted(tf.sum(wrong, 1), there),
  };
}

/** Mean of the values that count, in the whole batch; 0 where none does. */
export const meanOfCounted = (values: Tensor, counted: Tensor): Scalar =>
  tf.div(sumOfBatch(tf.mul(values, counted)), tf.maximum(sumOfBatch(counted), 1)) as Scalar;
