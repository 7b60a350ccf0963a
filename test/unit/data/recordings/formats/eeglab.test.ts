import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openEeglab } from '../../../../../src/data/recordings/formats/eeglab.ts';
import { folderOf } from '../../../../fixtures/imports.ts';
import { doubles, mat, shorts, struct, text } from '../../../../fixtures/recordings/made-mat.ts';

const number = (value: number) => doubles('', [1, 1], [value]);
const words = (value: string) => text('', value);
const upTo = (count: number) => Array.from({ length: count }, (_, at) => at);

function eeg(fields: Record<string, Buffer>): Buffer {
  const whole = {
    nbchan: number(2),
    pnts: number(8),
    trials: number(1),
    srate: number(4),
    xmin: number(0),
    ...fields,
  };
  return mat(struct('EEG', whole));
}
const inside = doubles('', [2, 8], upTo(16));

async function open(bytes: Buffer, files: Record<string, Uint8Array> = {}, name = 'a.set') {
  const folder = await folderOf({ [name]: bytes, ...files });
  const recording = await openEeglab(join(folder, name));
  onTestFinished(() => recording.close());
  return recording;
}
const event = (type: Buffer, latency: number, duration = 0) => ({
  type,
  latency: number(latency),
  duration: number(duration),
});

it('reads samples that stand in it, channels by name, and events counted from 1', async () => {
  const recording = await open(
    eeg({
      data: inside,
      subject: words('S3'),
      chanlocs: struct('', { labels: words('Fz') }, { labels: words('Cz') }),
      event: struct('', event(words('go'), 5, 2), event(number(7), 1)),
    }),
  );
  expect(recording).toMatchObject({ format: 'EEGLAB', subject: 'S3', start: null });
  expect(recording.tracks[0]).toMatchObject({
    rate: 4,
    length: 8,
    stretches: [{ start: 0, end: 8, seconds: 0 }],
  });
  expect(recording.tracks[0]!.channels).toEqual([
    { name: 'Fz', unit: 'µV' },
    { name: 'Cz', unit: 'µV' },
  ]);
  expect([...(await recording.tracks[0]!.read(6, 8))]).toEqual([12, 13, 14, 15]);
  // Types may be numbers, and come in any order.
  expect(recording.events).toEqual([
    { seconds: 0, duration: 0, name: '7' },
    { seconds: 1, duration: 0.5, name: 'go' },
  ]);
});

it('reads samples beside it: by the name that it keeps, or by its own where it was renamed', async () => {
  const floats = new Uint8Array(Float32Array.from(upTo(16), (value) => value / 2).buffer);
  const bytes = eeg({ data: words('C:\\lab\\first.fdt') });
  for (const name of ['first.fdt', 'a.fdt']) {
    const { tracks } = await open(bytes, { [name]: floats });
    expect([...(await tracks[0]!.read(1, 3))]).toEqual([1, 1.5, 2, 2.5]);
  }
  await expect(open(bytes)).rejects.toMatchObject({
    reason: 'missing',
    message: 'Its samples are missing: there is no “first.fdt” beside it.',
  });
  await expect(open(bytes, { 'a.fdt': floats.subarray(4) })).rejects.toMatchObject({
    reason: 'broken',
    message: '“first.fdt” holds 60 bytes; 2 × 8 × 1 values need 64. Copy it again.',
  });
});

it('parts what was recorded where rows were cut out', async () => {
  // A boundary between the third row and the fourth, and two at the ends, which part nothing.
  const cut = struct(
    '',
    event(words('boundary'), 3.5),
    event(words('boundary'), 0.5),
    event(words('boundary'), 8.5),
    event(words('x'), 4),
  );
  const { tracks, events } = await open(eeg({ data: inside, event: cut }));
  expect(tracks[0]!.stretches).toEqual([
    { start: 0, end: 3, seconds: 0 },
    { start: 3, end: 8, seconds: 0.75 },
  ]);
  expect(events).toEqual([{ seconds: 0.75, duration: 0, name: 'x' }]);
});

it('labels each trial by the event at its moment zero', async () => {
  const trials = {
    pnts: number(4),
    trials: number(2),
    xmin: number(-0.5),
    data: doubles('', [2, 4, 2], upTo(16)),
  };
  // Zero is the third row of a trial: rows 3 and 7 of all, counted from 1; one row before the second something else happened.
  const { tracks } = await open(
    eeg({
      ...trials,
      event: struct('', event(words('left'), 3), event(words('blink'), 6), event(words('right'), 7)),
    }),
  );
  expect(tracks[0]!.stretches).toEqual([
    { start: 0, end: 4, seconds: 0, label: 'left' },
    { start: 4, end: 8, seconds: 1, label: 'right' },
  ]);
  const without = await open(eeg(trials));
  expect(without.tracks[0]!.stretches.map(({ label }) => label)).toEqual([null, null]);
});

it('reads fields that are variables of their own', async () => {
  const bytes = mat(
    shorts('nbchan', [1, 1], [2]),
    shorts('pnts', [1, 1], [8]),
    shorts('srate', [1, 1], [4]),
    doubles('data', [2, 8], upTo(16)),
  );
  expect((await open(bytes)).tracks[0]).toMatchObject({ rate: 4, length: 8 });
});

it.each([
  [
    mat(doubles('X', [1, 2], [1, 2])),
    'wrong-magic',
    'The file holds no recording of EEGLAB (EEG, with srate and data).',
  ],
  [eeg({ data: inside, srate: number(0) }), 'broken', 'The recording’s srate is 0.'],
  [eeg({ data: inside, nbchan: number(1.5) }), 'broken', 'The recording’s nbchan is 1.5.'],
  [eeg({ data: inside, pnts: words('eight') }), 'broken', 'The recording’s pnts is NaN.'],
  [
    eeg({ data: inside, pnts: number(9) }),
    'broken',
    'The recording counts 2 × 9 × 1 values, 2 × 8 are there.',
  ],
])('refuses what contradicts itself: %#', async (bytes, reason, message) => {
  await expect(open(bytes)).rejects.toMatchObject({ reason, message });
});
