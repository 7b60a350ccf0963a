/**
 * Embeddings of the numbers of a row, each column by itself (Gorishniy, Rubachev and Babenko 2022, On Embeddings for
 * Numerical Features in Tabular Deep Learning): piecewise-linear over quantiles, or periodic, each followed by a linear
 * map and a rectifier of its own.
 */
import type { NumberColumn } from '../../contract/data/columns.ts';
import { relu, tf, type Tensor } from '../../tensor/index.ts';
import { variable, type Layer, type Pass, type VariableSpec } from './layer.ts';

/** Edges of bins of one column: ascending, none twice, and the share of rows that lie below each. */
interface Edges {
  values: number[];
  levels: number[];
}

/**
 * At most `bins` bins that hold about the same number of rows each. Of an edge that several quantiles share, the level
 * is the middle of theirs.
 *
 * @param column whose values come normalised by its own mean and deviation
 */
export function binEdges({ quantiles, mean, standardDeviation }: NumberColumn, bins: number): Edges {
  const last = quantiles.length - 1;
  const count = Math.min(bins, last);
  const scale = standardDeviation > 0 ? standardDeviation : 1;
  const found = new Map<number, { first: number; last: number }>();
  for (let edge = 0; edge <= count; edge++) {
    const place = Math.round((edge / count) * last);
    const value = Math.fround((quantiles[place]! - mean) / scale);
    const level = place / last;
    found.set(value, { first: found.get(value)?.first ?? level, last: level });
  }
  const values = [...found.keys()];
  const levels = [...found.values()].map((shared) => (shared.first + shared.last) / 2);
  if (values.length > 1) return { values, levels };
  // One value alone: a bin around it.
  return { values: [values[0]! - 1, values[0]! + 1], levels: [0, 1] };
}

/** What each bin of each column is: [F, T], those of columns with fewer bins filled up with bins that are 0. */
export function binTables(columns: readonly NumberColumn[], most: number) {
  const edges = columns.map((column) => binEdges(column, most));
  const bins = Math.max(0, ...edges.map(({ values }) => values.length - 1));
  const table = (value: (edge: Edges, bin: number, last: number) => number) =>
    edges.map((edge) => {
      const last = edge.values.length - 2;
      return Array.from({ length: bins }, (_, bin) => (bin <= last ? value(edge, bin, last) : 0));
    });
  return {
    left: table(({ values }, bin) => values[bin]!),
    inverse: table(({ values }, bin) => 1 / (values[bin + 1]! - values[bin]!)),
    low: table((_, bin) => (bin === 0 ? -FAR : 0)),
    high: table((_, bin, last) => (bin === last ? FAR : 1)),
    share: table(({ levels }, bin) => levels[bin + 1]! - levels[bin]!),
    begin: edges.map(({ levels }) => levels[0]!),
  };
}

function binTensors(columns: readonly NumberColumn[], bins: number) {
  const { left, inverse, low, high, share, begin } = binTables(columns, bins);
  return {
    left: tf.tensor2d(left),
    inverse: tf.tensor2d(inverse),
    low: tf.tensor2d(low),
    high: tf.tensor2d(high),
    share: tf.tensor2d(share),
    begin: tf.tensor1d(begin),
  };
}

/** Beyond the outermost edges the line goes on, so far. */
const FAR = 10;

/** [N, F] to piecewise-linear codes [N, F, T]: 1 in bins below the value, its place in its own bin, 0 in those above. */
function piecewise(values: Tensor, { left, inverse, low, high }: ReturnType<typeof binTensors>): Tensor {
  const places = tf.mul(tf.sub(tf.expandDims(values, 2), left), inverse);
  return tf.minimum(tf.maximum(places, low), high);
}

/**
 * Numbers by their rank: the share of training rows below a value, interpolated between quantiles, brought to mean 0
 * and deviation 1 (a uniform distribution). Long tails and outliers come to lie within ±√3.
 */
export function byQuantile(values: Tensor, columns: readonly NumberColumn[], bins: number): Tensor {
  return tf.tidy(() => {
    const tensors = binTensors(columns, bins);
    const inside = tf.clipByValue(piecewise(values, tensors), 0, 1);
    const levels = tf.add(tf.sum(tf.mul(inside, tensors.share), 2), tensors.begin);
    return tf.mul(tf.sub(levels, 0.5), Math.sqrt(12));
  });
}

export interface NumberEmbedding {
  parameters: VariableSpec[];
  /** [N, F], normalised, none unknown, to [N, F, width]. */
  apply(values: Tensor, pass: Pass): Tensor;
}

export interface NumberEmbeddingOptions {
  name: string;
  columns: readonly NumberColumn[];
  width: number;
}

/** ReLU(Linear(codes)), the linear map of each column its own. */
export function piecewiseEmbedding(options: NumberEmbeddingOptions & { bins: number }): NumberEmbedding {
  const { name, columns, width, bins } = options;
  const size = binTables(columns, bins).left[0]?.length ?? 0;
  const linear = columnwise(`${name}/linear`, columns.length, size, width);
  return {
    parameters: linear.parameters,
    apply: (values, pass) => relu(linear.apply(piecewise(values, binTensors(columns, bins)), pass)),
  };
}

/** ReLU(Linear(sin(2πcx), cos(2πcx))), frequencies and linear map of each column its own. */
export function periodicEmbedding(
  options: NumberEmbeddingOptions & {
    frequencies: number;
    /** Deviation of the first frequencies. */
    deviation: number;
  },
): NumberEmbedding {
  const { name, columns, width, frequencies, deviation } = options;
  const coefficients: VariableSpec = {
    name: `${name}/frequencies`,
    shape: [columns.length, frequencies],
    initial: { kind: 'normal', deviation },
  };
  const linear = columnwise(`${name}/linear`, columns.length, 2 * frequencies, width);
  return {
    parameters: [coefficients, ...linear.parameters],
    apply(values, pass) {
      const waves = tf.mul(
        tf.mul(tf.expandDims(values, 2), variable(pass.parameters, coefficients.name)),
        2 * Math.PI,
      );
      return relu(linear.apply(tf.concat([tf.sin(waves), tf.cos(waves)], 2), pass));
    },
  };
}

/** A linear map of its own for every column: [N, F, inputs] to [N, F, outputs]; Glorot weights, bias 0. */
export function columnwise(name: string, columns: number, inputs: number, outputs: number): Layer {
  const kernel: VariableSpec = {
    name: `${name}/kernel`,
    shape: [columns, inputs, outputs],
    initial: { kind: 'glorot', fanIn: inputs, fanOut: outputs },
  };
  const bias: VariableSpec = {
    name: `${name}/bias`,
    shape: [columns, outputs],
    initial: { kind: 'constant', value: 0 },
  };
  return {
    parameters: [kernel, bias],
    statistics: [],
    apply(x, { parameters }) {
      const byColumn = tf.matMul(tf.transpose(x, [1, 0, 2]), variable(parameters, kernel.name));
      return tf.add(tf.transpose(byColumn, [1, 0, 2]), variable(parameters, bias.name));
    },
  };
}
