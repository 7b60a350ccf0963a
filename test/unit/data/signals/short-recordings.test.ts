import { expect, test } from 'vitest';
import { shortDoubts } from '../../../../src/data/signals/short-recordings.ts';

test('says so where no recording is as long as a window', () => {
  expect(shortDoubts([60, 100], 128)).toMatchObject([
    {
      code: 'signals.no-window',
      message:
        'Of 2 recordings looked at, none is as long as a window: the longest has 100 rows, a window 128.',
      blocking: false,
    },
  ]);
  expect(shortDoubts([100], 128)[0]?.message).toBe(
    'The recording is shorter than a window: it has 100 rows, a window 128.',
  );
});

test('says nothing where one is long enough, or its length is not known', () => {
  expect(shortDoubts([60, 128], 128)).toEqual([]);
  expect(shortDoubts([60, null], 128)).toEqual([]);
  expect(shortDoubts([], 128)).toEqual([]);
});
