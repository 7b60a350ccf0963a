import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { bytesInMemory, openBytes } from '../../../../../src/data/recordings/bytes.ts';
import { openEdf } from '../../../../../src/data/recordings/formats/edf.ts';
import { folderOf } from '../../../../fixtures/imports.ts';
import { writeEdf } from '../../../../fixtures/recordings/made-edf.ts';

interface Signal {
  name: string;
  samples: number;
  unit?: string;
  range?: [number, number];
  digital?: [number, number];
}

/** Fields of fixed width by Kemp et al. 1992, then the records. */
function edf(
  kind: { bdf?: boolean; reserved?: string; seconds?: number },
  signals: Signal[],
  records: Uint8Array[],
): Buffer {
  const { bdf = false, reserved = '', seconds = 1 } = kind;
  const field = (value: unknown, width: number) => String(value).padEnd(width).slice(0, width);
  const each = (width: number, of: (signal: Signal) => unknown) =>
    signals.map((one) => field(of(one), width)).join('');
  const digital = ({ digital: range }: Signal) => range ?? [-32768, 32767];
  const head = [
    bdf ? '\xffBIOSEMI' : field(0, 8),
    field('P01 F X X', 80),
    field('Startdate 02-MAR-2004 X X X', 80),
    '02.03.0405.06.07',
    field(256 * (signals.length + 1), 8),
    field(reserved, 44),
    field(records.length, 8),
    field(seconds, 8),
    field(signals.length, 4),
    each(16, ({ name }) => name),
    each(80, () => ''),
    each(8, ({ unit = 'uV' }) => unit),
    each(8, (one) => (one.range ?? digital(one))[0]),
    each(8, (one) => (one.range ?? digital(one))[1]),
    each(8, (one) => digital(one)[0]),
    each(8, (one) => digital(one)[1]),
    each(80, () => ''),
    each(8, ({ samples }) => samples),
    each(32, () => ''),
  ].join('');
  return Buffer.concat([Buffer.from(head, 'latin1'), ...records]);
}
async function open(bytes: Buffer) {
  const recording = await openEdf(bytesInMemory(bytes));
  onTestFinished(() => recording.close());
  return recording;
}
const int16 = (...values: number[]) => new Uint8Array(Int16Array.from(values).buffer);

it('puts signals of one rate in a track, the widest first, and scales each by its ranges', async () => {
  const signals: Signal[] = [
    { name: 'Temp', samples: 1, unit: 'degC', range: [0, 50], digital: [0, 100] },
    { name: 'C3', samples: 2, range: [-1, 1], digital: [-10, 10] },
    { name: 'C4', samples: 2 },
  ];
  // A record holds all samples of a signal before those of the next.
  const { format, subject, tracks } = await open(
    edf({ seconds: 0.5 }, signals, [int16(74, -10, 5, 100, 101), int16(76, 0, 10, 102, 103)]),
  );
  expect([format, subject]).toEqual(['EDF', 'P01 F X X']);
  expect(
    tracks.map(({ rate, length, channels }) => [rate, length, channels.map(({ name }) => name)]),
  ).toEqual([
    [4, 4, ['C3', 'C4']],
    [2, 2, ['Temp']],
  ]);
  expect(tracks[0]!.channels[0]!.unit).toBe('µV');
  expect([...(await tracks[0]!.read(0, 4))]).toEqual([-1, 100, 0.5, 101, 0, 102, 1, 103]);
  expect([...(await tracks[0]!.read(1, 3))]).toEqual([0.5, 101, 0, 102]);
  expect([...(await tracks[1]!.read(0, 2))]).toEqual([37, 38]);
});

it('reads the 24 bits of BDF', async () => {
  const digital: [number, number] = [-8388608, 8388607];
  const { format, tracks } = await open(
    edf(
      { bdf: true },
      [{ name: 'A1', samples: 3, digital }],
      [Uint8Array.of(1, 0, 0, 255, 255, 255, 0, 0, 128)],
    ),
  );
  expect(format).toBe('BDF');
  expect([...(await tracks[0]!.read(0, 3))]).toEqual([1, -1, -8388608]);
});

/** A record with one sample of a signal and sixteen bytes of annotations. */
const record = (value: number, texts: string) => {
  const bytes = Buffer.alloc(18);
  bytes.writeInt16LE(value, 0);
  bytes.write(texts, 2, 'latin1');
  return bytes;
};
const annotated: Signal[] = [
  { name: 'Fz', samples: 1 },
  { name: 'EDF Annotations', samples: 8 },
];

it('parts what was not recorded without a gap into stretches', async () => {
  const records = [
    record(1, '+3\x14\x14\0'),
    record(2, '+4\x14\x14+4.5\x14go\x14\0'.replace('\x14+', '\x14\0+')),
    record(3, '+9\x14\x14\0'),
  ];
  const { tracks, events } = await open(edf({ reserved: 'EDF+D' }, annotated, records));
  expect(tracks).toHaveLength(1);
  // Counted from the first record on.
  expect(tracks[0]!.stretches).toEqual([
    { start: 0, end: 2, seconds: 0 },
    { start: 2, end: 3, seconds: 6 },
  ]);
  expect(events).toEqual([{ seconds: 1.5, duration: 0, name: 'go' }]);
  expect([...(await tracks[0]!.read(0, 3))]).toEqual([1, 2, 3]);
});

it('is one stretch where its kind says that nothing is missing', async () => {
  const { tracks, start } = await open(
    edf({ reserved: 'EDF+C' }, annotated, [record(1, '+0\x14\x14\0'), record(2, '+9\x14\x14\0')]),
  );
  expect(tracks[0]!.stretches).toEqual([{ start: 0, end: 2, seconds: 0 }]);
  expect(start).toBe('2004-03-02T05:06:07');
});

it('has no rate where records last no time, and no track where it holds nothing but annotations', async () => {
  expect(
    (await open(edf({ seconds: 0 }, [{ name: 'x', samples: 2 }], [int16(1, 2)]))).tracks[0]!.rate,
  ).toBeNull();
  const only = edf({ reserved: 'EDF+C' }, [annotated[1]!], [Buffer.from('+0\x14\x14\0'.padEnd(16, '\0'))]);
  expect((await open(only)).tracks).toEqual([]);
});

it('reads a file that is longer than what is read at once', async () => {
  const file = join(await folderOf(), 'long.edf');
  writeEdf(file, {
    channels: 4,
    rate: 2000,
    seconds: 300,
    events: [],
    value: (row, channel) => ((row * 4 + channel) % 30_000) - 15_000,
  });
  const recording = await openEdf(await openBytes(file));
  onTestFinished(() => recording.close());
  const [from, to] = [1999, 599_001];
  const values = await recording.tracks[0]!.read(from, to);
  const wrong = values.findIndex(
    (value, at) => Math.abs(value - (((from * 4 + at) % 30_000) - 15_000) / 10) > 1e-3,
  );
  expect([values.length, wrong]).toEqual([(to - from) * 4, -1]);
});

it('leaves refusing to its header', async () => {
  await expect(
    open(edf({}, [{ name: 'x', samples: 2, digital: [5, 5] }], [int16(1, 2)])),
  ).rejects.toMatchObject({
    reason: 'broken',
    message: 'The digital range of signal 1 (x) is empty: 5 to 5.',
  });
});
