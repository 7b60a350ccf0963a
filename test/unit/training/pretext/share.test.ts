import { expect, it } from 'vitest';
import { placesOfPart } from '../../../../src/training/pretext/share.ts';

it('gives every process as many places of each micro-batch, each place to one of them', () => {
  const pretext = { batchSize: 24, accumulation: 2 };
  const parts = [0, 1, 2].map((rank) => Array.from(placesOfPart({ processes: 3, rank }, pretext)));
  expect(parts[1]).toEqual([4, 5, 6, 7, 16, 17, 18, 19]);
  expect(parts.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 24 }, (_, place) => place));
});
