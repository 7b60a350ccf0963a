/**
 * Batch normalisation (Ioffe & Szegedy 2015) by our own kernel or by TensorFlow's fused operation.
 */
import { attribute, defineNative, floatType, ownKernelsTake, runNativeAll } from '../native.ts';
import { presentShare } from '../share.ts';
import { tf, type Tensor } from '../tf.ts';
import { gatherMoments, reduceSums } from './across.ts';
import { relu } from './activations.ts';

interface BatchNormOptions {
  epsilon: number;
}
interface TrainingOptions extends BatchNormOptions {
  /** Share of the batch in the statistics that come out; the rest is that of the moving ones that go in. */
  share: number;
}

const attributes = ({ epsilon }: BatchNormOptions, training: boolean) => [
  floatType,
  attribute.type('U', 'float32'),
  attribute.string('data_format', 'NHWC'),
  attribute.bool('is_training', training),
  attribute.float('epsilon', epsilon),
];
const forwardAttributes = (options: BatchNormOptions, training: boolean, share = 1) => [
  ...attributes(options, training),
  attribute.float('exponential_avg_factor', share),
];

/** Gradients of x, scale and offset come from one operation. */
function gradient(
  dy: Tensor,
  x: Tensor,
  scale: Tensor,
  saved: Tensor[],
  options: BatchNormOptions,
  training: boolean,
) {
  const inputs = [dy, x, scale, ...saved];
  const [dx, dScale, dOffset] = runNativeAll(
    'FusedBatchNormGradV3',
    attributes(options, training),
    inputs,
    5,
  );
  return { x: () => dx!, scale: () => dScale!, offset: () => dOffset! };
}

const training = defineNative<TrainingOptions>(
  {
    name: 'PretextBatchNormTraining',
    forward: ({ x, scale, offset, mean, variance }, options) =>
      runNativeAll(
        'FusedBatchNormV3',
        forwardAttributes(options, true, options.share),
        [x!, scale!, offset!, mean!, variance!],
        6,
      ),
    gradient: ([dy], { x, scale, mean, variance }, [, , , ...saved], options) => ({
      ...gradient(dy!, x!, scale!, saved, options, true),
      mean: () => tf.zerosLike(mean!),
      variance: () => tf.zerosLike(variance!),
    }),
  },
  ['x', 'scale', 'offset', 'mean', 'variance'],
);

const inference = defineNative<BatchNormOptions>(
  {
    name: 'PretextBatchNormInference',
    forward: ({ x, scale, offset, mean, variance }, options) =>
      runNativeAll(
        'FusedBatchNormV3',
        forwardAttributes(options, false),
        [x!, scale!, offset!, mean!, variance!],
        6,
      ),
    gradient: ([dy], { x, scale, mean, variance }, [, , , , , last], options) => ({
      ...gradient(dy!, x!, scale!, [mean!, variance!, last!], options, false),
      mean: () => tf.zerosLike(mean!),
      variance: () => tf.zerosLike(variance!),
    }),
  },
  ['x', 'scale', 'offset', 'mean', 'variance'],
);

interface OwnOptions extends TrainingOptions {
  rectified: boolean;
  /** Whether there is something to add; without it the input is empty. */
  added: boolean;
}

const ownAttributes = ({ rectified, added }: OwnOptions) => [
  attribute.bool('rectified', rectified),
  attribute.bool('added', added),
];

/** Our own kernel (native/norm.h): normalises, adds and rectifies in one pass, and so does its gradient. */
const own = defineNative<OwnOptions>(
  {
    name: 'PretextOwnNorm',
    forward: ({ x, scale, offset, mean, variance, added }, options) => {
      const numbers = [attribute.float('epsilon', options.epsilon), attribute.float('share', options.share)];
      const inputs = [x!, scale!, offset!, mean!, variance!, added!];
      return runNativeAll('PretextNorm', [...ownAttributes(options), ...numbers], inputs, 5);
    },
    gradient: ([dy], { x, scale, mean, variance }, [y, , , batchMean, inverse], options) => {
      const inputs = [dy!, y!, x!, scale!, batchMean!, inverse!];
      const kept = { ...options, added: options.added && options.rectified };
      const [dx, dScale, dOffset, dAdded] = runNativeAll(
        'PretextNormGradient',
        ownAttributes(kept),
        inputs,
        4,
      );
      return {
        x: () => dx!,
        scale: () => dScale!,
        offset: () => dOffset!,
        mean: () => tf.zerosLike(mean!),
        variance: () => tf.zerosLike(variance!),
        added: () => (kept.added ? dAdded! : options.added ? dy! : tf.zeros([0])),
      };
    },
  },
  ['x', 'scale', 'offset', 'mean', 'variance', 'added'],
);

/**
 * Statistics of the batch of all processes. Each gives mean and variance of its share, from which those of the whole are
 * put together (Chan, Golub and LeVeque 1979), one message a layer; another one comes back with the gradient.
 */
