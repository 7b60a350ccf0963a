/** The block of ConvNeXt (Liu et al. 2022), for images and signals. */
import { addBias, depthwiseConv1d, depthwiseConv2d, tf } from '../../tensor/index.ts';
import type { Dimensions } from './convolution.ts';
import { layerNorm } from './layer-norm.ts';
import { variable, type Layer } from './layer.ts';
import { perceptron } from './perceptron.ts';

/** Blocks begin as small changes to what enters them (layer scale; Touvron et al. 2021, for shallow networks). */
const FIRST_SCALE = 0.1;
const EXPANSION = 4;

export interface ConvNextBlockOptions {
  name: string;
  dimensions: Dimensions;
  channels: number;
  /** Side of the square depthwise kernel, or its length. */
  kernelSize: number;
}

/** x + scale · perceptron(norm(depthwise convolution(x))); keeps the shape of [N, …, channels]. */
export function convNextBlock({ name, dimensions, channels, kernelSize }: ConvNextBlockOptions): Layer {
  const names = {
    kernel: `${name}/depthwise/kernel`,
    bias: `${name}/depthwise/bias`,
    scale: `${name}/scale`,
  };
  const sides = new Array<number>(dimensions).fill(kernelSize);
  const norm = layerNorm(`${name}/norm`, channels);
  const mix = perceptron(name, channels, EXPANSION);
  const convolve = dimensions === 2 ? depthwiseConv2d : depthwiseConv1d;
  const deviation = Math.sqrt(1 / kernelSize ** dimensions);
  return {
    parameters: [
      { name: names.kernel, shape: [...sides, channels], initial: { kind: 'normal', deviation } },
      { name: names.bias, shape: [channels], initial: { kind: 'constant', value: 0 } },
      ...norm.parameters,
      ...mix.parameters,
      { name: names.scale, shape: [channels], initial: { kind: 'constant', value: FIRST_SCALE } },
    ],
    statistics: [],
    apply(x, pass) {
      const spread = convolve(x, variable(pass.parameters, names.kernel));
      const placed = addBias(spread, variable(pass.parameters, names.bias));
      const change = mix.apply(norm.apply(placed, pass), pass);
      return tf.add(x, tf.mul(change, variable(pass.parameters, names.scale)));
    },
  };
}
