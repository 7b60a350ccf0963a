import { describe, expect, it } from 'vitest';
import { commonChannels } from '../../../../../src/data/signals/together/common-channels.ts';
import { failureOf } from '../../../../fixtures/imports.ts';
import { request, source } from './sources.ts';

const a = source('a', ['EEG Fp1-REF', 'T3', 'EMG']);
const b = source('b', ['FP1', 'T7', 'Cz']);

describe('channels of several datasets', () => {
  it('that all have are found by name, however it is spelled, in the order of the first', () => {
    expect(commonChannels(request([a, b]))).toMatchObject({
      names: ['Fp1', 'T7'],
      steps: { a: { take: [0, 1] }, b: { take: [0, 1] } },
    });
  });

  it('that any has are taken, and what is missing is told', () => {
    expect(commonChannels(request([a, b], { match: 'all' }))).toMatchObject({
      names: ['Fp1', 'T7', 'EMG', 'Cz'],
      steps: { a: { take: [0, 1, 2, -1] }, b: { take: [0, 1, -1, 2] } },
    });
  });

  it('are matched by hand, also where they have numbers alone', () => {
    const unnamed = source('c', null, { shape: [100, 2] });
    const names = { c: { '1': 'cz', '2': 'leg' } };
    expect(commonChannels(request([b, unnamed], { names }))).toMatchObject({
      names: ['Cz'],
      steps: { b: { take: [2] }, c: { take: [0] } },
    });
  });

  it('are taken in order where a person says that they are the same, or each for itself', () => {
    const unnamed = source('c', null, { shape: [100, 3] });
    expect(commonChannels(request([a, unnamed], { match: 'in-order' }))).toMatchObject({
      names: a.channelNames,
      steps: { c: { take: [0, 1, 2] } },
    });
    const two = source('d', null, { shape: [100, 2] });
    expect(commonChannels(request([two, a], { match: 'any' }))).toMatchObject({
      names: null,
      count: 3,
      steps: { d: { take: [0, 1, -1] } },
    });
  });

  it('of a head are interpolated where they are missing, and left as they are where not', () => {
    const cap = source('cap', ['Fz', 'Cz', 'Pz', 'C3', 'C4']);
    const { steps, names } = commonChannels(
      request([source('x', ['Fz', 'FCz', 'EOG']), cap], { match: 'interpolate' }),
    );
    expect(names).toEqual(['Fz', 'FCz']);
    expect(steps['x']).toMatchObject({ step: 'channels', take: [0, 1] });
    const step = steps['cap']!;
    if (step.step !== 'interpolate') throw new Error('nothing was interpolated');
    expect(step.interpolated).toEqual(['FCz']);
    expect(step.weights[0]).toEqual([1, 0, 0, 0, 0]);
    expect(step.weights[1]!.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9);
    // Fz and Cz are its neighbours.
    expect(Math.min(step.weights[1]![0]!, step.weights[1]![1]!)).toBeGreaterThan(0.3);
  });

  const refused = async (...given: Parameters<typeof request>) =>
    failureOf((async () => commonChannels(request(...given)))());

  it('are refused with what would make it possible', async () => {
    const c = source('c', ['left', 'right']);
    expect(await refused([a, c])).toMatchObject({
      code: 'together.no-common-channel',
      message: expect.stringContaining('“c” has left, right'),
    });
    expect(await refused([a, source('u', null, { shape: [100, 3] })])).toMatchObject({
      code: 'together.no-names',
      remedy: expect.stringContaining('in-order'),
    });
    expect(await refused([source('d', ['T3', 'T7']), a])).toMatchObject({
      code: 'together.ambiguous',
      message: '“T3” and “T7” of “d” are both understood as channel “T7”.',
    });
    expect(await refused([a, b], { names: { a: { EMQ: 'x' } } })).toMatchObject({
      code: 'together.unknown-name',
      remedy: 'Did you mean “EMG”?',
    });
    expect(await refused([a, c], { match: 'in-order' })).toMatchObject({ code: 'together.other-counts' });
    expect(await refused([c, a], { match: 'interpolate' })).toMatchObject({ code: 'together.no-positions' });
    expect(await refused([a, source('e', ['Fz', 'Cz'])], { match: 'interpolate' })).toMatchObject({
      code: 'together.too-few-electrodes',
    });
  });
});
