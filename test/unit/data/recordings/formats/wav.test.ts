import { expect, it } from 'vitest';
import { bytesInMemory } from '../../../../../src/data/recordings/bytes.ts';
import { looksLikeWav, openWav } from '../../../../../src/data/recordings/formats/wav.ts';

type Chunk = [id: string, content: Buffer, told?: number];

function wav(chunks: Chunk[], kind = 'RIFF'): Buffer {
  const parts = chunks.flatMap(([id, content, told]) => {
    const head = Buffer.alloc(8);
    head.write(id, 'latin1');
    head.writeUInt32LE(told ?? content.length, 4);
    return [head, content, Buffer.alloc(content.length % 2)];
  });
  const head = Buffer.alloc(12);
  head.write(kind, 'latin1');
  head.writeUInt32LE(
    parts.reduce((sum, part) => sum + part.length, 4),
    4,
  );
  head.write('WAVE', 8, 'latin1');
  return Buffer.concat([head, ...parts]);
}

/** As the description of Microsoft and IBM gives it: code, channels, rate, bytes a second, bytes a frame, bits. */
function fmt(code: number, channels: number, rate: number, bits: number, extension = Buffer.alloc(0)): Chunk {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt16LE(code, 0);
  bytes.writeUInt16LE(channels, 2);
  bytes.writeUInt32LE(rate, 4);
  bytes.writeUInt32LE((rate * channels * bits) / 8, 8);
  bytes.writeUInt16LE((channels * bits) / 8, 12);
  bytes.writeUInt16LE(bits, 14);
  return ['fmt ', Buffer.concat([bytes, extension])];
}

const open = (bytes: Buffer) => openWav(bytesInMemory(bytes));
const valuesOf = async (bytes: Buffer) => {
  const [track] = (await open(bytes)).tracks;
  return [...(await track!.read(0, track!.length))];
};
const floats = (...values: number[]) => Buffer.from(Float32Array.from(values).buffer);

it.each([
  ['8 bits without a sign', fmt(1, 1, 8000, 8), Buffer.of(0, 64, 128, 192), [-1, -0.5, 0, 0.5]],
  ['16 bits', fmt(1, 1, 8000, 16), Buffer.of(0, 0x80, 0, 0xc0, 0, 0, 0, 0x40), [-1, -0.5, 0, 0.5]],
  ['24 bits', fmt(1, 1, 8000, 24), Buffer.of(0, 0, 0x80, 0, 0, 0xe0, 0, 0, 0x40), [-1, -0.25, 0.5]],
  ['32 bits', fmt(1, 1, 8000, 32), Buffer.of(0, 0, 0, 0x80, 0, 0, 0, 0x20), [-1, 0.25]],
  ['floats, as they stand', fmt(3, 1, 8000, 32), floats(-1.5, 0, 7), [-1.5, 0, 7]],
  ['doubles', fmt(3, 1, 8000, 64), Buffer.from(Float64Array.of(-0.125, 3).buffer), [-0.125, 3]],
] as const)('gives shares of full scale from %s', async (_what, format, data, values) => {
  expect(await valuesOf(wav([format, ['data', data]]))).toEqual(values);
});

it('tells channels, rate and length, and reads a stretch of frames', async () => {
  const data = Buffer.from(Int16Array.of(0, 16384, 8192, -8192, -16384, 4096).buffer);
  const recording = await open(wav([fmt(1, 2, 44100, 16), ['data', data]]));
  expect(recording.format).toBe('WAV, 16 bits');
  const [track] = recording.tracks;
  expect([track!.rate, track!.length]).toEqual([44100, 3]);
  expect(track!.channels.map(({ name }) => name)).toEqual(['channel 1', 'channel 2']);
  expect([...(await track!.read(1, 3))]).toEqual([0.25, -0.25, -0.5, 0.125]);
});

