/**
 * What a TIFF file says of itself: size, bands, kind of values, which bands are transparency.
 *
 * The image library tells neither whether a fourth band is transparency or infrared, nor why it refuses values; and
 * a file may be too large to be read for its header (TIFF 6.0; BigTIFF).
 */
export interface TiffFacts {
  width: number;
  height: number;
  bands: number;
  bits: number;
  /** 1 unsigned, 2 signed, 3 floating point, 4 undefined, 5 and 6 complex. */
  sampleFormat: number;
  /** Bands beyond grey or color that the file declares to be transparency. */
  alphaBands: number;
  /** 0, 1: grey; 2: color; 3: palette; 5: four printing colors; 6: YCbCr. */
  photometric: number;
  /** What the file says of itself in words, where it does. */
  description: string | null;
}

const TAGS = {
  width: 256,
  height: 257,
  bits: 258,
  photometric: 262,
  bands: 277,
  extra: 338,
  sampleFormat: 339,
} as const;
const TYPE_BYTES: Record<number, number> = { 1: 1, 3: 2, 4: 4, 16: 8 };
const MOST_ENTRIES = 4096;
const DESCRIPTION = 270;
const ASCII = 2;
/** OME-XML names every page; what is looked for stands at its beginning. */
const MOST_WORDS = 256 * 1024;

/** Reads `count` bytes at a place; fewer at the end of the file. */
export type ReadAt = (position: number, count: number) => Promise<Buffer>;

/** Null where it is no TIFF that can be followed. */
export async function readTiffFacts(read: ReadAt): Promise<TiffFacts | null> {
  const start = await read(0, 16);
  if (start.length < 8) return null;
  const little = start[0] === 0x49;
  const short = (bytes: Buffer, at: number) => (little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
  const long = (bytes: Buffer, at: number) => (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  const wide = (bytes: Buffer, at: number) =>
    Number(little ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
  const big = short(start, 2) === 43;
  if (big && start.length < 16) return null;
  const directory = big ? wide(start, 8) : long(start, 4);
  const head = await read(directory, big ? 8 : 2);
  if (head.length < (big ? 8 : 2)) return null;
  const count = big ? wide(head, 0) : short(head, 0);
  if (count > MOST_ENTRIES) return null;
  const entryBytes = big ? 20 : 12;
  const entries = await read(directory + head.length, count * entryBytes);
  const found = new Map<number, number[]>();
  let description: string | null = null;
  for (let at = 0; at + entryBytes <= entries.length; at += entryBytes) {
    const tag = short(entries, at);
    const type = short(entries, at + 2);
    const values = big ? wide(entries, at + 4) : long(entries, at + 4);
    if (tag === DESCRIPTION && type === ASCII && values > (big ? 8 : 4)) {
      const place = at + (big ? 12 : 8);
      const text = await read(
        big ? wide(entries, place) : long(entries, place),
        Math.min(values, MOST_WORDS),
      );
      description = text.toString('utf8').replace(/\0+$/, '');
      continue;
    }
    const size = TYPE_BYTES[type];
    if (!(Object.values(TAGS) as number[]).includes(tag) || !size || values > 64) continue;
    const inline = entries.subarray(at + (big ? 12 : 8), at + entryBytes);
    const fits = values * size <= inline.length;
    const data = fits ? inline : await read(big ? wide(inline, 0) : long(inline, 0), values * size);
    if (data.length < values * size) continue;
    const one = (place: number) =>
      size === 1
        ? data[place]!
        : size === 2
          ? short(data, 2 * place)
          : size === 4
            ? long(data, 4 * place)
            : wide(data, 8 * place);
    found.set(
      tag,
      Array.from({ length: values }, (_, place) => one(place)),
    );
  }
  const first = (tag: number, missing: number) => found.get(tag)?.[0] ?? missing;
  const width = first(TAGS.width, 0);
  const height = first(TAGS.height, 0);
  if (width === 0 || height === 0) return null;
  return {
    width,
    height,
    bands: first(TAGS.bands, 1),
    bits: first(TAGS.bits, 1),
    sampleFormat: first(TAGS.sampleFormat, 1),
    alphaBands: (found.get(TAGS.extra) ?? []).filter((kind) => kind === 1 || kind === 2).length,
    photometric: first(TAGS.photometric, 1),
    description,
  };
}

/** Why its values cannot be read, in words; null where they can. */
export function unreadableValues({ sampleFormat, bits }: TiffFacts): string | null {
  if (sampleFormat === 2)
    return `The picture holds signed ${bits}-bit numbers; unsigned numbers of 8 or 16 bits are read. Save it with unsigned values, for example by adding an offset.`;
  if (sampleFormat === 3)
    return `The picture holds ${bits}-bit floating-point numbers; unsigned numbers of 8 or 16 bits are read. Scale its values to 0 to 65,535 and save it with 16 bits.`;
  if (sampleFormat > 4) return 'The picture holds complex numbers. Save their strength with 16 bits.';
  if (bits > 16)
    return `The picture holds ${bits}-bit numbers; 8 and 16 bits are read. Scale its values to 0 to 65,535 and save it with 16 bits.`;
  return null;
}
