/** Activations with native gradients. All keep the shape of x. */
import { attribute, defineNative, floatType, runNative } from '../native.ts';
import { tf, type Tensor } from '../tf.ts';

/** An activation whose gradient is a native operation of the upstream gradient and x or y. */
function activation(
  op: string,
  gradientOp: string,
  gradientInputs: (dy: Tensor, x: Tensor, y: Tensor) => Tensor[],
) {
  const run = defineNative<object>(
    {
      name: `Pretext${op}`,
      forward: ({ x }) => [runNative(op, [floatType], [x!])],
      gradient: ([dy], { x }, [y]) => ({
        x: () => runNative(gradientOp, [floatType], gradientInputs(dy!, x!, y!)),
      }),
    },
    ['x'],
  );
  return (x: Tensor): Tensor => run({ x }, {})[0]!;
}

/** max(x, 0) */
export const relu = activation('Relu', 'ReluGrad', (dy, _, y) => [dy, y]);
/** x above 0, eˣ − 1 below (Clevert et al. 2016) */
export const elu = activation('Elu', 'EluGrad', (dy, _, y) => [dy, y]);
export const sigmoid = activation('Sigmoid', 'SigmoidGrad', (dy, _, y) => [y, dy]);
export const tanh = activation('Tanh', 'TanhGrad', (dy, _, y) => [y, dy]);

interface Slope {
  slope: number;
}
const leaky = defineNative<Slope>(
  {
    name: 'PretextLeakyRelu',
    forward: ({ x }, { slope }) => [
      runNative('LeakyRelu', [floatType, attribute.float('alpha', slope)], [x!]),
    ],
    gradient: ([dy], { x }, _, { slope }) => ({
      x: () => runNative('LeakyReluGrad', [floatType, attribute.float('alpha', slope)], [dy!, x!]),
    }),
  },
  ['x'],
);

/** x above 0, slope · x below */
export function leakyRelu(x: Tensor, slope = 0.01): Tensor {
  return leaky({ x }, { slope })[0]!;
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
