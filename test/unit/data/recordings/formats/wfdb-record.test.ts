import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openRecord, readEvents, readRows } from '../../../../../src/data/recordings/formats/wfdb-record.ts';
import { folderOf } from '../../../../fixtures/imports.ts';

async function recordOf(header: string, files: Record<string, Uint8Array>) {
  const folder = await folderOf(files);
  const record = await openRecord(join(folder, 'r.hea'), header);
  onTestFinished(() => record.close());
  return record;
}
const allOf = async (header: string, files: Record<string, Uint8Array>) => {
  const { signals, frames } = await recordOf(header, files);
  return [...(await readRows(signals, 0, frames))];
};
/** Gain 1, so that what is read is what is stored. */
const header = (format: string, more = '') => `r 1 100${more}\nx.dat ${format} 1\n`;

// The bytes of each format by its description in signal(5) of WFDB.
it.each([
  ['16: low byte first', '16', [0x01, 0x02, 0xff, 0xff, 0x00, 0x80], [513, -1, NaN]],
  ['61: high byte first', '61', [0x02, 0x01, 0xff, 0xff, 0x80, 0x00], [513, -1, NaN]],
  ['24', '24', [0x01, 0x02, 0x03, 0xff, 0xff, 0xff, 0x00, 0x00, 0x80], [197_121, -1, NaN]],
  ['32', '32', [0x01, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x80], [65_537, NaN]],
  ['80: 128 stands for nothing', '80', [128, 255, 1, 0], [0, 127, -127, NaN]],
  // 0x123 and −2; then −2048, which is no value, and 2047.
  ['212: two samples in three bytes', '212', [0x23, 0xf1, 0xfe, 0x00, 0x78, 0xff], [0x123, -2, NaN, 2047]],
])('reads format %s', async (_what, format, bytes, values) => {
  expect(await allOf(header(format), { 'x.dat': Uint8Array.from(bytes) })).toEqual(values);
});

it('brings samples to their unit: less the baseline, by the gain', async () => {
  const samples = new Uint8Array(Int16Array.of(1024, 1224, 924).buffer);
  expect(await allOf('r 1 100\nx.dat 16 200(1024)/mV\n', { 'x.dat': samples })).toEqual([0, 1, -0.5]);
});

it('parts signals of one file from each other, and joins those of several', async () => {
  const text = 'r 3 100 2\nx.dat 16x2 1\nx.dat 16 1\ny.dat 80+1 1\n';
  const { signals, frames } = await recordOf(text, {
    'x.dat': new Uint8Array(Int16Array.of(1, 2, 10, 3, 4, 20).buffer),
    'y.dat': Uint8Array.of(99, 128 + 5, 128 + 6),
  });
  expect(frames).toBe(2);
  expect([...(await readRows([signals[0]!], 0, 4))]).toEqual([1, 2, 3, 4]);
  expect([...(await readRows([signals[0]!], 1, 3))]).toEqual([2, 3]);
  expect([...(await readRows([signals[1]!, signals[2]!], 0, 2))]).toEqual([10, 5, 20, 6]);
});

it('reads an odd number of samples of format 212 from any of them on', async () => {
  // 1, 2, 3: the third has no half of a third byte.
  const files = { 'x.dat': Uint8Array.of(0x01, 0x00, 0x02, 0x03, 0x00) };
  const { signals } = await recordOf(header('212', ' 3'), files);
  expect([...(await readRows(signals, 0, 3))]).toEqual([1, 2, 3]);
  expect([...(await readRows(signals, 1, 3))]).toEqual([2, 3]);
  expect([...(await readRows(signals, 2, 3))]).toEqual([3]);
});

it('finds samples only beside the header, wherever their name leads', async () => {
  const files = { 'x.dat': new Uint8Array(Int16Array.of(7).buffer) };
  expect(await allOf('r 1 100\n../../x.dat 16 1\n', files)).toEqual([7]);
  expect(await allOf('r 1 100\nC:\\data\\x.dat 16 1\n', files)).toEqual([7]);
});

it.each([
  [
    header('16', ' 9'),
    'broken',
    '“x.dat” is cut off: the header counts 9 frames, 2 are there. Copy it again.',
  ],
  [header('16+400'), 'empty', '“x.dat” holds no samples.'],
  [header('0'), 'broken', 'Signal “channel 1” is only named: it has no samples.'],
  ['r 2 100\nx.dat 16 1\nx.dat 80 1\n', 'broken', '“x.dat” is said to be written in format 16 and in 80.'],
  ['r 1 100\nother.dat 16 1\n', 'missing', 'Its samples are missing: there is no “other.dat” beside it.'],
])('refuses %j', async (text, reason, message) => {
  await expect(recordOf(text, { 'x.dat': Uint8Array.of(1, 0, 2, 0) })).rejects.toMatchObject({
    reason,
    message,
  });
});

const beat = (interval: number) => [interval & 255, (1 << 2) | (interval >> 8)];

it('takes annotations that lie beside it and in it', async () => {
  const folder = await folderOf({
    'r.atr': Uint8Array.from([...beat(50), ...beat(100), ...beat(500), 0, 0]),
  });
  expect(await readEvents(join(folder, 'r.hea'), 100, 200)).toEqual({
    events: [
      { seconds: 0.5, duration: 0, name: 'N' },
      { seconds: 1.5, duration: 0, name: 'N' },
    ],
    notes: ['1 annotations lie outside of the recording and are not used.'],
  });
  expect(await readEvents(join(folder, 'r.hea'), null, 200)).toEqual({
    events: [],
    notes: ['Its annotations are not read: no rate says when they are.'],
  });
  expect(await readEvents(join(folder, 'other.hea'), 100, 200)).toEqual({ events: [], notes: [] });
});
