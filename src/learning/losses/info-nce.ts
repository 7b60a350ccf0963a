/** InfoNCE (van den Oord et al. 2018): each query must find its own key among candidates. */
import {
  classChoices,
  l2Normalize,
  ownColumnChoices,
  rowProducts,
  tf,
  wholeBatch,
  type Choices,
  type Scalar,
  type Tensor,
} from '../../tensor/index.ts';

export interface ContrastOutput {
  /** Mean cross entropy of the right choice. */
  loss: Scalar;
  /** Share of queries whose own key is the most similar one. */
  accuracy: Scalar;
}

/**
 * Candidates are the keys of the same batch: row i of `keys` belongs to row i of `queries`. Used by NNCLR, and
 * by MoCo v3, which multiplies it by twice the temperature.
 *
 * @param queries float32 [N, D], any length: they are normalised here
 * @param keys float32 [N, D], likewise
 */
export function infoNce(queries: Tensor, keys: Tensor, temperature: number): ContrastOutput {
  return infoNceOfUnits(l2Normalize(wholeBatch(queries)), l2Normalize(wholeBatch(keys)), temperature);
}

/**
 * The same of vectors that have length 1 already.
 *
 * @param queries float32 [N, D], of the whole batch
 * @param keys float32 [N, D], likewise
 */
export function infoNceOfUnits(queries: Tensor, keys: Tensor, temperature: number): ContrastOutput {
  // Divided before the product, where there are fewer numbers.
  const logits = rowProducts(temperature === 1 ? queries : tf.div(queries, temperature), keys);
  return meansOf(ownColumnChoices(logits));
}

/**
 * Candidates are the query's own key and a queue of older keys, which are all wrong (MoCo, He et al. 2020).
 *
 * @param queries float32 [N, D], any length: they are normalised here
 * @param keys float32 [N, D], likewise; row i belongs to query i
 * @param queue float32 [Q, D], taken as it is
 */
export function infoNceWithQueue(
  queries: Tensor,
  keys: Tensor,
  queue: Tensor,
  temperature: number,
): ContrastOutput {
  const asked = l2Normalize(queries);
  const right = tf.sum(tf.mul(asked, l2Normalize(keys)), 1, true);
  const wrong = tf.matMul(asked, queue, false, true);
  const first = tf.zeros([queries.shape[0]!], 'int32');
  return meansOf(classChoices(tf.div(tf.concat([right, wrong], 1), temperature), first));
}

const meansOf = ({ loss, right }: Choices): ContrastOutput => ({
  loss: tf.mean(loss) as Scalar,
  accuracy: tf.mean(right) as Scalar,
});
