import { describe, expect, it } from 'vitest';
import { headsOf, withHead } from '../../../../src/contract/model/heads.ts';
import type { Followed } from '../../../../src/contract/model/making.ts';
import { modelSchema, partsOf, type Model, type OtherHead } from '../../../../src/contract/model/model.ts';
import { modelNote } from '../../../fixtures/models.ts';

const { model: one } = modelNote('aaaaaaaaaa-1');
const { preparation, intervals, reference, trainedOn, scores } = one;
const scale = { mean: 20, deviation: 3 };
const followed: Followed = {
  runs: ['baseline-1'],
  seeds: 2,
  labels: 8,
  metric: 'rmse',
  validation: { score: 3, samples: 10 },
  test: { score: 4, samples: 20 },
};
const other: OtherHead = {
  head: { kind: 'number' },
  preparation: { ...preparation, samplingRate: 50 },
  temperature: null,
  intervals,
  reference: {
    file: 'reference-1.safetensors',
    bytes: 1,
    sha256: '1'.repeat(64),
    samples: 3,
    neighbors: 2,
    quantiles: Array.from({ length: 101 }, (_, at) => at),
  },
  trainedOn: { ...trainedOn, dataset: 'grain' },
  scores: { ...scores, metric: 'rmse' },
  made: { kind: 'final', epochs: 2, followed },
  scales: [[scale]],
};
const two: Model = modelSchema.parse({ ...one, format: 3, reference, others: [other] });

describe('the heads of a model', () => {
  it('are named by their datasets', () => {
    expect(headsOf(one)).toEqual(['stripes']);
    expect(headsOf(two)).toEqual(['stripes', 'grain']);
  });

  it('are each the model’s only one where they are meant', () => {
    expect(withHead(one)).toEqual(one);
    const { others: _others, ...first } = two;
    expect(withHead(two, 'stripes')).toEqual(first);
    const grain = withHead(two, 'grain');
    expect(grain).toMatchObject({
      head: { kind: 'number' },
      preparation: { samplingRate: 50 },
      temperature: null,
      trainedOn: { dataset: 'grain' },
      made: { followed: { metric: 'rmse', test: { score: 4 } } },
      members: [{ file: 'weights.safetensors', seed: 1, scale }],
    });
    expect(modelSchema.parse(grain)).toEqual(grain);
    expect(headsOf(grain)).toEqual(['grain']);
  });

  it('are asked for by name where there are several, and told where there is none of that name', () => {
    expect(() => withHead(two)).toThrow(
      expect.objectContaining({
        failure: expect.objectContaining({
          code: 'model.which-head',
          message: expect.stringContaining('stripes, grain'),
        }),
      }),
    );
    expect(() => withHead(two, 'oats')).toThrow(
      expect.objectContaining({
        failure: expect.objectContaining({ code: 'model.no-head', remedy: 'It has: stripes, grain.' }),
      }),
    );
    expect(() => withHead(one, 'oats')).toThrow(/no head for “oats”/);
  });

  it('belong to the model’s folder, each with its reference', () => {
    expect(partsOf(two).map(({ file }) => file)).toEqual(['weights.safetensors', 'reference-1.safetensors']);
  });
});
