import { describe, expect, it } from 'vitest';
import {
  drawBetween,
  drawFar,
  drawNear,
  drawOthers,
  firstFrom,
  following,
} from '../../../../../src/learning/pretext/parts/window-draws.ts';
import { randomStream } from '../../../../../src/learning/random.ts';

/** Windows that overlap by half, and behind a gap of ten windows two more. */
const times = [0, 0.5, 1, 1.5, 2, 2.5, 3, 13, 13.5];
const stream = randomStream(1, 'draws');
/** All places that come up. */
const drawn = (draw: () => number | null) =>
  [...new Set(Array.from({ length: 300 }, draw))].toSorted((a, b) => Number(a) - Number(b));

const alone = (far: number) => ({ far, farIn: 'recording' as const });

describe('windows of a recording', () => {
  it('are found by their time', () => {
    expect([-1, 0, 0.6, 3, 14].map((time) => firstFrom(times, time))).toEqual([0, 0, 2, 6, 9]);
  });

  it('that are near share no value with the sample, and all of them come up', () => {
    expect(drawn(() => drawNear({ times, own: 3, elsewhere: 0 }, 1.5, stream))).toEqual([0, 1, 5, 6]);
    expect(drawn(() => drawNear({ times, own: 3, elsewhere: 0 }, 2, stream, 1.5))).toEqual([0, 6]);
    expect(drawNear({ times, own: 7, elsewhere: 0 }, 5, stream)).toBeNull();
  });

  it('that are far lie before or behind, of two as far from both', () => {
    expect(drawn(() => drawFar({ times, own: 2, elsewhere: 0 }, alone(2), stream))).toEqual([6, 7, 8]);
    expect(drawn(() => drawFar({ times, own: 2, elsewhere: 0 }, alone(1), stream, 5))).toEqual([0, 7, 8]);
    expect(drawFar({ times: [0, 1], own: 0, elsewhere: 0 }, alone(2), stream)).toBeNull();
  });

  it('that are far may lie in other recordings of the group, each as likely as any other', () => {
    const within = { far: 2, farIn: 'group' as const };
    // Three places behind the nine of the recording are of others.
    expect(drawn(() => drawFar({ times, own: 2, elsewhere: 3 }, within, stream))).toEqual([
      6, 7, 8, 9, 10, 11,
    ]);
    expect(drawn(() => drawFar({ times: [0, 1], own: 0, elsewhere: 2 }, within, stream))).toEqual([2, 3]);
    expect(drawn(() => drawFar({ times, own: 2, elsewhere: 3 }, alone(2), stream))).toEqual([6, 7, 8]);
  });

  it('that lie between share no value with either', () => {
    expect(drawn(() => drawBetween({ times, own: 6, elsewhere: 0 }, 1, stream))).toEqual([3, 4]);
    expect(drawBetween({ times, own: 0, elsewhere: 0 }, 3, stream)).toBeNull();
  });

  it('that follow begin where the one before ends, and none beyond a gap', () => {
    expect(following({ times, own: 0, elsewhere: 0 }, 4, 0)).toEqual([2, 4, 6, null]);
    expect(following({ times, own: 6, elsewhere: 0 }, 2, 3)).toEqual([null, null]);
    expect(following({ times, own: 6, elsewhere: 0 }, 2, 9)).toEqual([7, null]);
    // Times of a long recording are rounded.
    expect(following({ times: [0, 0.99, 2.1], own: 0, elsewhere: 0 }, 2, 0)).toEqual([1, null]);
  });
});

describe('others of a group', () => {
  it('are all different, none the sample itself, and missing where there are too few', () => {
    for (let i = 0; i < 50; i++) {
      const found = drawOthers({ times: [0, 1, 2, 3], own: 2, elsewhere: 0 }, 3, stream);
      expect(found.toSorted()).toEqual([0, 1, 3]);
    }
    expect(drawOthers({ times: [0, 1], own: 0, elsewhere: 0 }, 3, stream)).toEqual([1, null, null]);
  });
});
