/**
 * The file beside a shard that lets hours of many channels be drawn at once: of blocks of 16, 64, 256, … rows the
 * smallest and the largest value of each channel.
 *
 * It begins with eight letters, the length of a JSON document, and the document; float32 [blocks, channels, 2] of each
 * recording and level follow. All of it follows from the places of the recordings, so it is checked against them.
 */

export const PYRAMID_VERSION = 1;
const MARK = 'PRETPYR1';
/** Rows of a block, level by level; each level is made of the one before. */
export const LEVELS = [16, 64, 256, 1024, 4096, 16_384] as const;

export interface PyramidPlace {
  /** First byte in the shard. */
  start: number;
  rows: number;
}

export interface PyramidLayout {
  head: Buffer;
  /** First byte of each level of each recording. */
  at: number[][];
  bytes: number;
}

export const blocksOf = (rows: number, level: number): number => Math.ceil(rows / LEVELS[level]!);

/** @param shardBytes of the samples that it was made from */
export function layoutOf(
  places: readonly PyramidPlace[],
  channels: number,
  shardBytes: number,
): PyramidLayout {
  const text = JSON.stringify({
    version: PYRAMID_VERSION,
    shardBytes,
    channels,
    levels: LEVELS,
    recordings: places.map(({ start, rows }) => [start, rows]),
  });
  const document = Buffer.from(text);
  const head = Buffer.alloc(Math.ceil((12 + document.length) / 16) * 16);
  head.write(MARK, 'latin1');
  head.writeUInt32LE(document.length, 8);
  document.copy(head, 12);
  let bytes = head.length;
  const at = places.map(({ rows }) =>
    LEVELS.map((_, level) => {
      const begin = bytes;
      bytes += blocksOf(rows, level) * channels * 8;
      return begin;
    }),
  );
  return { head, at, bytes };
}