it('reads stretches of 24 bits from their place', async () => {
  const data = Buffer.of(0, 0, 0x40, 0, 0, 0xc0, 0, 0, 0x20, 0, 0, 0xe0);
  const [track] = (await open(wav([fmt(1, 2, 100, 24), ['data', data]]))).tracks;
  expect([...(await track!.read(1, 2))]).toEqual([0.25, -0.25]);
});

it('goes past other chunks, whose odd sizes are filled up to even ones', async () => {
  const bytes = wav([
    ['LIST', Buffer.from('odd')],
    fmt(3, 1, 10, 32),
    ['note', Buffer.from('x')],
    ['data', floats(4)],
  ]);
  expect(await valuesOf(bytes)).toEqual([4]);
});

it('looks behind WAVE_FORMAT_EXTENSIBLE for what the numbers are', async () => {
  const extension = Buffer.alloc(24);
  extension.writeUInt16LE(22, 0);
  extension.writeUInt16LE(3, 8);
  expect(await valuesOf(wav([fmt(0xfffe, 1, 10, 32, extension), ['data', floats(0.5)]]))).toEqual([0.5]);
});

it('takes the size of RF64 from ds64, and all that is there where a recorder left it open', async () => {
  const ds64 = Buffer.alloc(28);
  ds64.writeBigUInt64LE(8n, 8);
  const open64 = wav([['ds64', ds64], fmt(3, 1, 10, 32), ['data', floats(1, 2, 3), 0xffffffff]], 'RF64');
  expect(await valuesOf(open64)).toEqual([1, 2]);
  const left = await open(wav([fmt(3, 1, 10, 32), ['data', floats(1, 2, 3), 0xffffffff]]));
  expect(left.tracks[0]!.length).toBe(3);
  expect(left.notes).toEqual(['The size of the samples was left open; all that is there is read.']);
});

const data: Chunk = ['data', floats(1)];
it.each([
  [
    wav([data, fmt(3, 1, 10, 32)]),
    'broken',
    'The samples stand before what says how they are written (fmt).',
  ],
  [wav([fmt(3, 1, 10, 32)]), 'broken', 'The file is cut off: it has no samples (data).'],
  [
    wav([fmt(3, 1, 10, 32), ['data', floats(1), 40]]),
    'broken',
    'The file is cut off: 40 bytes of samples are announced, 4 are there.',
  ],
  [wav([['fmt ', Buffer.alloc(10)], data]), 'broken', 'What says how samples are written (fmt) is cut off.'],
  [wav([fmt(1, 0, 10, 16), data]), 'broken', 'The header says that the file has no channel.'],
  [wav([fmt(1, 1, 0, 16), data]), 'broken', 'The header says that the file has 0 samples a second.'],
  [
    wav([fmt(2, 1, 10, 4), data]),
    'unsupported',
    'The samples are compressed (format 2). Convert the file to linear PCM.',
  ],
  [
    wav([fmt(1, 1, 10, 12), data]),
    'unsupported',
    'Samples of 12 bits are not read; 8, 16, 24 and 32 are, and floats of 32 and 64.',
  ],
  [
    wav([fmt(3, 1, 10, 16), data]),
    'unsupported',
    'Samples of 16 bits are not read; 8, 16, 24 and 32 are, and floats of 32 and 64.',
  ],
  [wav([fmt(3, 2, 10, 32), data]), 'empty', 'The file holds no samples.'],
  [Buffer.from('RIFF1234AVI LIST'), 'wrong-magic', 'The file does not begin as WAV does.'],
])('refuses a file that contradicts itself: %#', async (bytes, reason, message) => {
  await expect(open(bytes)).rejects.toMatchObject({ reason, message });
});

it('is known by its first twelve bytes', () => {
  expect(looksLikeWav(wav([]))).toBe(true);
  expect(looksLikeWav(wav([], 'RF64'))).toBe(true);
  expect(looksLikeWav(Buffer.from('RIFF1234AVI '))).toBe(false);
});
