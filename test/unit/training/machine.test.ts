import { expect, it } from 'vitest';
import { encoderSchema } from '../../../src/contract/recipe/recipe.ts';
import { countValues, threadUseOf } from '../../../src/training/machine.ts';

it('computes operations side by side where an encoder’s are small, and each by all threads elsewhere', () => {
  const use = (family: string, modality: 'table' | 'image' | 'signal', threads: number | null = 2) =>
    threadUseOf({ threads, encoder: encoderSchema.parse({ family }), modality });
  expect(use('plain', 'table')).toEqual({ threads: 2, sideBySide: true });
  expect(use('residual', 'table', null)).toEqual({ threads: undefined, sideBySide: true });
  // Its products are large.
  expect(use('ft-transformer', 'table')).toEqual({ threads: 2, sideBySide: false });
  expect(use('residual', 'image')).toEqual({ threads: 2, sideBySide: false });
  expect(use('residual', 'signal')).toEqual({ threads: 2, sideBySide: false });
});

it('counts the numbers of the parameters that are named', () => {
  const array = (count: number) => ({
    shape: [count],
    dtype: 'float32' as const,
    values: new Float32Array(count),
  });
  const state = { 'encoder/a': array(3), 'encoder/b': array(4), 'head/a': array(5) };
  expect(countValues(state, ['encoder/'])).toBe(7);
  expect(countValues(state, ['encoder/', 'head/'])).toBe(12);
});
