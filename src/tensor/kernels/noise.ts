/** Normal noise that is added to a batch, a deviation for each sample. */
import { defineNative, ownKernelsTake, runNative } from '../native.ts';
import { normal } from '../random.ts';
import { presentShare } from '../share.ts';
import { tf, type Tensor } from '../tf.ts';

/**
 * Our own kernel (native/noise.h), which draws the numbers of `normal` in a tenth of the time, and none for samples
 * whose deviation is 0.
 */
const ownNoise = defineNative<object>(
  {
    name: 'PretextOwnNoise',
    forward: ({ x, deviations, scales, seed }) => [
      runNative('PretextNoise', [], [x!, deviations!, scales!, seed!]),
    ],
    gradient: ([dy]) => ({ x: () => tf.clone(dy!) }),
  },
  ['x', 'deviations', 'scales', 'seed'],
);

/**
 * x + deviation · scale · a normal number for each value. No gradient reaches deviations and scales.
 *
 * @param x float32 [N, …, C]
 * @param deviations [N]
 * @param seed int32 [2]; the same numbers as `normal` draws for x's shape, up to rounding
 * @param scales [C], left out: 1
 */
export function addNoise(x: Tensor, deviations: Tensor, seed: Tensor, scales?: Tensor): Tensor {
  const whole = scales ?? tf.ones([x.shape.at(-1)!]);
  // Of a share of a batch only some rows of the whole draw are wanted, which `normal` knows to find.
  if (ownKernelsTake(x) && !presentShare()) return ownNoise({ x, deviations, scales: whole, seed }, {})[0]!;
  const ofSample = tf.reshape(deviations, [x.shape[0]!, ...new Array<number>(x.rank - 1).fill(1)]);
  return tf.add(x, tf.mul(normal(x.shape, seed), tf.mul(ofSample, whole)));
}
