/** Pooling with native gradients. */
import type { Attribute } from '../backend.ts';
import { attribute, defineNative, floatType, runNative } from '../native.ts';
import { tf, type Tensor } from '../tf.ts';
import type { Padding } from './convolution.ts';
import { spread } from './reductions.ts';

interface PoolingOptions {
  size: [number, number];
  strides: [number, number];
  padding: Padding;
}

const poolingAttributes = ({ size, strides, padding }: PoolingOptions): Attribute[] => [
  floatType,
  attribute.int('ksize', [1, ...size, 1]),
  attribute.int('strides', [1, ...strides, 1]),
  attribute.string('padding', padding === 'same' ? 'SAME' : 'VALID'),
  attribute.string('data_format', 'NHWC'),
];

const maximum = defineNative<PoolingOptions>(
  {
    name: 'PretextMaxPool',
    forward: ({ x }, options) => [runNative('MaxPool', poolingAttributes(options), [x!])],
    gradient: ([dy], { x }, [y], options) => ({
      x: () => runNative('MaxPoolGrad', poolingAttributes(options), [x!, y!, dy!]),
    }),
  },
  ['x'],
);

const average = defineNative<PoolingOptions>(
  {
    name: 'PretextAveragePool',
    forward: ({ x }, options) => [runNative('AvgPool', poolingAttributes(options), [x!])],
    gradient: ([dy], { x }, _, options) => ({
      x: () => runNative('AvgPoolGrad', poolingAttributes(options), [tf.tensor1d(x!.shape, 'int32'), dy!]),
    }),
  },
  ['x'],
);

type Size = number | [number, number];
const pair = (size: Size): [number, number] => (typeof size === 'number' ? [size, size] : size);

/** The largest value of every window. x [N, height, width, C]; the stride is the size if left out. */
export function maxPool2d(x: Tensor, size: Size, stride: Size = size, padding: Padding = 'same'): Tensor {
  return maximum({ x }, { size: pair(size), strides: pair(stride), padding })[0]!;
}

/** The mean of every window; at the border of those places that lie inside. x [N, height, width, C] */
export function averagePool2d(x: Tensor, size: Size, stride: Size = size, padding: Padding = 'same'): Tensor {
  return average({ x }, { size: pair(size), strides: pair(stride), padding })[0]!;
}

/** As `maxPool2d` for signals [N, length, C]. */
export function maxPool1d(x: Tensor, size: number, stride = size, padding: Padding = 'same'): Tensor {
  return alongLength(x, (image) => maxPool2d(image, [1, size], [1, stride], padding));
}

/** As `averagePool2d` for signals [N, length, C]. */
export function averagePool1d(x: Tensor, size: number, stride = size, padding: Padding = 'same'): Tensor {
  return alongLength(x, (image) => averagePool2d(image, [1, size], [1, stride], padding));
}

function alongLength(x: Tensor, pool: (image: Tensor) => Tensor): Tensor {
  const [count, length, channels] = x.shape as [number, number, number];
  const pooled = pool(tf.reshape(x, [count, 1, length, channels]));
  return tf.reshape(pooled, [count, pooled.shape[2]!, channels]);
}

const globalAverage = defineNative<object>(
  {
    name: 'PretextGlobalAveragePool',
    forward: ({ x }) => {
      const keep = [floatType, attribute.type('Tidx', 'int32'), attribute.bool('keep_dims', false)];
      return [runNative('Mean', keep, [x!, tf.tensor1d([1], 'int32')])];
    },
    gradient: ([dy], { x }) => ({
      x: () => {
        const [count, places, channels] = x!.shape as [number, number, number];
        return spread(tf.reshape(tf.mul(dy!, 1 / places), [count, 1, channels]), x!.shape);
      },
    }),
  },
  ['x'],
);

/** The mean over all places: [N, …, C] to [N, C]. */
export function globalAveragePool(x: Tensor): Tensor {
  if (x.rank === 2) return x;
  const places = x.shape.slice(1, -1).reduce((product, length) => product * length, 1);
  return globalAverage({ x: tf.reshape(x, [x.shape[0]!, places, x.shape.at(-1)!]) }, {})[0]!;
}
