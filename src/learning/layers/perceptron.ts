/** Dense layers at every place of maps or tokens: what stands between the mixing of places. */
import { gelu, tf } from '../../tensor/index.ts';
import { dense } from './dense.ts';
import type { Layer } from './layer.ts';

/** A linear map of the last axis of [N, …, inputs], the same at every place; Glorot weights, bias 0. */
export function pointwise(name: string, inputs: number, outputs: number): Layer {
  const inner = dense({ name, inputs, outputs, initial: { kind: 'glorot', fanIn: inputs, fanOut: outputs } });
  return {
    ...inner,
    apply(x, pass) {
      const rows = tf.reshape(x, [-1, inputs]);
      return tf.reshape(inner.apply(rows, pass), [...x.shape.slice(0, -1), outputs]);
    },
  };
}

/** Widens every place `expansion` times, GELU, and back to its channels. */
export function perceptron(name: string, channels: number, expansion: number): Layer {
  const hidden = Math.round(channels * expansion);
  const widen = pointwise(`${name}/widen`, channels, hidden);
  const narrow = pointwise(`${name}/narrow`, hidden, channels);
  return {
    parameters: [...widen.parameters, ...narrow.parameters],
    statistics: [],
    apply: (x, pass) => narrow.apply(gelu(widen.apply(x, pass)), pass),
  };
}
