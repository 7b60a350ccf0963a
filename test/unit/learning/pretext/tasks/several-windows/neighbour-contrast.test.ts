import { expect, it } from 'vitest';
import { inOneNeighbourhood } from '../../../../../../src/learning/pretext/tasks/several-windows/neighbour-contrast.ts';
import { projection } from '../../../../../../src/learning/layers/dense.ts';
import { tf } from '../../../../../../src/tensor/index.ts';
import { COUNT, dot, mean, numberOf, taskOn } from './setting.ts';

it('the contrast of neighbours leaves out pairs of the batch that are neighbours themselves', () => {
  const { output, pass, windows, featuresOf } = taskOn('neighbour-contrast', {
    projectionHidden: 8,
    projectionSize: 4,
    temperature: 0.5,
  });
  const head = projection({ name: 'projection', inputs: 8, hidden: 8, outputs: 4 });
  const vectors = (head.apply(tf.tensor2d(featuresOf(windows)), pass).arraySync() as number[][]).map((row) =>
    row.map((x) => x / Math.sqrt(dot(row, row))),
  );
  const [own, near] = [vectors.slice(0, COUNT), vectors.slice(COUNT)];
  // Of the batch, samples 0 and 1 are of one recording and 32 values apart: a window's length.
  const candidates = (row: number) =>
    [0, 1, 2, 3, 4].filter((other) => other === row || row > 1 || other > 1);
  const entropy = (asked: number[][], keys: number[][], row: number) => {
    const scores = candidates(row).map((other) => dot(asked[row]!, keys[other]!) / 0.5);
    const right = scores[candidates(row).indexOf(row)]!;
    return Math.log(scores.reduce((sum, score) => sum + Math.exp(score), 0)) - right;
  };
  const each = [0, 1, 2, 3, 4].flatMap((row) => [entropy(own, near, row), entropy(near, own, row)]);
  expect(numberOf(output.loss)).toBeCloseTo(mean(each), 4);
});

it('a neighbourhood is of one recording and no wider than asked for', () => {
  const recording = tf.tensor1d([0, 0, 0, 1], 'int32');
  const time = tf.tensor1d([0, 64, 97, 0]);
  expect(inOneNeighbourhood({ recording, time }, 2, 32).arraySync()).toEqual([
    [1, 1, 0, 0],
    [1, 1, 1, 0],
    [0, 1, 1, 0],
    [0, 0, 0, 1],
  ]);
});
