import { describe, expect, it } from 'vitest';
import { asShare, layoutOf, presentShare, withRowsOfSample } from '../../../src/tensor/share.ts';

const share = { processes: 3, rank: 1, samples: 4 };

describe('the share of a batch', () => {
  it('knows where rows of its samples stand in the whole batch: all samples once, then all again', () => {
    expect(layoutOf(8)).toBeNull();
    asShare(share, () => {
      expect(layoutOf(4)).toEqual({ blocks: 1, rows: 4, wholeRows: 12, first: 4 });
      // Two views.
      expect(layoutOf(8)).toEqual({ blocks: 2, rows: 4, wholeRows: 12, first: 4 });
      // No rows of samples.
      expect(layoutOf(6)).toBeNull();
      expect(layoutOf(0)).toBeNull();
    });
    expect(presentShare()).toBeNull();
  });

  it('counts several rows of a sample that stand one after the other', () => {
    asShare(share, () => {
      withRowsOfSample(9, () =>
        expect(layoutOf(36)).toEqual({ blocks: 1, rows: 36, wholeRows: 108, first: 36 }),
      );
      expect(layoutOf(36)).toEqual({ blocks: 9, rows: 4, wholeRows: 12, first: 4 });
    });
  });

  it('ends with what is computed, also where that fails', () => {
    expect(() =>
      asShare(share, () => {
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(presentShare()).toBeNull();
  });
});
