/** Normalisation of rows: to length 1, or to mean 0 and variance 1. */
import { attribute, defineNative, ownKernelsTake, runNative, runNativeAll } from '../native.ts';
import { tf, type Tensor } from '../tf.ts';

interface Epsilon {
  epsilon: number;
}

const isOwn = (x: Tensor) => x.rank === 2 && ownKernelsTake(x);

const unitLength = defineNative<Epsilon>(
  {
    name: 'PretextL2Normalize',
    forward: ({ x }, { epsilon }) => {
      if (isOwn(x!)) return runNativeAll('PretextUnitRows', [attribute.float('epsilon', epsilon)], [x!], 2);
      const squares = tf.sum(tf.square(x!), -1, true);
      const inverse = tf.rsqrt(tf.maximum(squares, epsilon));
      return [tf.mul(x!, inverse), inverse];
    },
    gradient: ([dy], _, [y, inverse], { epsilon }) => ({
      x: () => {
        if (isOwn(y!)) {
          const attributes = [attribute.float('epsilon', epsilon)];
          return runNative('PretextUnitRowsGradient', attributes, [dy!, y!, inverse!]);
        }
        // Where the length was held at its smallest, it does not change with x.
        const free = tf.cast(tf.less(inverse!, 1 / Math.sqrt(epsilon)), 'float32');
        const along = tf.mul(tf.sum(tf.mul(dy!, y!), -1, true), free);
        return tf.mul(tf.sub(dy!, tf.mul(y!, along)), inverse!);
      },
    }),
  },
  ['x'],
);

/** x / |x| along the last axis. Lengths below √epsilon count as √epsilon. */
export function l2Normalize(x: Tensor, epsilon = 1e-12): Tensor {
  return unitLength({ x }, { epsilon })[0]!;
}

const rows = defineNative<Epsilon>(
  {
    name: 'PretextLayerNorm',
    forward: ({ x, scale, offset }, { epsilon }) => {
      const centred = tf.sub(x!, tf.mean(x!, -1, true));
      const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), epsilon));
      const normal = tf.mul(centred, inverse);
      return [tf.add(tf.mul(normal, scale!), offset!), normal, inverse];
    },
    gradient: ([dy], { x, scale }, [, normal, inverse]) => {
      const others = x!.shape.slice(0, -1).map((_, axis) => axis);
      return {
        x: () => {
          const inner = tf.mul(dy!, scale!);
          const along = tf.mean(tf.mul(inner, normal!), -1, true);
          const centred = tf.sub(inner, tf.mean(inner, -1, true));
          return tf.mul(tf.sub(centred, tf.mul(normal!, along)), inverse!);
        },
        scale: () => tf.sum(tf.mul(dy!, normal!), others),
        offset: () => tf.sum(dy!, others),
      };
    },
  },
  ['x', 'scale', 'offset'],
);

/**
 * Layer normalisation along the last axis (Ba et al. 2016).
 *
 * @param x [N, …, C], rank 2 or more
 * @param scale [C]
 * @param offset [C]
 */
export function layerNorm(x: Tensor, scale: Tensor, offset: Tensor, epsilon = 1e-5): Tensor {
  return rows({ x, scale, offset }, { epsilon })[0]!;
}
