import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createPass } from '../../../../src/learning/layers/layer.ts';
import { gatedRecurrentUnits } from '../../../../src/learning/layers/recurrent.ts';
import { gradients, tf, type Scalar } from '../../../../src/tensor/index.ts';
import '../helpers.ts';

const { gru } = JSON.parse(
  readFileSync(new URL('../losses/several-windows.json', import.meta.url), 'utf8'),
) as { gru: Record<string, number[]> };
const worst = (found: ArrayLike<number>, expected: readonly number[]) =>
  Math.max(...expected.map((value, i) => Math.abs(value - found[i]!)));

it('gated units and their gradient are PyTorch’s', () => {
  const layer = gatedRecurrentUnits('gru', 3, 5);
  const parameters = {
    'gru/enter/kernel': tf.tensor2d(gru['enter']!, [3, 15]),
    'gru/enter/bias': tf.tensor1d(gru['enterBias']!),
    'gru/again/kernel': tf.tensor2d(gru['again']!, [5, 15]),
    'gru/again/bias': tf.tensor1d(gru['againBias']!),
  };
  const x = tf.tensor3d(gru['x']!, [2, 4, 3]);
  const run = (values: typeof parameters) =>
    layer.apply(x, createPass({ parameters: values, statistics: {} }, true));
  expect(worst(run(parameters).dataSync(), gru['last']!)).toBeLessThan(1e-5);
  const { grads } = gradients(
    (moving) => ({ loss: tf.sum(tf.square(run(moving as typeof parameters))) as Scalar }),
    parameters,
  );
  expect(worst(grads['gru/again/kernel']!.dataSync(), gru['againGradient']!)).toBeLessThan(1e-5);
});
