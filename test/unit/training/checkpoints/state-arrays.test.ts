import { expect, it } from 'vitest';
import { finishedModel, weightsOfHead } from '../../../../src/training/checkpoints/state-arrays.ts';

const value = (of: number) => ({ shape: [1], dtype: 'float32' as const, values: Float32Array.of(of) });
const state = {
  'encoder/kernel': value(1),
  'head/kernel': value(2),
  'heads/grain/kernel': value(3),
  'heads/grain and oats/kernel': value(4),
  'optimizer/m/head/kernel': value(5),
};

it('keeps of a finished model the heads that belong to it', () => {
  expect(Object.keys(finishedModel(state))).toEqual(['encoder/kernel', 'head/kernel']);
  expect(Object.keys(finishedModel(state, ['grain']))).toEqual([
    'encoder/kernel',
    'head/kernel',
    'heads/grain/kernel',
  ]);
});

it('gives the weights of one head as if it were the only one', () => {
  const model = finishedModel(state, ['grain', 'grain and oats']);
  expect(weightsOfHead(model, null)).toEqual({ 'encoder/kernel': value(1), 'head/kernel': value(2) });
  expect(weightsOfHead(model, 'grain')).toEqual({ 'encoder/kernel': value(1), 'head/kernel': value(3) });
});
