import { describe, expect, it } from 'vitest';
import { companionDraw, shareWithCompanions } from '../../../../../src/learning/pretext/parts/companions.ts';
import { drawNear, drawOthers, following } from '../../../../../src/learning/pretext/parts/window-draws.ts';
import { randomStream } from '../../../../../src/learning/random.ts';

const stream = randomStream(1, 'companions');
const followers = { count: 1, draw: (places: Parameters<typeof following>[0]) => following(places, 1, 0) };

describe('companions', () => {
  // Two recordings mixed, windows of 2 s; the last sample is of no recording.
  const units = Int32Array.of(0, 1, 0, 1, 0, 1, -1);
  const times = Float32Array.of(4, 0, 0, 2, 2, 4, 0);
  const belonging = { units, times, windowTime: 2 };

  it('are of the same recording, found by time whatever the order of samples', () => {
    const draw = companionDraw(followers, belonging, Int32Array.from(units.keys()));
    expect([0, 1, 2, 3, 4, 5, 6].map((sample) => draw(sample, stream)[0])).toEqual([
      null,
      3,
      4,
      5,
      0,
      null,
      null,
    ]);
  });

  it('are never samples that pretraining does not see, and no window follows across them', () => {
    // Sample 4 is held out: what follows it does not follow sample 2.
    const draw = companionDraw(followers, belonging, Int32Array.of(0, 1, 2, 3, 5, 6));
    expect(draw(2, stream)).toEqual([null]);
    expect(draw(4, stream)).toEqual([null]);
  });

  it('never cross recordings, however near these lie in time', () => {
    const near = {
      count: 1,
      draw: (places: Parameters<typeof drawNear>[0]) => [drawNear(places, 5, stream)],
    };
    const draw = companionDraw(near, belonging, Int32Array.from(units.keys()));
    for (let i = 0; i < 100; i++)
      for (const sample of [0, 1, 2, 3, 4, 5]) expect(units[draw(sample, stream)[0]!]).toBe(units[sample]);
  });

  it('may be of other recordings of the group, where the task asks for them', () => {
    // Recordings 0 and 2 of one subject, 1 of another; 3 of none. Samples of the recordings are mixed.
    const mixed = Int32Array.of(0, 1, 2, 0, 3, 2, 1, 3);
    const about = {
      units: mixed,
      times: Float32Array.of(0, 0, 0, 2, 0, 2, 2, 2),
      groups: Int32Array.of(5, 6, 5, 5, -1, 5, 6, -1),
      windowTime: 2,
    };
    const elsewhere = {
      count: 2,
      draw: ({ times: { length }, elsewhere: others }: Parameters<typeof drawNear>[0]) =>
        Array.from({ length: 2 }, (_, place) => (place < others ? length + place : null)),
    };
    const draw = companionDraw(elsewhere, about, Int32Array.from(mixed.keys()));
    expect([0, 1, 2, 3, 4, 5].map((sample) => draw(sample, stream))).toEqual([
      [2, 5],
      [null, null],
      [0, 3],
      [2, 5],
      [null, null],
      [0, 3],
    ]);
    // Held-out windows are none of them.
    expect(companionDraw(elsewhere, about, Int32Array.of(0, 1, 3, 5))(0, stream)).toEqual([5, null]);
    expect(companionDraw(elsewhere, { ...about, groups: undefined }, Int32Array.of(0, 2))(0, stream)).toEqual(
      [null, null],
    );
  });

  it('of a group need no times, and the share of samples that have them is told', () => {
    const others = {
      count: 2,
      draw: (places: Parameters<typeof drawOthers>[0]) => drawOthers(places, 2, stream),
    };
    const members = Int32Array.from({ length: 6 }, (_, i) => i);
    const draw = companionDraw(others, { units: Int32Array.of(3, 3, 3, 5, 5, -1), windowTime: 1 }, members);
    expect(draw(0, stream).toSorted()).toEqual([1, 2]);
    expect(draw(3, stream)).toEqual([4, null]);
    expect(shareWithCompanions(draw, members)).toBe(0.5);
  });
});
