import { expect, it } from 'vitest';
import { gatedRecurrentUnits } from '../../../../../../src/learning/layers/recurrent.ts';
import { tf } from '../../../../../../src/tensor/index.ts';
import { dot, mean, numberOf, rowsApart, taskOn } from './setting.ts';

it('predictive coding must find each next window of a sample among those of the batch', () => {
  const { output, pass, value, windows, featuresOf } = taskOn('predictive-coding', {
    context: 2,
    ahead: 2,
    contextUnits: 8,
  });
  const parts = rowsApart(featuresOf(windows));
  const rows = parts[0]!.map((_, row) => parts.slice(0, 2).map((part) => part[row]!));
  const summary = gatedRecurrentUnits('context', 8, 8)
    .apply(tf.tensor3d(rows), pass)
    .arraySync() as number[][];
  const losses = [1, 2].map((ahead) => {
    const kernel = value(`ahead/${ahead}/kernel`).arraySync() as number[][];
    const told = summary.map((row) =>
      kernel[0]!.map((_, i) =>
        dot(
          row,
          kernel.map((line) => line[i]!),
        ),
      ),
    );
    const keys = parts[1 + ahead]!;
    const each = [0, 1, 2, 3, 4].map((row) => {
      const scores = [0, 1, 2, 3, 4].map((other) => dot(told[row]!, keys[other]!));
      return Math.log(scores.reduce((sum, score) => sum + Math.exp(score), 0)) - scores[row]!;
    });
    return mean(each);
  });
  expect(numberOf(output.loss)).toBeCloseTo(mean(losses), 4);
});
