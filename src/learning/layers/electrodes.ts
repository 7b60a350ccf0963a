/**
 * Convolutions along time and over electrodes, as networks for EEG have them (Schirrmeister et al. 2017; Lawhern
 * et al. 2018). Signals are images here: [N, electrodes, length, filters].
 */
import {
  addBias,
  conv2d,
  depthwiseConv2d,
  linear,
  tf,
  type Padding,
  type Tensor,
} from '../../tensor/index.ts';
import { variable, type Layer, type Pass, type VariableSpec } from './layer.ts';
import { withinNorm } from './max-norm.ts';

export interface TimeConvolutionOptions {
  name: string;
  /** Points in time. */
  size: number;
  inputs: number;
  outputs: number;
  stride?: number;
  padding?: Exclude<Padding, 'centred'>;
  bias?: boolean;
  /** Greatest norm of the weights of one filter; 0 or left out for none. */
  maxNorm?: number;
}

const biasOf = (name: string, outputs: number): VariableSpec => ({
  name: `${name}/bias`,
  shape: [outputs],
  initial: { kind: 'constant', value: 0 },
});

/** Every electrode's own time is convolved by the same filters: [N, E, L, inputs] to [N, E, L′, outputs]. */
export function timeConvolution(options: TimeConvolutionOptions): Layer {
  const { name, size, inputs, outputs, stride = 1, padding = 'same', bias = true, maxNorm = 0 } = options;
  const kernel: VariableSpec = {
    name: `${name}/kernel`,
    shape: [size, inputs, outputs],
    initial: { kind: 'he', fanIn: size * inputs },
  };
  const offset = biasOf(name, outputs);
  return {
    parameters: bias ? [kernel, offset] : [kernel],
    statistics: [],
    apply(x, pass) {
      const weights = tf.expandDims(withinNorm(variable(pass.parameters, kernel.name), maxNorm), 0);
      const y = conv2d(x, weights, [1, stride], padding);
      return bias ? addBias(y, variable(pass.parameters, offset.name)) : y;
    },
  };
}

/** Every filter's own time is convolved once more, by its own kernel: keeps the shape of [N, E, L, filters]. */
export function timeDepthwise(name: string, size: number, filters: number): Layer {
  const kernel: VariableSpec = {
    name: `${name}/kernel`,
    shape: [size, filters],
    initial: { kind: 'he', fanIn: size },
  };
  return {
    parameters: [kernel],
    statistics: [],
    apply: (x, pass) => depthwiseConv2d(x, tf.expandDims(variable(pass.parameters, kernel.name), 0)),
  };
}

/**
 * Every filter is mixed over the electrodes in `multiplier` ways of its own: [N, E, L, F] to [N, 1, L, F · multiplier].
 */
export function electrodeDepthwise(options: {
  name: string;
  electrodes: number;
  filters: number;
  multiplier: number;
  maxNorm: number;
}): Layer {
  const { electrodes, filters, multiplier, maxNorm } = options;
  const kernel: VariableSpec = {
    name: `${options.name}/kernel`,
    shape: [electrodes, filters, multiplier],
    initial: { kind: 'normal', deviation: Math.sqrt(1 / electrodes) },
  };
  return {
    parameters: [kernel],
    statistics: [],
    apply(x, pass) {
      const [count, , length] = x.shape as [number, number, number, number];
      const weights = withinNorm(variable(pass.parameters, kernel.name), maxNorm, 2);
      const byFilter = tf.reshape(tf.transpose(x, [3, 0, 2, 1]), [filters, count * length, electrodes]);
      const mixed = tf.matMul(byFilter, tf.transpose(weights, [1, 0, 2]));
      const apart = tf.reshape(mixed, [filters, count, length, multiplier]);
      return tf.reshape(tf.transpose(apart, [1, 2, 0, 3]), [count, 1, length, filters * multiplier]);
    },
  };
}

/** As many virtual electrodes as there are real ones, each a mixture of all: [N, E, L, F] to the same shape. */
export function electrodeMixing(name: string, electrodes: number): Layer {
  const kernel: VariableSpec = {
    name: `${name}/kernel`,
    shape: [electrodes, electrodes],
    initial: { kind: 'normal', deviation: Math.sqrt(1 / electrodes) },
  };
  const offset = biasOf(name, electrodes);
  return {
    parameters: [kernel, offset],
    statistics: [],
    apply(x, pass) {
      const [count, , length, filters] = x.shape as [number, number, number, number];
      const rows = tf.reshape(tf.transpose(x, [0, 2, 3, 1]), [count * length * filters, electrodes]);
      const mixed = linear(
        rows,
        variable(pass.parameters, kernel.name),
        variable(pass.parameters, offset.name),
      );
      return tf.transpose(tf.reshape(mixed, [count, length, filters, electrodes]), [0, 3, 1, 2]);
    },
  };
}

/** A layer of places in time, [N, L, F], for [N, 1, L, F]. */
export const alongTime = (layer: Layer): Layer => ({
  ...layer,
  apply: (x, pass) => tf.expandDims(layer.apply(tf.squeeze(x, [1]), pass), 1),
});

export interface TimeThenElectrodesOptions {
  name: string;
  electrodes: number;
  size: number;
  /** Filters along time, then as many over time and electrodes. */
  filters: number;
  maxNorm?: number;
}

/**
 * A convolution along time and one over all electrodes and filters, with nothing between them, so that both are one:
 * they are multiplied first and applied as one convolution, which takes a fraction of the time.
 *
 * @returns a layer from [N, E, L, 1] to [N, 1, L − size + 1, filters]
 */
export function timeThenElectrodes(options: TimeThenElectrodesOptions): Layer {
  const { name, electrodes, size, filters, maxNorm = 0 } = options;
  const [along, over] = [`${name}/time`, `${name}/electrodes`];
  const time: VariableSpec = {
    name: `${along}/kernel`,
    shape: [size, filters],
    initial: { kind: 'he', fanIn: size },
  };
  const mixing: VariableSpec = {
    name: `${over}/kernel`,
    shape: [electrodes, filters, filters],
    initial: { kind: 'normal', deviation: Math.sqrt(1 / (electrodes * filters)) },
  };
  const [first, second] = [biasOf(along, filters), biasOf(over, filters)];
  return {
    parameters: [time, first, mixing, second],
    statistics: [],
    apply(x, pass) {
      const { kernel, bias } = together(pass);
      const [count, , length] = x.shape as [number, number, number, number];
      const samples = tf.reshape(tf.transpose(x, [0, 3, 2, 1]), [count, 1, length, electrodes]);
      return addBias(conv2d(samples, kernel, 1, 'valid'), bias);
    },
  };

  /** [1, size, electrodes, filters] and [filters]. */
  function together(pass: Pass): { kernel: Tensor; bias: Tensor } {
    const own = withinNorm(variable(pass.parameters, time.name), maxNorm);
    const others = withinNorm(variable(pass.parameters, mixing.name), maxNorm);
    const byFilter = tf.reshape(tf.transpose(others, [1, 0, 2]), [filters, electrodes * filters]);
    const kernel = tf.reshape(tf.matMul(own, byFilter), [1, size, electrodes, filters]);
    const given = tf.matMul(
      tf.reshape(variable(pass.parameters, first.name), [1, filters]),
      tf.sum(others, 0),
    );
    return { kernel, bias: tf.add(tf.reshape(given, [filters]), variable(pass.parameters, second.name)) };
  }
}
