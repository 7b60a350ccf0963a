import { describe, expect, it } from 'vitest';
import { maskCrossEntropy, rowErrors } from '../../../../src/learning/losses/row-reconstruction.ts';
import { gradients, tf } from '../../../../src/tensor/index.ts';
import '../helpers.ts';

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const logSoftmax = (row: number[], k: number) =>
  row[k]! - Math.log(row.reduce((sum, value) => sum + Math.exp(value), 0));

describe('the errors of a row', () => {
  const numbers = [
    [0.5, -1],
    [2, 0],
    [0.1, 0.3],
  ];
  const logits = [
    [1, 0, -1],
    [0.2, 0.4, 0],
    [-2, 1, 3],
  ];
  const binary = [
    [0.3, -0.3],
    [1, 2],
    [0, 0.5],
  ];
  const target = {
    numbers: [
      [1, -1],
      [0, 0.5],
      [0.1, 0],
    ],
    codes: [
      [0, 1],
      [2, 0],
      [1, 1],
    ],
    weights: [
      [1, 0],
      [1, 1],
      [0, 0],
    ],
    categoryWeights: [
      [1, 1],
      [0, 1],
      [1, 0],
    ],
  };
  const found = () =>
    rowErrors(
      { numbers: tf.tensor2d(numbers), categories: [tf.tensor2d(logits), tf.tensor2d(binary)] },
      {
        numbers: tf.tensor2d(target.numbers),
        codes: tf.tensor2d(target.codes, undefined, 'int32'),
        weights: { numbers: tf.tensor2d(target.weights), categories: tf.tensor2d(target.categoryWeights) },
      },
    );

  it('are squares of numbers and cross entropies of categories, over the cells that are asked for', () => {
    const squares = 0.5 ** 2 + 2 ** 2 + 0.5 ** 2;
    const surprise = -(
      logSoftmax(logits[0]!, 0) +
      logSoftmax(logits[2]!, 1) +
      logSoftmax(binary[0]!, 1) +
      logSoftmax(binary[1]!, 0)
    );
    const { loss, numberError, categoryAccuracy } = found();
    expect(loss.dataSync()[0]).toBeCloseTo((squares + surprise) / 7, 5);
    expect(numberError.dataSync()[0]).toBeCloseTo(squares / 3, 5);
    // Right: the first logits of the first row alone.
    expect(categoryAccuracy.dataSync()[0]).toBeCloseTo(1 / 4, 6);
  });

  it('are 0 where nothing is asked, and of numbers alone where there are no categories', () => {
    const nothing = rowErrors(
      { numbers: tf.tensor2d(numbers), categories: [] },
      {
        numbers: tf.zeros([3, 2]),
        codes: tf.zeros([3, 0], 'int32'),
        weights: { numbers: tf.zeros([3, 2]), categories: tf.zeros([3, 0]) },
      },
    );
    expect(nothing.loss.dataSync()[0]).toBe(0);
    const alone = rowErrors(
      { numbers: tf.tensor2d(numbers), categories: [] },
      {
        numbers: tf.zeros([3, 2]),
        codes: tf.zeros([3, 0], 'int32'),
        weights: { numbers: tf.ones([3, 2]), categories: tf.zeros([3, 0]) },
      },
    );
    const mean = numbers.flat().reduce((sum, value) => sum + value ** 2, 0) / 6;
    expect(alone.loss.dataSync()[0]).toBeCloseTo(mean, 5);
  });
});

describe('the cross entropy of a mask', () => {
  const logits = [
    [-3, 0.5, 60],
    [2, -80, 1],
  ];
  const targets = [
    [0, 1, 1],
    [0, 0, 1],
  ];

  it('is −y log σ − (1 − y) log (1 − σ), also where σ is 0 or 1 in float32', () => {
    const expected = [-3, 0.5, 2, 1].map((x, i) => {
      const y = [0, 1, 0, 1][i]!;
      return -(y * Math.log(sigmoid(x)) + (1 - y) * Math.log(1 - sigmoid(x)));
    });
    const mean = expected.reduce((sum, value) => sum + value, 0) / 6;
    expect(maskCrossEntropy(tf.tensor2d(logits), tf.tensor2d(targets)).dataSync()[0]).toBeCloseTo(mean, 5);
  });

  it('has the slope (σ − y) / N', () => {
    const { grads } = gradients(({ x }) => ({ loss: maskCrossEntropy(x!, tf.tensor2d(targets)) }), {
      x: tf.tensor2d(logits),
    });
    const slopes = grads.x!.dataSync();
    logits.flat().forEach((x, i) => expect(slopes[i]).toBeCloseTo((sigmoid(x) - targets.flat()[i]!) / 6, 5));
  });
});
