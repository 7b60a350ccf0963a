import { expect, it } from 'vitest';
import { bytesInMemory } from '../../../../src/data/recordings/bytes.ts';
import {
  readArrayRows,
  stridesOf,
  trialStretches,
  type Axis,
} from '../../../../src/data/recordings/strided.ts';

const SIZES: Record<Axis, number> = { trial: 3, time: 4, channel: 2 };
/** Tells where a number belongs: 123 is trial 1, time 2, channel 3. */
const valueAt = (at: Record<Axis, number>) => at.trial * 100 + at.time * 10 + at.channel;

function arrayOf(axes: readonly Axis[], isFortran: boolean) {
  const dims = axes.map((axis) => SIZES[axis]);
  const strides = stridesOf(dims, isFortran);
  const values = new Float32Array(24);
  for (let trial = 0; trial < 3; trial++)
    for (let time = 0; time < 4; time++)
      for (let channel = 0; channel < 2; channel++) {
        const at = { trial, time, channel };
        values[axes.reduce((sum, axis, i) => sum + at[axis] * strides[i]!, 0)] = valueAt(at);
      }
  const source = bytesInMemory(Buffer.concat([Buffer.alloc(8), Buffer.from(values.buffer)]));
  return { type: 'float32' as const, isLittleEndian: true, dims, strides, source, offset: 8 };
}

it('knows how far neighbours lie from each other', () => {
  expect(stridesOf([2, 3, 4], false)).toEqual([12, 4, 1]);
  expect(stridesOf([2, 3, 4], true)).toEqual([1, 2, 6]);
});

const orders: Axis[][] = [
  ['trial', 'time', 'channel'],
  ['trial', 'channel', 'time'],
  ['time', 'trial', 'channel'],
  ['channel', 'time', 'trial'],
];
it.each(orders.flatMap((axes) => [true, false].map((isFortran) => ({ axes, isFortran }))))(
  'reads rows of $axes, first axis fastest: $isFortran, whole trials and parts of them',
  async ({ axes, isFortran }) => {
    const array = arrayOf(axes, isFortran);
    for (const [from, to] of [
      [0, 12],
      [2, 3],
      [3, 9],
      [1, 12],
    ] as const) {
      const expected = Array.from({ length: (to - from) * 2 }, (_, i) => {
        const row = from + Math.floor(i / 2);
        return valueAt({ trial: Math.floor(row / 4), time: row % 4, channel: i % 2 });
      });
      expect([...(await readArrayRows(array, axes, from, to))]).toEqual(expected);
    }
  },
);

it('gives every trial a stretch', () => {
  expect(trialStretches(2, 4, (trial) => ({ label: String(trial) }))).toEqual([
    { start: 0, end: 4, seconds: 0, label: '0' },
    { start: 4, end: 8, seconds: 0, label: '1' },
  ]);
});
