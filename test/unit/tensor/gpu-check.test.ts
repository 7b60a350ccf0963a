import { beforeAll, describe, expect, it } from 'vitest';
import {
  operationsOfTensorFlow,
  requireRightAnswers,
  type SmallOperations,
} from '../../../src/tensor/gpu-check.ts';
import { startTensorFlow } from '../../../src/tensor/index.ts';

describe('the check of a device’s answers', () => {
  let right: SmallOperations;
  beforeAll(async () => {
    await startTensorFlow();
    right = operationsOfTensorFlow();
  });

  it('finds nothing where they are right', () => {
    expect(() => requireRightAnswers(right)).not.toThrow();
  });

  it.each([
    ['product', 'of a product of matrices it gave 0 where -1 is right'],
    ['rectified', 'of a rectifier it gave 0 where 1 is right'],
    ['rowSums', 'of a sum it gave 0 where -5 is right'],
  ] as const)('names what comes back as zeros: %s', (operation, words) => {
    const zeros = (values: Float32Array) => new Float32Array(values.length);
    expect(() => requireRightAnswers({ ...right, [operation]: zeros })).toThrow(words);
  });
});
