import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { signalChangesMore } from '../../../../../src/learning/views/signals/changes.ts';
import {
  edgesOf,
  moreChangeFields,
  moreChanges,
  needingRate,
} from '../../../../../src/learning/views/signals/options.ts';

const fields = z.strictObject(moreChangeFields(moreChanges));

describe('the fields', () => {
  it('are as many as there are settings, and ask for none of the changes', () => {
    expect(fields.parse({})).toEqual(moreChanges);
    const shares = Object.entries(moreChanges).filter(([name]) => name.endsWith('Probability'));
    expect(shares.map(([name]) => name.replace('Probability', '')).toSorted()).toEqual(
      signalChangesMore.map(({ name }) => name as string).toSorted(),
    );
    expect(shares.every(([, share]) => share === 0)).toBe(true);
  });

  it('begin with the values that a task proposes, but never ask for a change by themselves', () => {
    const proposed = z
      .strictObject(moreChangeFields({ ...moreChanges, warp: 3, warpProbability: 1 }))
      .parse({});
    expect(proposed).toEqual({ ...moreChanges, warp: 3, warpProbability: 0 });
  });

  it('refuse shares beyond 1, with what they may be', () => {
    const { error } = fields.safeParse({ warpProbability: 1.5, filterOrder: 0 });
    expect(error!.issues.map(({ path, message }) => `${path.join('.')} ${message}`)).toEqual([
      'warpProbability must be a number from 0 to 1. Found: 1.5.',
      'filterOrder must be a whole number from 1 to 12. Found: 0.',
    ]);
  });
});

it('knows which changes cannot be made without a rate: those of frequencies alone', () => {
  const all = Object.fromEntries(
    Object.keys(moreChanges).map((name) => [name, name.endsWith('Probability') ? 1 : 0]),
  ) as unknown as typeof moreChanges;
  expect(needingRate({ ...moreChanges, ...all })).toEqual([
    'frequencyShift',
    'lowPass',
    'highPass',
    'bandPass',
    'bandStop',
    'bandNoise',
    'artifact',
  ]);
  expect(needingRate({ ...moreChanges, warpProbability: 1, slopeProbability: 1 })).toEqual([]);
});

it('names the frequencies of the changes that are asked for', () => {
  expect(edgesOf(moreChanges)).toEqual([]);
  expect(edgesOf({ ...moreChanges, lowPassProbability: 0.1, lowPass: 40, bandStopProbability: 1 })).toEqual([
    ['lowPass', 40],
    ['bandStopFrom', 8],
    ['bandStopTo', 13],
  ]);
});
