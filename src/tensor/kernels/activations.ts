/** Activations with native gradients. All keep the shape of x. */
import { defineNative, floatType, runNative } from '../native.ts';
import { tf, type Tensor } from '../tf.ts';

const nativeRelu = defineNative<object>(
  {
    name: 'PretextRelu',
    forward: ({ x }) => [runNative('Relu', [floatType], [x!])],
    gradient: ([dy], _, [y]) => ({ x: () => runNative('ReluGrad', [floatType], [dy!, y!]) }),
  },
  ['x'],
);

/** max(x, 0) */
export function relu(x: Tensor): Tensor {
  return nativeRelu({ x }, {})[0]!;
}

const exactGelu = defineNative<object>(
  {
    name: 'PretextGelu',
    forward: ({ x }) => {
      const root = tf.mul(x!, Math.SQRT1_2);
      // Φ(x), the share of a normal distribution below x.
      const share = tf.mul(tf.add(tf.erf(root), 1), 0.5);
      return [tf.mul(x!, share), root, share];
    },
    gradient: ([dy], _, [, root, share]) => ({
      x: () => {
        // x · density(x); where the power is infinite the density is 0.
        const slope = tf.mul(tf.div(root!, tf.exp(tf.square(root!))), 1 / Math.sqrt(Math.PI));
        return tf.mul(dy!, tf.add(share!, slope));
      },
    }),
  },
  ['x'],
);

/** x · Φ(x), exactly and not by tanh (Hendrycks & Gimpel 2016) */
export function gelu(x: Tensor): Tensor {
  return exactGelu({ x }, {})[0]!;
}
