/** Residual blocks of dense layers for table rows (ResNet of Gorishniy et al. 2021), with embeddings of numbers. */
import { z } from 'zod';
import { integerField } from '../../contract/fields.ts';
import { relu, tf } from '../../tensor/index.ts';
import { batchNorm } from '../layers/batch-norm.ts';
import { dense } from '../layers/dense.ts';
import { dropout } from '../layers/dropout.ts';
import { functionLayer, sequence, type Layer } from '../layers/layer.ts';
import { rowDense } from '../layers/row-dense.ts';
import { rowVector } from '../layers/row-input.ts';
import { defineEncoder } from './encoder.ts';
import { rowEncoder, rowInputOf } from './row-encoder.ts';
import {
  binsField,
  dropoutField,
  embeddingField,
  frequenciesField,
  frequencyDeviationField,
  numberCodeField,
} from './row-options.ts';

/** x + linear(dropout(relu(linear(norm(x))))): float32 [N, width]. */
function residualBlock(name: string, width: number, rate: number): Layer {
  const inner = sequence([
    batchNorm({ name: `${name}/norm`, channels: width }),
    dense({ name: `${name}/widen`, inputs: width, outputs: 2 * width }),
    functionLayer(relu),
    dropout(`${name}/dropout`, rate),
    dense({
      name: `${name}/narrow`,
      inputs: 2 * width,
      outputs: width,
      initial: { kind: 'glorot', fanIn: 2 * width, fanOut: width },
    }),
  ]);
  return { ...inner, apply: (x, pass) => tf.add(x, inner.apply(x, pass)) };
}

export const residualTable = defineEncoder({
  id: 'residual',
  title: 'Residual network for rows',
  summary:
    'Residual blocks of dense layers with batch norm, and numbers told by several numbers each: a strong first choice for tables.',
  modalities: ['table'],
  smallOperations: true,
  options: z.strictObject({
    width: integerField({
      title: 'Width',
      help: 'Numbers between the blocks; within a block there are twice as many.',
      minimum: 4,
      maximum: 2048,
      default: 128,
    }),
    stages: integerField({
      title: 'Blocks',
      help: 'Residual blocks of two dense layers each.',
      minimum: 1,
      maximum: 12,
      default: 2,
      unit: 'blocks',
    }),
    features: integerField({
      title: 'Features',
      help: 'Numbers that describe a row in the end.',
      minimum: 8,
      maximum: 2048,
      default: 128,
    }),
    numbers: numberCodeField('piecewise-linear'),
    embedding: embeddingField,
    dropout: dropoutField,
    bins: binsField,
    frequencies: frequenciesField,
    frequencyDeviation: frequencyDeviationField,
  }),
  build(options, inputShape, about) {
    const { width, stages, features, embedding, dropout: rate } = options;
    const input = rowVector({ ...rowInputOf(options, inputShape, about), embedding });
    const enter = rowDense(input, {
      name: 'encoder/enter',
      outputs: width,
      initial: { kind: 'glorot', fanIn: input.width, fanOut: width },
      rectified: false,
    });
    const leave = sequence([
      batchNorm({ name: 'encoder/norm', channels: width }),
      functionLayer(relu),
      dense({ name: 'encoder/leave', inputs: width, outputs: features }),
      functionLayer(relu),
    ]);
    return rowEncoder(inputShape, [
      enter,
      ...Array.from({ length: stages }, (_, place) => ({
        layer: residualBlock(`encoder/block${place}`, width, rate),
        stage: [width],
      })),
      { layer: leave, stage: [features] },
    ]);
  },
});
