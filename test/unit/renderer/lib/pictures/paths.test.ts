import { expect, it } from 'vitest';
import { channelPaths, linePath } from '../../../../../renderer/lib/pictures/paths.ts';

it('draws values over the whole width, the largest at the top, with a pixel of air', () => {
  expect(linePath([0, 1, 0.5], 20, 12)).toBe('M0.0,11.0L10.0,1.0L20.0,6.0');
});

it('draws what is all alike along the bottom, and a gap where something is no number', () => {
  expect(linePath([3, 3], 10, 12)).toBe('M0.0,11.0L10.0,11.0');
  expect(linePath([0, NaN, 1, 1], 30, 12)).toBe('M0.0,11.0M20.0,1.0L30.0,1.0');
  expect(linePath([], 10, 10)).toBe('');
});

it('draws channels in lanes on one scale, so that a quiet one looks quiet', () => {
  const [loud, quiet] = channelPaths(
    [
      [-10, 10],
      [99, 101],
    ],
    10,
    24,
  );
  expect(loud).toBe('M0.0,11.0L10.0,1.0');
  expect(quiet).toBe('M0.0,18.5L10.0,17.5');
});
