import { describe, expect, it } from 'vitest';
import { faultField } from '../../../../../src/contract/data/recordings/faults.ts';
import { createFaultWatch } from '../../../../../src/data/signals/faults/watch.ts';

const RATE = 100;
const SECONDS = 60;
const CHANNELS = 6;

/** Six channels that see the same source, each with a little noise of its own; the same on every call. */
function made(): Float32Array {
  let state = 7;
  const random = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648 - 0.5;
  };
  const values = new Float32Array(RATE * SECONDS * CHANNELS);
  for (let row = 0; row < RATE * SECONDS; row += 1) {
    const source = 20 * Math.sin(row / 7) + 10 * Math.sin(row / 23) + 8 * random();
    for (let channel = 0; channel < CHANNELS; channel += 1)
      values[row * CHANNELS + channel] = source * (1 + channel / 10) + 4 * random();
  }
  return values;
}

function change(
  values: Float32Array,
  channel: number,
  [from, to]: [number, number],
  make: (before: number, row: number) => number,
) {
  for (let row = from * RATE; row < to * RATE; row += 1)
    values[row * CHANNELS + channel] = make(values[row * CHANNELS + channel]!, row);
}

function look(values: Float32Array, options: object = {}, pieces = 1) {
  const watch = createFaultWatch(faultField.parse(options), CHANNELS, RATE);
  watch.begin();
  const size = Math.ceil(values.length / CHANNELS / pieces) * CHANNELS;
  for (let at = 0; at < values.length; at += size) watch.take(values.subarray(at, at + size));
  return watch.finish();
}

const placesOf = ({ faults }: ReturnType<typeof look>) =>
  faults.map(({ kind, channel, start, end }) => [kind, channel, start / RATE, end / RATE]);

describe('faults', () => {
  it('are none in a sound recording', () => {
    expect(look(made(), { disconnected: 0.4 })).toEqual({ faults: [], channels: [], pieces: SECONDS });
  });

  it('are found where they were put: flat, clipped, noisy, disconnected', () => {
    const values = made();
    change(values, 0, [10, 13], () => 2.5);
    change(values, 1, [20, 21], () => 90);
    change(values, 2, [30, 32], (before, row) => before + (row % 2 === 0 ? 400 : -400));
    change(values, 3, [40, 44], (_, row) => 30 * Math.sin(row / 1.7));
    const found = look(values, { disconnected: 0.4 });
    expect(placesOf(found)).toEqual([
      ['flat', 0, 10, 13],
      ['flat', 1, 20, 21],
      ['clipped', 1, 20, 21],
      ['noisy', 2, 30, 32],
      ['disconnected', 2, 30, 32],
      ['disconnected', 3, 40, 44],
    ]);
    expect(found.channels).toEqual([]);
    expect(placesOf(look(values, { disconnected: 0.4 }, 7))).toEqual(placesOf(found));
  });

  it('make a channel bad where they last', () => {
    const values = made();
    change(values, 4, [0, SECONDS], (before, row) => before + (row % 2 === 0 ? 900 : -900));
    change(values, 5, [0, 40], () => 0);
    const { channels } = look(values);
    expect(channels).toEqual([
      { kind: 'noisy', channel: 4, share: 1 },
      { kind: 'flat', channel: 5, share: 40 / 60 },
    ]);
    expect(look(values, { share: 0.7 }).channels.map(({ channel }) => channel)).toEqual([4]);
  });

  it('are not looked for by rules that are switched off', () => {
    const values = made();
    change(values, 0, [10, 13], () => 500);
    expect(look(values, { flat: -1, clippedRows: 0, noisy: 0 }).faults).toEqual([]);
  });

  it('are judged by a rule for the whole recording: a later peak is further than the end of no scale', () => {
    const values = made();
    change(values, 0, [10, 11], () => 80);
    change(values, 0, [50, 51], (before, row) => (row === 5000 ? 81 : before));
    expect(placesOf(look(values)).map(([kind]) => kind)).toEqual(['flat']);
  });
});
