import { expect, it } from 'vitest';
import { projection } from '../../../../../../src/learning/layers/dense.ts';
import { tf } from '../../../../../../src/tensor/index.ts';
import { mean, numberOf, rowsApart, softplus, taskOn } from './setting.ts';

it('neighbourhood coding asks its discriminator about pairs, and holds far ones for neighbours by the weight', () => {
  const { output, pass, windows, featuresOf } = taskOn('neighbourhood-coding', {
    unlabeledWeight: 0.2,
    hidden: 8,
  });
  const [own, near, far] = rowsApart(featuresOf(windows));
  const head = projection({ name: 'discriminator', inputs: 16, hidden: 8, outputs: 1 });
  const pairs = [near!, far!].flatMap((others) => own!.map((row, i) => [...row, ...others[i]!]));
  const logits = head.apply(tf.tensor2d(pairs), pass).dataSync();
  const each = [0, 1, 2, 3, 4].map((row) => {
    const [ofNear, ofFar] = [logits[row]!, logits[6 + row]!];
    return (softplus(-ofNear) + 0.8 * softplus(ofFar) + 0.2 * softplus(-ofFar)) / 2;
  });
  expect(numberOf(output.loss)).toBeCloseTo(mean(each), 4);
});
