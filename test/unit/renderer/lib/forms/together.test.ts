import { describeModality } from '../../../../../src/contract/data/modality.ts';
import { describe, expect, it } from 'vitest';
import {
  headWords,
  matchOptions,
  placedGroups,
  samplingOptions,
} from '../../../../../renderer/lib/forms/together.ts';
import { SAMPLINGS } from '../../../../../src/contract/recipe/together.ts';

describe('the ways to put datasets together that the form offers', () => {
  it('are those that the kind of data has, and to leave them as they are', () => {
    expect(matchOptions('column', describeModality('table').matches!).map(({ value }) => value)).toEqual([
      '',
      'common',
      'all',
    ]);
    expect(matchOptions('channel', describeModality('signal').matches!).map(({ value }) => value)).toContain(
      'interpolate',
    );
    expect(
      matchOptions('channel', describeModality('image').matches!, false).map(({ value }) => value),
    ).not.toContain('');
    expect(samplingOptions.map(({ value }) => value)).toEqual([...SAMPLINGS]);
  });
});

describe('what becomes of channels', () => {
  const source = {
    parts: [
      { own: 'EEG Fp1', common: 'Fp1' },
      { own: 'Cz', common: 'Cz' },
      { own: 'EMG', common: null },
    ],
    missing: ['Oz'],
    interpolated: [],
  };

  it('is told in groups, with both names where they differ, and none that is empty', () => {
    expect(placedGroups(source)).toEqual([
      { as: 'kept', title: 'Kept (2)', names: ['EEG Fp1 as Fp1', 'Cz'] },
      { as: 'missing', title: 'Missing, masked (1)', names: ['Oz'] },
      { as: 'left-out', title: 'Left out (1)', names: ['EMG'] },
    ]);
  });

  it('is counted for a head', () => {
    expect(headWords([{ as: 'kept' }, { as: 'interpolated' }, { as: 'kept' }])).toBe(
      '2 kept; 1 from its neighbours',
    );
  });
});
