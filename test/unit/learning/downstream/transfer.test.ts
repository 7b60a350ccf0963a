import { describe, expect, it } from 'vitest';
import { transferWeights } from '../../../../src/learning/downstream/transfer.ts';
import type { StateArrays } from '../../../../src/tensor/index.ts';

const tensor = (shape: number[], value: number) => ({
  shape,
  dtype: 'float32' as const,
  values: new Float32Array(shape.reduce((size, side) => size * side, 1)).fill(value),
});
const source: StateArrays = {
  'encoder/stem/kernel': tensor([3, 4], 1),
  'encoder/stem/norm/mean': tensor([4], 2),
  'encoder/block/kernel': tensor([4, 8], 3),
  'projection/0/kernel': tensor([8, 2], 4),
};
const target: StateArrays = {
  'encoder/stem/kernel': tensor([3, 4], -1),
  'encoder/stem/norm/mean': tensor([4], -2),
  'encoder/block/kernel': tensor([4, 16], -3),
  'encoder/new/kernel': tensor([2], -4),
  'head/kernel': tensor([16, 5], -5),
};
const names = (list: { name: string }[]) => list.map(({ name }) => name);

describe('a transfer', () => {
  const { state, report } = transferWeights(source, target, { freeze: 'at-first' });

  it('takes encoder tensors of equal name and shape, parameters and statistics', () => {
    expect(names(report.taken)).toEqual(['encoder/stem/kernel', 'encoder/stem/norm/mean']);
    expect(state['encoder/stem/kernel']!.values).toEqual(new Float32Array(12).fill(1));
    expect(state['encoder/stem/norm/mean']!.values).toEqual(new Float32Array(4).fill(2));
  });

  it('leaves all others as they are and says why', () => {
    expect(state['encoder/block/kernel']!.values[0]).toBe(-3);
    expect(state['head/kernel']!.values[0]).toBe(-5);
    expect(report.missing.map(({ name, note }) => `${name}: ${note}`)).toEqual([
      'encoder/block/kernel: has shape [4, 8] in the checkpoint, begins at random',
      'encoder/new/kernel: not in the checkpoint, begins at random',
    ]);
    expect(names(report.replaced)).toEqual(['head/kernel', 'projection/0/kernel']);
  });

  it('accounts for every tensor of both', () => {
    const listed = new Set(names([...report.taken, ...report.replaced, ...report.missing]));
    for (const name of [...Object.keys(source), ...Object.keys(target)]) expect(listed).toContain(name);
  });

  it('lists what is frozen, and nothing where nothing is', () => {
    expect(names(report.frozen)).toEqual(names(report.taken));
    expect(transferWeights(source, target, { freeze: 'never' }).report.frozen).toEqual([]);
  });

  it('copies: the checkpoint stays as it is when the model learns', () => {
    state['encoder/stem/kernel']!.values[0] = 99;
    expect(source['encoder/stem/kernel']!.values[0]).toBe(1);
  });

  it('that fits nowhere is refused with the reason', () => {
    expect(() => transferWeights({ 'encoder/other': tensor([1], 0) }, target, { freeze: 'never' })).toThrow(
      /No tensor of the checkpoint fits the encoder \(encoder\/stem\/kernel: not in the checkpoint/,
    );
  });
});
