import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../../src/contract/entities.ts';
import { recipeSchema } from '../../../../src/contract/recipe/recipe.ts';
import { togetherReport } from '../../../../src/service/recipes/together-report.ts';

const dataset = (name: string, channelNames: string[], train: number) =>
  ({
    name,
    modality: 'signal',
    shape: [100, channelNames.length],
    dtype: 'float32',
    samplingRate: 100,
    channelNames,
    sampleCount: train,
    split: { train, validation: 0, test: 0 },
    channelStatistics: { mean: channelNames.map(() => 0), standardDeviation: channelNames.map(() => 1) },
  }) as unknown as Dataset;
const datasets = [dataset('a', ['x', 'y'], 300), dataset('b', ['y', 'z'], 100)];
const report = (together: object) =>
  togetherReport(recipeSchema.parse({ name: 'R', data: { pretrain: ['a', 'b'], together } }), (name) =>
    datasets.find((one) => one.name === name)!,
  );

describe('what becomes of datasets that are put together', () => {
  it('says of a source with one sample that it cannot be scaled, before anything is started', () => {
    const all = [...datasets, dataset('lonely', ['x', 'y'], 1)];
    const data = { pretrain: ['a', 'lonely'], together: {} };
    const { failure, form } = togetherReport(recipeSchema.parse({ name: 'R', data }), (name) =>
      all.find((one) => one.name === name)!,
    );
    expect(failure!.message).toMatch(/“lonely” has one training sample.* leave it out/);
    expect(form).not.toBeNull();
  });

  it('is told of each: its channels, what it lacks, what is done, and its share', () => {
    const { form, sources, failure } = report({ match: 'all', sampling: 'proportional' });
    expect(failure).toBeNull();
    expect(form).toEqual({ shape: [100, 3], samplingRate: 100, names: ['x', 'y', 'z'] });
    expect(sources[1]).toMatchObject({
      name: 'b',
      parts: [
        { own: 'y', common: 'y' },
        { own: 'z', common: 'z' },
      ],
      missing: ['x'],
      share: 0.25,
    });
    expect(sources[1]!.steps.at(-1)).toBe(
      'Channels in the common order: x, y, z. Missing, and 0 throughout: x.',
    );
    expect(report({}).sources[0]!.parts).toEqual([
      { own: 'x', common: null },
      { own: 'y', common: 'y' },
    ]);
  });

  it('says of electrodes where they lie, and what becomes of each', () => {
    const eeg = [
      dataset('a', ['Cz', 'Fp1', 'EMG', 'T3', 'T4'], 9),
      dataset('b', ['EEG CZ', 'T7', 'T8', 'Oz'], 9),
    ];
    const of = (match: string) =>
      togetherReport(
        recipeSchema.parse({ name: 'R', data: { pretrain: ['a', 'b'], together: { match } } }),
        (name) => eeg.find((one) => one.name === name)!,
      ).sources.map(({ head }) => Object.fromEntries(head.map(({ name, as }) => [name, as])));
    expect(of('all')).toEqual([
      { Cz: 'kept', Fp1: 'kept', T7: 'kept', T8: 'kept', Oz: 'missing' },
      { Cz: 'kept', T7: 'kept', T8: 'kept', Oz: 'kept', Fp1: 'missing' },
    ]);
    expect(of('interpolate')[1]).toEqual({
      Cz: 'kept',
      T7: 'kept',
      T8: 'kept',
      Oz: 'left-out',
      Fp1: 'interpolated',
    });
    expect(report({}).sources.map(({ head }) => head)).toEqual([[], []]);
  });

  it('says why not, and still what each is', () => {
    const { form, sources, failure } = report({ names: { b: { y: 'w' } } });
    expect(form).toBeNull();
    expect(failure!.message).toMatch(/no channel in common/);
    expect(sources.map(({ name, shape }) => [name, shape])).toEqual([
      ['a', [100, 2]],
      ['b', [100, 2]],
    ]);
  });
});
