/** A plain multilayer perceptron for table rows. */
import { z } from 'zod';
import { integerField } from '../../contract/fields.ts';
import { dense } from '../layers/dense.ts';
import { dropout } from '../layers/dropout.ts';
import { sequence } from '../layers/layer.ts';
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

export const plainTable = defineEncoder({
  id: 'plain',
  title: 'Multilayer perceptron',
  summary: 'Dense layers, one behind the other. Quick, and hard to beat on small tables.',
  modalities: ['table'],
  smallOperations: true,
  options: z.strictObject({
    width: integerField({
      title: 'Width',
      help: 'Units of each hidden layer.',
      minimum: 4,
      maximum: 4096,
      default: 256,
      unit: 'units',
    }),
    stages: integerField({
      title: 'Layers',
      help: 'Dense layers before the one that gives the features.',
      minimum: 1,
      maximum: 12,
      default: 2,
    }),
    features: integerField({
      title: 'Features',
      help: 'Numbers that describe a row in the end.',
      minimum: 8,
      maximum: 2048,
      default: 128,
    }),
    numbers: numberCodeField('quantile'),
    embedding: embeddingField,
    dropout: dropoutField,
    bins: binsField,
    frequencies: frequenciesField,
    frequencyDeviation: frequencyDeviationField,
  }),
  build(options, inputShape, about) {
    const { width, stages, features, embedding, dropout: rate } = options;
    const input = rowVector({ ...rowInputOf(options, inputShape, about), embedding });
    const widths = [...Array.from({ length: stages }, () => width), features];
    const layers = widths.map((outputs, place) => {
      const name = `encoder/layer${place}`;
      const common = { name, outputs, rectified: true };
      const { layer, stands } =
        place === 0
          ? rowDense(input, common)
          : { layer: dense({ ...common, inputs: widths[place - 1]! }), stands: undefined };
      const behind = place < stages ? [dropout(`${name}/dropout`, rate)] : [];
      return { stage: [outputs], layer: sequence([layer, ...behind]), ...(stands && { stands }) };
    });
    return { ...rowEncoder(inputShape, layers), takesViewsApart: true };
  },
});
