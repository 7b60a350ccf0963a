import { describe, expect, it } from 'vitest';
import {
  readAhead,
  rowsOfStretch,
  type PickedChannel,
} from '../../../../../src/data/signals/recorded/rows.ts';
import type { Track } from '../../../../../src/data/recordings/recording.ts';
import { trackOf } from './made.ts';

const channel = (track: number, column: number, factor = 1): PickedChannel => ({ track, column, factor });
async function all(...args: Parameters<typeof rowsOfStretch>) {
  const rows = rowsOfStretch(...args);
  const values: number[] = [];
  for await (const piece of rows.pieces()) values.push(...piece);
  return { values, bad: rows.bad, held: rows.heldCount };
}

describe('rows of a stretch', () => {
  it('are those of the channels that are picked, in their order and unit', async () => {
    const track = trackOf({
      length: 6,
      stretches: [
        { start: 0, end: 2, seconds: 0 },
        { start: 2, end: 5, seconds: 9 },
      ],
    });
    expect((await all([track], [channel(0, 1, 1000), channel(0, 0)], 1, null)).values).toEqual([
      21_000, 20, 31_000, 30, 41_000, 40,
    ]);
    expect((await all([track], [channel(0, 0)], 0, null)).values).toEqual([0, 10]);
  });

  it('join tracks of one rate, as long as both go on', async () => {
    const [one, other] = [
      trackOf({ length: 4, names: ['a'] }),
      trackOf({ length: 3, names: ['b'], value: (row) => -row }),
    ];
    expect((await all([one, other], [channel(1, 0), channel(0, 0)], 0, null)).values).toEqual([
      -0, 0, -1, 10, -2, 20,
    ]);
  });

  it('hold the last known value where one is missing, and say where', async () => {
    const gaps = [NaN, 5, NaN, Infinity, 7];
    const found = await all(
      [trackOf({ length: 5, names: ['a'], value: (row) => gaps[row]! })],
      [channel(0, 0)],
      0,
      null,
    );
    expect(found).toEqual({
      values: [0, 5, 5, 5, 7],
      bad: [
        { start: 0, end: 1 },
        { start: 2, end: 4 },
      ],
      held: 3,
    });
  });

  it('are brought to another rate, and a bad row reaches as far as the filter does', async () => {
    const sine = (rate: number) => (row: number) => Math.sin((2 * Math.PI * 3 * row) / rate);
    const slow = trackOf({ rate: 100, length: 400, names: ['a'], value: sine(100) });
    const { values, bad } = await all([slow], [channel(0, 0)], 0, 200);
    expect(values).toHaveLength(800);
    // Away from the ends it is the same sine at twice the rate.
    const wrong = values.slice(100, 700).map((value, at) => Math.abs(value - sine(200)(at + 100)));
    expect(Math.max(...wrong)).toBeLessThan(0.01);
    expect(bad).toEqual([]);
    const broken = trackOf({ rate: 100, length: 400, names: ['a'], value: (row) => (row === 200 ? NaN : 0) });
    const [reach] = (await all([broken], [channel(0, 0)], 0, 200)).bad;
    expect([reach!.start < 400, reach!.end > 402]).toEqual([true, true]);
  });

  it('of tracks of unlike rates come out alike', async () => {
    const [fast, slow] = [
      trackOf({ rate: 200, length: 400, names: ['a'], value: () => 1 }),
      trackOf({ rate: 50, length: 100, names: ['b'], value: () => 2 }),
    ];
    const { values } = await all([fast, slow], [channel(0, 0), channel(1, 0)], 0, 200);
    expect(values.length / 2).toBeGreaterThanOrEqual(399);
    expect([values[400], values[401]].map((value) => Number(value!.toFixed(2)))).toEqual([1, 2]);
  });

  it('cannot be brought to another rate where none is known', async () => {
    await expect(all([trackOf({ rate: null })], [channel(0, 0)], 0, 100)).rejects.toMatchObject({
      reason: 'rate-unknown',
      message:
        'Nothing says how many samples a second the file holds, so it cannot be brought to another rate.',
    });
  });

  it('are seen before they are brought to another rate', async () => {
    const seen: number[] = [];
    let begun = 0;
    const watch = {
      begin: () => void (begun += 1),
      take: (values: Float32Array) => void seen.push(...values),
    };
    await all([trackOf({ length: 3, names: ['a'] })], [channel(0, 0)], 0, 50, { of: () => watch as never });
    expect([begun, seen]).toEqual([1, [0, 10, 20]]);
  });
});

it('reads ahead of short stretches, once', async () => {
  const asked: [number, number][] = [];
  const track = trackOf({ length: 1000, names: ['a'] });
  const read = readAhead({
    ...track,
    read: (from, to) => (asked.push([from, to]), track.read(from, to)),
  } as Track);
  expect([...(await read(0, 2))]).toEqual([0, 10]);
  expect([...(await read(500, 502))]).toEqual([5000, 5010]);
  expect([...(await read(998, 1000))]).toEqual([9980, 9990]);
  expect(asked).toEqual([[0, 1000]]);
});
