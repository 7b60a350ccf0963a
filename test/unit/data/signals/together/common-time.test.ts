import { describe, expect, it } from 'vitest';
import { commonTime } from '../../../../../src/data/signals/together/common-time.ts';
import { failureOf } from '../../../../fixtures/imports.ts';
import { request, source } from './sources.ts';

const slow = source('slow', ['x']);
const fast = source('fast', ['x'], { shape: [640, 1], samplingRate: 320 });

describe('windows of several datasets', () => {
  it('last as long as the shortest, at the rate of the first, cut to their middle', () => {
    expect(commonTime(request([slow, fast]))).toEqual({
      rate: 100,
      length: 100,
      steps: {
        slow: [],
        fast: [
          { step: 'cut', first: 160, rows: 320 },
          { step: 'rate', fromRate: 320, toRate: 100, rows: 100 },
        ],
      },
    });
  });

  it('last as long, and come at the rate, that is asked for', () => {
    expect(commonTime(request([slow, fast], { rate: 50, seconds: 0.5 }))).toMatchObject({
      length: 25,
      steps: {
        slow: [
          { first: 25, rows: 50 },
          { toRate: 50, rows: 25 },
        ],
      },
    });
  });

  it('of clocks that differ by a hair are not resampled', () => {
    const clock = source('clock', ['x'], { shape: [100, 1], samplingRate: 100.2 });
    expect(commonTime(request([slow, clock])).steps['clock']).toEqual([]);
  });

  const refused = async (...given: Parameters<typeof request>) =>
    failureOf((async () => commonTime(request(...given)))());

  it('are refused where a rate is not known, or where they are too short', async () => {
    const unknown = source('unknown', ['x'], { samplingRate: undefined });
    expect(await refused([slow, unknown])).toMatchObject({ code: 'together.no-rate', place: 'unknown' });
    expect(commonTime(request([unknown, { ...unknown, name: 'other' }]))).toMatchObject({
      rate: null,
      length: 100,
    });
    expect(await refused([slow, fast], { seconds: 1.5 })).toMatchObject({
      code: 'together.too-short',
      message: 'Windows of “slow” last 1 s, and `data.together.seconds` asks for 1.5 s.',
    });
    expect(await refused([slow, fast], { rate: 1 })).toMatchObject({ code: 'together.too-short' });
  });
});
