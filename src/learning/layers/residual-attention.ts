/** Transformer blocks with batch norm and residual attention, as time-series transformers have them (Zerveas et al. 2021). */
import { gelu, tf, type Tensor } from '../../tensor/index.ts';
import { batchNorm } from './batch-norm.ts';
import { dropout } from './dropout.ts';
import type { Layer } from './layer.ts';
import { pointwise } from './perceptron.ts';

export interface ResidualAttentionOptions {
  name: string;
  /** Numbers of a token; a multiple of `heads`. */
  width: number;
  heads: number;
  /** Numbers within the perceptron. */
  hidden: number;
  depth: number;
  /** Share of values that are dropped in training. */
  dropout: number;
}

/**
 * `depth` blocks over tokens [N, P, width]: attention, then a perceptron, each added to its input and then
 * normalised by batch statistics. Each block adds the scores of the one before to its own (He et al. 2021), before
 * the softmax.
 */
export function residualAttention(options: ResidualAttentionOptions): Layer {
  const blocks = Array.from({ length: options.depth }, (_, index) =>
    block({ ...options, name: `${options.name}${index}` }),
  );
  return {
    parameters: blocks.flatMap(({ parameters }) => parameters),
    statistics: blocks.flatMap(({ statistics }) => statistics),
    apply(x, pass) {
      let [tokens, scores]: [Tensor, Tensor | null] = [x, null];
      for (const { apply } of blocks) [tokens, scores] = apply(tokens, scores, pass);
      return tokens;
    },
  };
}

function block({ name, width, heads, hidden, dropout: rate }: ResidualAttentionOptions) {
  const enter = pointwise(`${name}/attention/enter`, width, 3 * width);
  const leave = pointwise(`${name}/attention/leave`, width, width);
  const attentionNorm = batchNorm({ name: `${name}/attention/norm`, channels: width });
  const widen = pointwise(`${name}/mix/widen`, width, hidden);
  const narrow = pointwise(`${name}/mix/narrow`, hidden, width);
  const mixNorm = batchNorm({ name: `${name}/mix/norm`, channels: width });
  const drop = ['attention', 'mix/widen', 'mix'].map((part) => dropout(`${name}/${part}/dropout`, rate));
  const size = width / heads;
  const layers = [enter, leave, attentionNorm, widen, narrow, mixNorm];
  return {
    parameters: layers.flatMap(({ parameters }) => parameters),
    statistics: layers.flatMap(({ statistics }) => statistics),
    apply(x: Tensor, before: Tensor | null, pass: Parameters<Layer['apply']>[1]): [Tensor, Tensor] {
      const [count, places] = x.shape as [number, number, number];
      const apart = tf.reshape(enter.apply(x, pass), [count, places, 3, heads, size]);
      const [queries, keys, values] = tf.unstack(tf.transpose(apart, [2, 0, 3, 1, 4])) as Tensor[];
      const own: Tensor = tf.matMul(tf.mul(queries!, 1 / Math.sqrt(size)), keys!, false, true);
      const scores = before ? tf.add(own, before) : own;
      const mixed = tf.transpose(tf.matMul(tf.softmax(scores), values!), [0, 2, 1, 3]);
      const attended = leave.apply(tf.reshape(mixed, x.shape), pass);
      const first = attentionNorm.apply(tf.add(x, drop[0]!.apply(attended, pass)), pass);
      const inner = drop[1]!.apply(gelu(widen.apply(first, pass)), pass);
      const changed = drop[2]!.apply(narrow.apply(inner, pass), pass);
      return [mixNorm.apply(tf.add(first, changed), pass), scores];
    },
  };
}