const shared = defineNative<TrainingOptions>(
  {
    name: 'PretextSharedNorm',
    forward({ x, scale, offset, mean, variance }, { epsilon, share }) {
      const places = x!.shape.slice(0, -1).map((_, axis) => axis);
      const own = tf.mean(x!, places);
      const ownVariance = tf.mean(tf.squaredDifference(x!, own), places);
      const { means, variances, processes } = gatherMoments(own, ownVariance);
      const batchMean = tf.mean(means, 0);
      const between = tf.mean(tf.squaredDifference(means, batchMean), 0);
      const batchVariance = tf.add(tf.mean(variances, 0), between);
      const count = (processes * x!.size) / own.size;
      const unbiased = tf.mul(batchVariance, count / Math.max(1, count - 1));
      const mixed = (moving: Tensor, fresh: Tensor) =>
        share === 1 ? fresh : tf.add(tf.mul(moving, 1 - share), tf.mul(fresh, share));
      const [y] = runNativeAll(
        'FusedBatchNormV3',
        forwardAttributes({ epsilon }, false),
        [toImage(x!), scale!, offset!, batchMean, batchVariance],
        6,
      );
      const inverse = tf.rsqrt(tf.add(batchVariance, epsilon));
      return [shapedAs(x!, y!), mixed(mean!, batchMean), mixed(variance!, unbiased), batchMean, inverse];
    },
    gradient: ([dy], { x, scale, mean, variance }, [, , , batchMean, inverse]) => {
      const places = x!.shape.slice(0, -1).map((_, axis) => axis);
      const normal = tf.mul(tf.sub(x!, batchMean!), inverse!);
      const dOffset = tf.sum(dy!, places);
      const dScale = tf.sum(tf.mul(dy!, normal), places);
      return {
        x: () => {
          const { first, second, processes } = reduceSums(dOffset, dScale);
          const count = (processes * x!.size) / scale!.size;
          const centred = tf.sub(dy!, tf.div(first, count));
          return tf.mul(tf.sub(centred, tf.mul(normal, tf.div(second, count))), tf.mul(scale!, inverse!));
        },
        scale: () => dScale,
        offset: () => dOffset,
        mean: () => tf.zerosLike(mean!),
        variance: () => tf.zerosLike(variance!),
      };
    },
  },
  ['x', 'scale', 'offset', 'mean', 'variance'],
);

/** What may follow a batch norm, computed with it. */
export interface AfterNorm {
  /** The other branch of a residual block, of x's shape. */
  added?: Tensor;
  /** Whether what is negative becomes zero in the end. */
  rectified?: boolean;
}

/**
 * Normalises every channel by its mean and variance over the batch and all places.
 *
 * @param x [N, …, C], rank 2 or more
 * @param scale [C]
 * @param offset [C]
 * @param moving Statistics [C] that the batch's are mixed into by a `share` of 0 … 1; without them those of the
 *   batch come out. No gradient reaches them.
 * @param after What to do with the result; the same as `tf.add` and `relu` one after the other, but quicker.
 * @returns `y` of x's shape, and `mean` [C] and `variance` [C]. The variance divides by count − 1, as moving
 *   averages want it; the normalisation itself divides by count. No gradient flows through both. Of a share of a
 *   batch, all statistics are those of the whole one.
 */
export function batchNormTraining(
  x: Tensor,
  scale: Tensor,
  offset: Tensor,
  epsilon = 1e-5,
  moving?: { mean: Tensor; variance: Tensor; share: number },
  after: AfterNorm = {},
): { y: Tensor; mean: Tensor; variance: Tensor } {
  const share = moving?.share ?? 1;
  if (presentShare()) {
    const { mean, variance } = moving ?? { mean: tf.zerosLike(scale), variance: tf.zerosLike(scale) };
    const [y, nextMean, nextVariance] = shared({ x, scale, offset, mean, variance }, { epsilon, share });
    return { y: finished(y!, after), mean: nextMean!, variance: nextVariance! };
  }
  if (ownKernelsTake(x, x.shape.at(-1)!)) {
    const { mean, variance } = moving ?? { mean: tf.zerosLike(scale), variance: tf.zerosLike(scale) };
    const { added, rectified = false } = after;
    const inputs = { x, scale, offset, mean, variance, added: added ?? tf.tensor1d([], 'float32') };
    const options = { epsilon, share, rectified, added: added !== undefined };
    const [y, nextMean, nextVariance] = own(inputs, options);
    return { y: y!, mean: nextMean!, variance: nextVariance! };
  }
  const before = moving ?? { mean: tf.tensor1d([], 'float32'), variance: tf.tensor1d([], 'float32') };
  const [y, mean, variance] = training(
    { x: toImage(x), scale, offset, mean: before.mean, variance: before.variance },
    { epsilon, share },
  );
  return { y: finished(shapedAs(x, y!), after), mean: mean!, variance: variance! };
}

function finished(y: Tensor, { added, rectified = false }: AfterNorm): Tensor {
  const whole = added ? tf.add(y, added) : y;
  return rectified ? relu(whole) : whole;
}

/** Normalises by a given mean and variance (moving averages). Those two get no gradient. */
export function batchNormInference(
  x: Tensor,
  scale: Tensor,
  offset: Tensor,
  mean: Tensor,
  variance: Tensor,
  epsilon = 1e-5,
  after: AfterNorm = {},
): Tensor {
  const [y] = inference({ x: toImage(x), scale, offset, mean, variance }, { epsilon });
  return finished(shapedAs(x, y!), after);
}

/** A reshape that changes nothing would stand between the operation and a rectifier that it can be fused with. */
const shapedAs = (x: Tensor, y: Tensor) => (x.rank === 4 ? y : tf.reshape(y, x.shape));

/** The fused operation takes [N, height, width, C] only. */
function toImage(x: Tensor): Tensor {
  if (x.rank === 4) return x;
  if (x.rank < 2) throw new Error(`Batch normalisation needs [N, …, C]. Found: shape [${x.shape}].`);
  const places = x.shape.slice(1, -1).reduce((product, length) => product * length, 1);
  return tf.reshape(x, [x.shape[0]!, 1, places, x.shape.at(-1)!]);
}
