/** WAV: chunks of RIFF (or RF64, of more than 4 GB), linear PCM or floats. */
import type { ByteSource } from '../bytes.ts';
import { int24, type NumberType } from '../numbers.ts';
import { readFrames } from '../packed.ts';
import { FileProblem } from '../../problem.ts';
import { broken, unsupported } from '../problem.ts';
import { oneStretch, type Recording } from '../recording.ts';

interface WavFormat {
  isFloat: boolean;
  channels: number;
  rate: number;
  bits: number;
}

/** Of an open end: a recorder that was switched off, or a stream. */
const OPEN_SIZE = 0xffffffff;

export const looksLikeWav = (head: Uint8Array): boolean => {
  const text = Buffer.from(head.subarray(0, 12)).toString('latin1');
  return /^(RIFF|RF64)[^]{4}WAVE$/.test(text);
};

/** Integers become shares of full scale, from −1 to 1, as no file says what they are. */
export async function openWav(source: ByteSource): Promise<Recording> {
  if (source.size < 12 || !looksLikeWav(await source.read(0, 12)))
    throw new FileProblem('wrong-magic', 'The file does not begin as WAV does.');
  const { format, data } = await readChunks(source);
  const { isFloat, channels, rate, bits } = format;
  const frameBytes = (channels * bits) / 8;
  const length = Math.floor(data.bytes / frameBytes);
  if (length === 0) throw new FileProblem('empty', 'The file holds no samples.');
  const scale = isFloat ? 1 : 2 ** (1 - bits);
  const packed = {
    source,
    offset: data.offset,
    isLittleEndian: true,
    channels,
    gains: new Float64Array(channels).fill(scale),
    // Eight bits have no sign.
    bases: new Float64Array(channels).fill(bits === 8 ? -1 : 0),
  };
  const type = typeOf(format);
  return {
    format: `WAV, ${bits} bits`,
    tracks: [
      {
        rate,
        channels: Array.from({ length: channels }, (_, index) => ({
          name: `channel ${index + 1}`,
          unit: null,
        })),
        length,
        stretches: oneStretch(length),
        read: (from, to) =>
          type === 'int24'
            ? readInt24(source, data.offset, channels, from, to)
            : readFrames({ ...packed, type }, from, to),
      },
    ],
    events: [],
    subject: null,
    start: null,
    notes: data.notes,
    close: () => source.close(),
  };
}

async function readChunks(source: ByteSource) {
  let format: WavFormat | null = null;
  let wide: number | null = null;
  for (let at = 12; at + 8 <= source.size;) {
    const head = await source.read(at, 8);
    const id = head.toString('latin1', 0, 4);
    const size = head.readUInt32LE(4);
    const start = at + 8;
    if (id === 'ds64') wide = Number((await source.read(start, 16)).readBigUInt64LE(8));
    if (id === 'fmt ') format = parseFormat(await source.read(start, Math.min(size, 40)));
    if (id === 'data') {
      if (!format) throw broken('The samples stand before what says how they are written (fmt).');
      return { format, data: dataOf(source, start, size === OPEN_SIZE && wide !== null ? wide : size) };
    }
    at = start + size + (size % 2);
  }
  throw broken('The file is cut off: it has no samples (data).');
}

function dataOf(source: ByteSource, offset: number, told: number) {
  const there = source.size - offset;
  if (told === OPEN_SIZE)
    return {
      offset,
      bytes: there,
      notes: ['The size of the samples was left open; all that is there is read.'],
    };
  if (told > there)
    throw broken(`The file is cut off: ${told} bytes of samples are announced, ${there} are there.`);
  return { offset, bytes: told, notes: [] as string[] };
}

function parseFormat(bytes: Buffer): WavFormat {
  if (bytes.length < 16) throw broken('What says how samples are written (fmt) is cut off.');
  let code = bytes.readUInt16LE(0);
  if (code === 0xfffe && bytes.length >= 26) code = bytes.readUInt16LE(24);
  const [channels, rate, bits] = [bytes.readUInt16LE(2), bytes.readUInt32LE(4), bytes.readUInt16LE(14)];
  if (channels === 0) throw broken('The header says that the file has no channel.');
  if (rate === 0) throw broken('The header says that the file has 0 samples a second.');
  if (code !== 1 && code !== 3)
    throw unsupported(`The samples are compressed (format ${code}). Convert the file to linear PCM.`);
  const isFloat = code === 3;
  if (!(isFloat ? [32, 64] : [8, 16, 24, 32]).includes(bits))
    throw unsupported(`Samples of ${bits} bits are not read; 8, 16, 24 and 32 are, and floats of 32 and 64.`);
  return { isFloat, channels, rate, bits };
}

function typeOf({ isFloat, bits }: WavFormat): NumberType | 'int24' {
  if (isFloat) return bits === 64 ? 'float64' : 'float32';
  return ({ 8: 'uint8', 16: 'int16', 24: 'int24', 32: 'int32' } as const)[bits as 8 | 16 | 24 | 32];
}

async function readInt24(
  source: ByteSource,
  offset: number,
  channels: number,
  from: number,
  to: number,
): Promise<Float32Array> {
  const bytes = await source.read(offset + from * channels * 3, (to - from) * channels * 3);
  return Float32Array.from({ length: (to - from) * channels }, (_, at) => int24(bytes, 3 * at) / 2 ** 23);
}
