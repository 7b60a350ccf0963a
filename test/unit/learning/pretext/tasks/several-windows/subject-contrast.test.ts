import { expect, it } from 'vitest';
import { projection } from '../../../../../../src/learning/layers/dense.ts';
import { previewItems } from '../../../../../../src/learning/pretext/preview.ts';
import { subjectContrast } from '../../../../../../src/learning/pretext/tasks/several-windows/subject-contrast.ts';
import { pretextOptions } from '../../../../../../src/learning/pretext/registry.ts';
import { tf } from '../../../../../../src/tensor/index.ts';
import { seed } from '../../../helpers.ts';
import { COUNT, dot, mean, numberOf, still, taskOn } from './setting.ts';

it('subject-aware contrast compares views of the same subject alone', () => {
  const { output, pass, windows, featuresOf } = taskOn('subject-contrast', {
    companions: 1,
    projectionHidden: 8,
    projectionSize: 4,
    temperature: 0.5,
  });
  const head = projection({ name: 'projection', inputs: 8, hidden: 8, outputs: 4 });
  const features = featuresOf(tf.concat([windows, windows], 0));
  const vectors = (head.apply(tf.tensor2d(features), pass).arraySync() as number[][]).map((row) =>
    row.map((x) => x / Math.sqrt(dot(row, row))),
  );
  const all = 2 * COUNT;
  const subject = (row: number) => Number(row % COUNT >= 3);
  // The last sample’s companion is missing.
  const counts = (row: number) => row % all !== all - 1;
  const views = Array.from({ length: 2 * all }, (_, row) => row).filter(counts);
  const each = views.map((row) => {
    const partner = (row + all) % (2 * all);
    const others = views.filter((other) => other !== row && subject(other) === subject(row));
    const scores = others.map((other) => dot(vectors[row]!, vectors[other]!) / 0.5);
    return (
      Math.log(scores.reduce((sum, score) => sum + Math.exp(score), 0)) - scores[others.indexOf(partner)]!
    );
  });
  expect(numberOf(output.loss)).toBeCloseTo(mean(each), 4);
  // Of six windows of the first subject, and five of the second, two views each: all but one’s own two.
  expect(numberOf(output.metrics['negatives']!)).toBeCloseTo((12 * 10 + 10 * 8) / 22, 4);
});

it('shows a sample of the same subject beside the two views', () => {
  const { samples, companions } = taskOn('subject-contrast', { companions: 1 });
  const options = pretextOptions(
    'subject-contrast',
    { companions: 1, signalViews: still },
    { modality: 'signal', inputShape: [32, 2], sampleCount: 100 },
  );
  const channelStatistics = { mean: [0, 0], standardDeviation: [1, 1] };
  const facts = { companions, found: tf.ones([COUNT, 1]) };
  const request = { modality: 'signal' as const, options, channelStatistics, samples, seed: seed(1), facts };
  const [first] = previewItems(subjectContrast, request, [0]);
  expect(first!.panels.map(({ title }) => title)).toEqual([
    'Sample',
    'First view',
    'Second view',
    'Same subject',
  ]);
  expect(first!.panels[3]!.values).toEqual(companions.dataSync().slice(0, 64));
});
