import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  normalizedViews,
  previewOfTwoViews,
  twoViews,
  viewFields,
} from '../../../../../src/learning/pretext/parts/two-views.ts';
import type { PreviewRequest } from '../../../../../src/learning/pretext/task.ts';
import type { ViewChoices } from '../../../../../src/learning/modalities/views.ts';
import { tf } from '../../../../../src/tensor/index.ts';
import { maxDifference, seed, signalsOf } from '../../helpers.ts';

const fields = z.object(viewFields({ signal: { noise: 0.5 } }));
const statistics = { mean: [2, 2.2], standardDeviation: [0.5, 0.25] };
const request = (number: number, signalViews: object = {}): PreviewRequest<ViewChoices> =>
  ({
    samples: signalsOf(3, 20, 2),
    seed: seed(number),
    options: fields.parse({ signalViews }),
    modality: 'signal',
    channelStatistics: statistics,
  }) as unknown as PreviewRequest<ViewChoices>;
const nothing = {
  cropProbability: 0,
  scaleProbability: 0,
  noiseProbability: 0,
  timeMaskProbability: 0,
  channelDropProbability: 0,
};

it('has options of the views of every kind of data, the usual ones but for what is changed', () => {
  const options = fields.parse({}) as Record<string, Record<string, unknown>>;
  expect(Object.keys(options).toSorted()).toEqual(['imageViews', 'signalViews', 'tableViews']);
  expect(options['signalViews']!['noise']).toBe(0.5);
  const usual = z.object(viewFields()).parse({}) as typeof options;
  expect(usual['signalViews']).toEqual({ ...options['signalViews'], noise: usual['signalViews']!['noise'] });
});

describe('two views', () => {
  it('differ from each other, and are the same again for the same seed', () => {
    const [first, second] = twoViews(request(1));
    const [again] = twoViews(request(1));
    const [other] = twoViews(request(2));
    expect(first.shape).toEqual([3, 20, 2]);
    expect(maxDifference(first, second)).toBeGreaterThan(0.01);
    expect(maxDifference(first, again)).toBe(0);
    expect(maxDifference(first, other)).toBeGreaterThan(0.01);
  });

  it('are the samples where nothing is to change, and come normalised to an encoder', () => {
    const unchanged = request(1, nothing);
    const [first, second] = twoViews(unchanged);
    expect([first, second].map((view) => maxDifference(view, unchanged.samples))).toEqual([0, 0]);
    const expected = tf.div(tf.sub(unchanged.samples, [2, 2.2]), [0.5, 0.25]);
    for (const view of normalizedViews(unchanged)) expect(maxDifference(view, expected)).toBeLessThan(1e-5);
  });

  it('are shown beside their sample, with the same words for each', () => {
    const { columns, pseudoLabels } = previewOfTwoViews(request(1), 'same sample');
    expect(columns.map(({ title, role }) => [title, role])).toEqual([
      ['Sample', 'input'],
      ['First view', 'view'],
      ['Second view', 'view'],
    ]);
    expect(maxDifference(columns[0]!.values, request(1).samples)).toBe(0);
    expect(pseudoLabels).toEqual(['same sample', 'same sample', 'same sample']);
  });
});
