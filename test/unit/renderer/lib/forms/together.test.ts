import { describe, expect, it } from 'vitest';
import { matchOptions, samplingOptions } from '../../../../../renderer/lib/forms/together.ts';
import { SAMPLINGS } from '../../../../../src/contract/recipe/together.ts';

describe('the ways to put datasets together that the form offers', () => {
  it('are those that the kind of data has, and to leave them as they are', () => {
    expect(matchOptions('column').map(({ value }) => value)).toEqual(['', 'common', 'all']);
    expect(matchOptions('channel').map(({ value }) => value)).toContain('interpolate');
    expect(samplingOptions.map(({ value }) => value)).toEqual([...SAMPLINGS]);
  });
});
