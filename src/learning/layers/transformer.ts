/** Self-attention and the pre-norm transformer block (Vaswani et al. 2017; Dosovitskiy et al. 2021). */
import { tf, type Tensor } from '../../tensor/index.ts';
import { dropout } from './dropout.ts';
import { layerNorm } from './layer-norm.ts';
import type { Layer } from './layer.ts';
import { perceptron, pointwise } from './perceptron.ts';

export interface AttentionOptions {
  name: string;
  /** Numbers of a token; a multiple of `heads`. */
  width: number;
  heads: number;
  /** Share of the attention that is dropped in training. */
  dropout?: number;
}

/** Every token of [N, P, width] becomes a mixture of all tokens of its sample. */
export function selfAttention({ name, width, heads, dropout: rate = 0 }: AttentionOptions): Layer {
  const enter = pointwise(`${name}/enter`, width, 3 * width);
  const leave = pointwise(`${name}/leave`, width, width);
  const drop = dropout(`${name}/weights/dropout`, rate);
  const size = width / heads;
  return {
    parameters: [...enter.parameters, ...leave.parameters],
    statistics: [],
    apply(x, pass) {
      const [count, places] = x.shape as [number, number, number];
      const apart = tf.reshape(enter.apply(x, pass), [count, places, 3, heads, size]);
      const [queries, keys, values] = tf.unstack(tf.transpose(apart, [2, 0, 3, 1, 4])) as Tensor[];
      const scaled = tf.mul(queries!, 1 / Math.sqrt(size));
      const weights = drop.apply(tf.softmax(tf.matMul(scaled, keys!, false, true)), pass);
      const mixed = tf.transpose(tf.matMul(weights, values!), [0, 2, 1, 3]);
      return leave.apply(tf.reshape(mixed, x.shape), pass);
    },
  };
}

export interface TransformerBlockOptions extends AttentionOptions {
  /** The perceptron is so many times wider than the tokens. */
  expansion: number;
}

/** x + attention(norm(x)), then x + perceptron(norm(x)); keeps the shape of [N, P, width]. */
export function transformerBlock(options: TransformerBlockOptions): Layer {
  const { name, width, expansion } = options;
  const attentionNorm = layerNorm(`${name}/attention/norm`, width);
  const attention = selfAttention({ ...options, name: `${name}/attention` });
  const mixNorm = layerNorm(`${name}/mix/norm`, width);
  const mix = perceptron(`${name}/mix`, width, expansion);
  return {
    parameters: [attentionNorm, attention, mixNorm, mix].flatMap(({ parameters }) => parameters),
    statistics: [],
    apply(x, pass) {
      const attended = tf.add(x, attention.apply(attentionNorm.apply(x, pass), pass));
      return tf.add(attended, mix.apply(mixNorm.apply(attended, pass), pass));
    },
  };
}
