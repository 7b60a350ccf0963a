/** Fully connected layers, and the small networks behind an encoder that pretext tasks need. */
import { linear, multiply, rectifiedLinear, relu, type Tensor } from '../../tensor/index.ts';
import { batchNorm } from './batch-norm.ts';
import { functionLayer, sequence, variable, type Initial, type Layer } from './layer.ts';

export interface DenseOptions {
  name: string;
  inputs: number;
  outputs: number;
  /** With a bias (default), which a following batch norm would undo. */
  bias?: boolean;
  /** Default: He, for a following rectifier. */
  initial?: Initial;
  /** Whether a rectifier follows; of layers with a bias. */
  rectified?: boolean;
}

/** [N, inputs] to [N, outputs]. */
export function dense({ name, inputs, outputs, bias = true, initial, rectified }: DenseOptions): Layer {
  const kernelName = `${name}/kernel`;
  const biasName = `${name}/bias`;
  const kernel = {
    name: kernelName,
    shape: [inputs, outputs],
    initial: initial ?? { kind: 'he' as const, fanIn: inputs },
  };
  const offset = { name: biasName, shape: [outputs], initial: { kind: 'constant' as const, value: 0 } };
  return {
    parameters: bias ? [kernel, offset] : [kernel],
    statistics: [],
    apply(x, pass) {
      const weights = variable(pass.parameters, kernelName);
      if (!bias) return multiply(x, weights);
      return (rectified ? rectifiedLinear : linear)(x, weights, variable(pass.parameters, biasName));
    },
  };
}

/** A linear map from features to answers, the last layer of a head: Glorot weights, bias 0. */
export function linearHead(name: string, inputs: number, outputs: number): Layer {
  return dense({ name, inputs, outputs, initial: { kind: 'glorot', fanIn: inputs, fanOut: outputs } });
}

export interface ProjectionOptions {
  name: string;
  inputs: number;
  hidden: number;
  outputs: number;
  /** Hidden layers, each with batch norm and rectifier. */
  hiddenLayers?: number;
  /** Default: with batch norm in the hidden layers. */
  normalizeHidden?: boolean;
  /** Of the hidden layers; default: rectifier. */
  activation?: (x: Tensor) => Tensor;
  /** A batch norm without scale and offset behind the last layer (SimCLR v1 and BYOL leave it out). */
  normalizeOutput?: boolean;
  /** Default: a bias in the last layer, unless its output is normalised. For losses that take out the mean: false. */
  outputBias?: boolean;
}

/** Projection head or predictor: hidden layers with batch norm and rectifier, then a linear layer. */
export function projection(options: ProjectionOptions): Layer {
  const { name, inputs, hidden, outputs, hiddenLayers = 1, normalizeOutput = false } = options;
  const { normalizeHidden = true, activation = relu, outputBias = !normalizeOutput } = options;
  const layers: Layer[] = [];
  for (let index = 0; index < hiddenLayers; index++) {
    const layerName = `${name}/${index}`;
    const from = index === 0 ? inputs : hidden;
    const rectified = activation === relu;
    const inner = { name: layerName, inputs: from, outputs: hidden, bias: !normalizeHidden };
    layers.push(dense({ ...inner, rectified: rectified && !normalizeHidden }));
    if (normalizeHidden) layers.push(batchNorm({ name: `${layerName}/norm`, channels: hidden, rectified }));
    if (!rectified) layers.push(functionLayer(activation));
  }
  const last = { name: `${name}/output`, inputs: hiddenLayers === 0 ? inputs : hidden, outputs };
  layers.push(
    dense({
      ...last,
      bias: outputBias,
      initial: { kind: 'glorot', fanIn: last.inputs, fanOut: outputs },
    }),
  );
  if (normalizeOutput)
    layers.push(batchNorm({ name: `${name}/output/norm`, channels: outputs, affine: false }));
  return sequence(layers);
}
