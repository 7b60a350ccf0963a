import { expect, it } from 'vitest';
import { peakBytes, type TracedOperation } from '../../../src/tensor/compile/memory.ts';

const operation = (op: string, inputs: string[], source: string, bytes: number): TracedOperation => ({
  op,
  inputs,
  outputs: [{ source, bytes }],
});

it('counts what is alive at the fullest moment', () => {
  const chain = [
    operation('Conv2D', ['x'], 'a', 10),
    operation('Conv2D', ['a'], 'b', 20),
    operation('Conv2D', ['b'], 'c', 5),
  ];
  // a and b together; then b and c.
  expect(peakBytes(chain, ['c'])).toBe(30);
  // What the backward pass reads again stays.
  expect(peakBytes([...chain, operation('Conv2D', ['c', 'a'], 'd', 1)], ['d'])).toBe(35);
});

it('leaves out what nobody needs, and what only renames or works in place', () => {
  const needless = operation('Conv2D', ['x'], 'never', 1000);
  const reshaped = [operation('Conv2D', ['x'], 'a', 10), operation('Reshape', ['a'], 'b', 10)];
  expect(peakBytes([needless, ...reshaped], ['b'])).toBe(10);
  expect(peakBytes([...reshaped, operation('Relu', ['b'], 'c', 10)], ['c'])).toBe(10);
  expect(peakBytes([...reshaped, operation('Conv2D', ['b'], 'c', 10)], ['c'])).toBe(20);
});
