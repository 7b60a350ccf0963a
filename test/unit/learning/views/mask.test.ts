import { describe, expect, it } from 'vitest';
import { sampleBlockMask } from '../../../../src/learning/views/mask.ts';
import { tf } from '../../../../src/tensor/index.ts';
import { seed } from '../helpers.ts';

describe('the block', () => {
  it('in the centre covers exactly the central rectangle', () => {
    const mask = sampleBlockMask(seed(1), 2, [8, 6], { share: 0.5, place: 'centre' });
    expect(mask.shape).toEqual([2, 8, 6, 1]);
    const rows = (tf.squeeze(mask, [3]).arraySync() as number[][][])[0]!;
    rows.forEach((row, y) =>
      row.forEach((value, x) => expect(value).toBe(Number(y >= 2 && y < 6 && x >= 1 && x < 4))),
    );
  });

  it('elsewhere has the same area everywhere, in one piece, and begins at all places equally often', () => {
    const count = 4000;
    const mask = sampleBlockMask(seed(2), count, [12], { share: 0.75, place: 'random' });
    const rows = tf.reshape(mask, [count, 12]).arraySync() as number[][];
    const starts = rows.map((row) => {
      const start = row.indexOf(1);
      expect(row.slice(start, start + 9)).toEqual(new Array(9).fill(1));
      expect(row.reduce((sum, value) => sum + value, 0)).toBe(9);
      return start;
    });
    for (const place of [0, 1, 2, 3]) {
      const found = starts.filter((start) => start === place).length;
      expect(Math.abs(found - 1000)).toBeLessThan(5 * Math.sqrt(750));
    }
  });

  it('never covers everything, and never nothing', () => {
    const area = (share: number) =>
      tf.sum(sampleBlockMask(seed(3), 1, [3, 3], { share, place: 'random' })).dataSync()[0];
    expect(area(0.9)).toBe(4);
    expect(area(0.05)).toBe(1);
  });
});
