/** FT-Transformer (Gorishniy, Rubachev, Khrulkov and Babenko 2021): every column of a row is a token. */
import { z } from 'zod';
import { integerField } from '../../contract/fields.ts';
import { relu, tf, type Tensor } from '../../tensor/index.ts';
import { dropout } from '../layers/dropout.ts';
import { layerNorm } from '../layers/layer-norm.ts';
import { sequence, variable, type Layer, type Pass, type VariableSpec } from '../layers/layer.ts';
import { pointwise } from '../layers/perceptron.ts';
import { rowTokens } from '../layers/row-input.ts';
import { selfAttention } from '../layers/transformer.ts';
import { defineEncoder, sharedByHeads } from './encoder.ts';
import { rowEncoder, rowInputOf } from './row-encoder.ts';
import {
  binsField,
  dropoutField,
  frequenciesField,
  frequencyDeviationField,
  numberCodeField,
} from './row-options.ts';

interface BlockOptions {
  name: string;
  width: number;
  heads: number;
  rate: number;
  /** The first block's attention takes the tokens as they are. */
  first: boolean;
}

/** ReGLU (Shazeer 2020): half of what a linear map gives, times the rectified other half. */
function gated(name: string, width: number, rate: number): Layer {
  const hidden = Math.round((width * 4) / 3);
  const widen = pointwise(`${name}/widen`, width, 2 * hidden);
  const drop = dropout(`${name}/dropout`, rate);
  const narrow = pointwise(`${name}/narrow`, hidden, width);
  return {
    parameters: [...widen.parameters, ...narrow.parameters],
    statistics: [],
    apply(x, pass) {
      const [value, gate] = tf.split(widen.apply(x, pass), 2, -1) as [Tensor, Tensor];
      return narrow.apply(drop.apply(tf.mul(value, relu(gate)), pass), pass);
    },
  };
}

/** x + attention(norm(x)), then x + gated(norm(x)), each branch with dropout: [N, T, width]. */
function block({ name, width, heads, rate, first }: BlockOptions): Layer {
  const attention = sequence([
    ...(first ? [] : [layerNorm(`${name}/attention/norm`, width)]),
    selfAttention({ name: `${name}/attention`, width, heads }),
    dropout(`${name}/attention/dropout`, rate),
  ]);
  const mix = sequence([layerNorm(`${name}/mix/norm`, width), gated(`${name}/mix`, width, rate)]);
  return {
    parameters: [...attention.parameters, ...mix.parameters],
    statistics: [],
    apply(x, pass) {
      const attended = tf.add(x, attention.apply(x, pass));
      return tf.add(attended, mix.apply(attended, pass));
    },
  };
}

/** The tokens of a row, and before them one that becomes its features. */
function withClassToken(input: Layer, width: number): Layer {
  const token: VariableSpec = {
    name: 'encoder/class',
    shape: [width],
    initial: { kind: 'normal', deviation: 1 / Math.sqrt(width) },
  };
  return {
    parameters: [...input.parameters, token],
    statistics: [],
    apply(x: Tensor, pass: Pass) {
      const first = tf.reshape(variable(pass.parameters, token.name), [1, 1, width]);
      return tf.concat([tf.tile(first, [x.shape[0]!, 1, 1]), input.apply(x, pass)], 1);
    },
  };
}

export const ftTransformer = defineEncoder({
  id: 'ft-transformer',
  title: 'FT-Transformer',
  summary:
    'Every column is a token that looks at all others. Often the best network for tables, and the slowest: its work grows with the square of the columns.',
  modalities: ['table'],
  options: z
    .strictObject({
      width: integerField({
        title: 'Width',
        help: 'Numbers of a token, and of the features. A multiple of the heads.',
        minimum: 8,
        maximum: 1024,
        default: 64,
      }),
      depth: integerField({
        title: 'Depth',
        help: 'Blocks of attention and gated perceptron.',
        minimum: 1,
        maximum: 12,
        default: 3,
        unit: 'blocks',
      }),
      heads: integerField({
        title: 'Heads',
        help: 'Ways of looking at the other tokens in each block.',
        minimum: 1,
        maximum: 16,
        default: 8,
      }),
      numbers: numberCodeField('quantile'),
      dropout: dropoutField,
      bins: binsField,
      frequencies: frequenciesField,
      frequencyDeviation: frequencyDeviationField,
    })
    .refine(...sharedByHeads('width')),
  build(options, inputShape, about) {
    const { width, depth, heads, dropout: rate } = options;
    const asked = rowInputOf(options, inputShape, about);
    const input = withClassToken(rowTokens({ ...asked, width }), width);
    const norm = layerNorm('encoder/norm', width);
    const tokens = [1 + asked.columns.length, width];
    /** The class token of the last block, normalised and rectified, as the authors' head has it. */
    const leave: Layer = {
      ...norm,
      apply(x, pass) {
        const first = tf.reshape(tf.slice(x, [0, 0, 0], [-1, 1, -1]), [-1, width]);
        return relu(norm.apply(first, pass));
      },
    };
    return rowEncoder(inputShape, [
      { layer: input, stage: tokens },
      ...Array.from({ length: depth }, (_, place) => ({
        layer: block({ name: `encoder/block${place}`, width, heads, rate, first: place === 0 }),
        stage: tokens,
      })),
      { layer: leave, stage: [width] },
    ]);
  },
});
