import { expect, it } from 'vitest';
import { importSchema } from '../../../src/contract/recipe/recipe.ts';
import { inDecimals, optionsFor } from '../../../src/data/new-options.ts';

it('a model takes the decimal sign that it is told, in place of that of its training data, which stays', () => {
  const { path: _path, ...options } = importSchema.parse({ path: '/data', text: { decimal: 'point' } });
  const taker = {
    name: 'model',
    preparation: {
      options,
      stored: { shape: [4], dtype: 'float32' as const },
      steps: [],
      bits: null,
      channelNames: null,
      samplingRate: null,
    },
  };
  expect(inDecimals(taker, undefined)).toBe(taker);
  const told = inDecimals(taker, 'comma');
  expect(optionsFor(told.preparation).text).toEqual({ ...options.text, decimal: 'comma' });
  expect(told.name).toBe('model');
  expect(taker.preparation.options.text.decimal).toBe('point');
});
