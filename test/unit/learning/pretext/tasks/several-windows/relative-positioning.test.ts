import { expect, it } from 'vitest';
import { comparison } from '../../../../../../src/learning/pretext/parts/several-windows.ts';
import { pretextOptions } from '../../../../../../src/learning/pretext/registry.ts';
import { dot, mean, numberOf, rowsApart, softplus, taskOn } from './setting.ts';

it('relative positioning has the logistic loss of the distance of features, of samples with companions alone', () => {
  const { output, value, windows, featuresOf } = taskOn('relative-positioning', { compared: 0 });
  const [own, near, far] = rowsApart(featuresOf(windows));
  const weights = [...value('head/kernel').dataSync()];
  const logit = (a: number[], b: number[]) =>
    dot(
      a.map((x, i) => Math.abs(x - b[i]!)),
      weights,
    );
  const each = [0, 1, 2, 3, 4].flatMap((row) => [
    softplus(-logit(own![row]!, near![row]!)),
    softplus(logit(own![row]!, far![row]!)),
  ]);
  expect(numberOf(output.loss)).toBeCloseTo(mean(each), 4);
  expect(numberOf(output.metrics['found']!)).toBeCloseTo(5 / 6, 6);
});

it('compares projections of the features where that is asked for, and drops the layers with the head', () => {
  const { output, value, windows, features, pass } = taskOn('relative-positioning', { compared: 5 });
  const layer = comparison(8, 5);
  const [own, near, far] = rowsApart(layer.apply(features(windows), pass).arraySync() as number[][]);
  const weights = [...value('head/kernel').dataSync()];
  expect(weights).toHaveLength(5);
  const logit = (a: number[], b: number[]) =>
    dot(
      a.map((x, i) => Math.abs(x - b[i]!)),
      weights,
    );
  const each = [0, 1, 2, 3, 4].flatMap((row) => [
    softplus(-logit(own![row]!, near![row]!)),
    softplus(logit(own![row]!, far![row]!)),
  ]);
  expect(numberOf(output.loss)).toBeCloseTo(mean(each), 4);
});

it('what is far cannot be near', () => {
  const context = { modality: 'signal' as const, inputShape: [32, 2], sampleCount: 100 };
  expect(() => pretextOptions('relative-positioning', { near: 8, far: 8 }, context)).toThrow(
    'Windows that are far must be farther than those that are near (8). Found: 8.',
  );
});
