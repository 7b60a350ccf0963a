/** Convolutions over images and signals, each with what usually follows it. */
import {
  conv1d,
  conv1dTranspose,
  conv2d,
  conv2dTranspose,
  maxPool1d,
  maxPool2d,
  type Tensor,
} from '../../tensor/index.ts';
import { batchNorm } from './batch-norm.ts';
import { functionLayer, sequence, variable, type Layer } from './layer.ts';

/** 2 for images [N, H, W, C], 1 for signals [N, L, C]. */
export type Dimensions = 1 | 2;

export interface ConvolutionOptions {
  name: string;
  dimensions: Dimensions;
  /** Side of the square kernel, or its length. */
  size: number;
  inputs: number;
  outputs: number;
  stride?: number;
}

/** Convolution with centred padding and without bias (a batch norm follows and has one). */
export function convolution(options: ConvolutionOptions): Layer {
  const { dimensions, size, inputs, outputs, stride = 1 } = options;
  const name = `${options.name}/kernel`;
  const sides = new Array<number>(dimensions).fill(size);
  const fanIn = inputs * size ** dimensions;
  const convolve = dimensions === 2 ? conv2d : conv1d;
  return {
    parameters: [{ name, shape: [...sides, inputs, outputs], initial: { kind: 'he', fanIn } }],
    statistics: [],
    // Where a residual block halves its input, its first convolution and its shortcut must look at the same places.
    apply: (x, pass) => convolve(x, variable(pass.parameters, name), stride, 'centred'),
  };
}

/** The transpose of a convolution, with padding `same` and without bias: every side is multiplied by the stride. */
export function transposedConvolution(options: ConvolutionOptions): Layer {
  const { dimensions, size, inputs, outputs, stride = 1 } = options;
  const name = `${options.name}/kernel`;
  const sides = new Array<number>(dimensions).fill(size);
  // Of a kernel's places only every stride-th meets an input.
  const fanIn = inputs * Math.ceil(size / stride) ** dimensions;
  const convolve = dimensions === 2 ? conv2dTranspose : conv1dTranspose;
  return {
    parameters: [{ name, shape: [...sides, outputs, inputs], initial: { kind: 'he', fanIn } }],
    statistics: [],
    apply: (x, pass) => convolve(x, variable(pass.parameters, name), stride, 'same'),
  };
}

/** Convolution, batch norm and, unless `activation` is false, a rectifier. */
export function convolutionUnit(options: ConvolutionOptions & { activation?: boolean }): Layer {
  const { name, outputs, activation = true } = options;
  return sequence([
    convolution({ ...options, name: `${name}/convolution` }),
    batchNorm({ name: `${name}/norm`, channels: outputs, rectified: activation }),
  ]);
}

/** Max pooling, window 3, stride 2, padding `same`. */
export function maxPool(dimensions: Dimensions): Layer {
  const pool = dimensions === 2 ? maxPool2d : maxPool1d;
  return functionLayer((x) => pool(x, 3, 2, 'same'));
}

/** Length of a side after a layer of that stride, unless its padding is `valid`. */
export const sideAfter = (side: number, stride: number) => Math.ceil(side / stride);

/** Two convolution units around which the input is added: the residual block (He et al. 2016). */
export function residualBlock(options: ConvolutionOptions): Layer {
  const { name, inputs, outputs, stride = 1 } = options;
  const body = sequence([
    convolutionUnit({ ...options, name: `${name}/first` }),
    convolution({ ...options, name: `${name}/second/convolution`, inputs: outputs, stride: 1 }),
  ]);
  const norm = batchNorm({ name: `${name}/second/norm`, channels: outputs, rectified: true });
  const shortcut =
    inputs === outputs && stride === 1
      ? functionLayer((x) => x)
      : convolutionUnit({ ...options, name: `${name}/shortcut`, size: 1, activation: false });
  return {
    parameters: [...body.parameters, ...norm.parameters, ...shortcut.parameters],
    statistics: [...body.statistics, ...norm.statistics, ...shortcut.statistics],
    apply(x, pass): Tensor {
      const inner = body.apply(x, pass);
      return norm.apply(inner, pass, shortcut.apply(x, pass));
    },
  };
}
