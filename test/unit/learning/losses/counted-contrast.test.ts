import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  choiceAmongCounted,
  contrastWithinUnits,
  meanOfCounted,
  pairsAmongCounted,
} from '../../../../src/learning/losses/counted-contrast.ts';

import { tf, type Tensor } from '../../../../src/tensor/index.ts';
import '../helpers.ts';

const peer = JSON.parse(readFileSync(new URL('several-windows.json', import.meta.url), 'utf8')) as {
  inputs: Record<'first' | 'second', number[]>;
} & Record<'choice' | 'pairs' | 'within', Record<string, number>>;
const vectors = (name: 'first' | 'second') => tf.tensor(peer.inputs[name], [6, 4], 'float32');
const counted = tf.tensor1d([1, 1, 0, 1, 1, 1]);
const valueOf = (x: Tensor) => x.dataSync()[0]!;

describe('contrasts in which not every sample counts', () => {
  it('are PyTorch’s over those that count alone', () => {
    const logits = tf.mul(tf.matMul(vectors('first'), vectors('second'), false, true), 3);
    const { loss, accuracy } = choiceAmongCounted(logits, { counted });
    expect(valueOf(loss)).toBeCloseTo(peer.choice['loss']!, 4);
    expect(valueOf(accuracy)).toBeCloseTo(peer.choice['accuracy']!, 6);
  });

  it('are PyTorch’s in both directions, without what is excluded', () => {
    const excluded = tf.buffer([6, 6]);
    excluded.set(1, 0, 1);
    excluded.set(1, 1, 0);
    const counting = { counted, excluded: excluded.toTensor() as Tensor };
    const { loss, accuracy } = pairsAmongCounted(vectors('first'), vectors('second'), 0.2, counting);
    expect(valueOf(loss)).toBeCloseTo(peer.pairs['loss']!, 5);
    expect(valueOf(accuracy)).toBeCloseTo(peer.pairs['accuracy']!, 6);
  });

  it('within units are PyTorch’s with negatives of the same unit alone', () => {
    const units = tf.tensor1d([0, 0, 0, 1, 1, -1], 'int32');
    const found = contrastWithinUnits(vectors('first'), vectors('second'), 0.5, { units, counted });
    expect(valueOf(found.loss)).toBeCloseTo(peer.within['loss']!, 5);
    expect(valueOf(found.negatives)).toBeCloseTo(peer.within['negatives']!, 6);
  });

  it('are 0 where nothing counts', () => {
    expect(valueOf(meanOfCounted(tf.ones([3]), tf.zeros([3])))).toBe(0);
  });
});
