import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { neighbourhoodLoss } from '../../../../src/learning/losses/neighbourhood.ts';
import { tf } from '../../../../src/tensor/index.ts';
import '../helpers.ts';

const peer = JSON.parse(readFileSync(new URL('several-windows.json', import.meta.url), 'utf8')) as {
  inputs: Record<'near' | 'far', number[]>;
  neighbourhood: { loss: number };
};

it('the loss of neighbourhoods is PyTorch’s over those that count', () => {
  const logits = (name: 'near' | 'far') => tf.tensor1d(peer.inputs[name]);
  const counted = tf.tensor1d([1, 1, 0, 1, 1, 1]);
  const loss = neighbourhoodLoss(logits('near'), logits('far'), 0.1, counted);
  expect(loss.dataSync()[0]).toBeCloseTo(peer.neighbourhood.loss, 5);
});
