import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildPyramid } from '../../../../../src/data/signals/pyramid/build.ts';
import { openTiles } from '../../../../../src/data/signals/pyramid/tiles.ts';
import { ShardWriter } from '../../../../../src/data/shards/writer.ts';
import { folderOf } from '../../../../fixtures/imports.ts';

const NAMES = ['a', 'b', 'c'];
const FIRST = 300;
const ROWS = 70_001;
const PLACES = [
  { start: 0, rows: FIRST },
  { start: 4 * 3 * FIRST, rows: ROWS },
];
const valueAt = (row: number, channel: number) => Math.fround(((row * 7919 + channel * 31) % 10_007) - 5000);

async function made() {
  const folder = await folderOf();
  const [shard, file] = [join(folder, 'made.shard'), join(folder, 'made.shard.pyramid-1')];
  const writer = await ShardWriter.create(shard);
  const values = (rows: number) =>
    Float32Array.from({ length: rows * 3 }, (_, at) => valueAt(Math.floor(at / 3), at % 3));
  await writer.append(new Uint8Array(values(FIRST).buffer));
  await writer.append(new Uint8Array(values(ROWS).buffer));
  await writer.finish();
  await buildPyramid(shard, file, PLACES, 3);
  return { shard, file };
}

/** Smallest and largest of each channel, row by row. */
function columnsOf(rows: number, rowsPerColumn: number, first: number, columns: number): number[] {
  return Array.from({ length: columns }, (_, column) => {
    const from = (first + column) * rowsPerColumn;
    const to = Math.min(rows, from + rowsPerColumn);
    return NAMES.flatMap((_name, channel) => {
      const own = Array.from({ length: Math.max(0, to - from) }, (_x, at) => valueAt(from + at, channel));
      return own.length === 0 ? [NaN, NaN] : [Math.min(...own), Math.max(...own)];
    });
  }).flat();
}

describe('tiles', () => {
  it.each([1, 2, 8, 16, 32, 64, 512, 4096, 65_536])(
    'of %i rows a column hold every peak',
    async (rowsPerColumn) => {
      const { shard, file } = await made();
      const tiles = (await openTiles(shard, file, PLACES, NAMES, 100))!;
      const first = Math.max(0, Math.floor(ROWS / rowsPerColumn) - 6);
      const request = { rowsPerColumn, firstColumn: first, columns: 10, montage: 'stored' as const };
      const { values, channels, isPlain } = await tiles.read({ ...request, recording: 1 });
      expect([...values]).toEqual(columnsOf(ROWS, rowsPerColumn, first, 10));
      expect({ channels, isPlain }).toEqual({ channels: 3, isPlain: false });
      const [other] = (await tiles.read({ ...request, firstColumn: 0, recording: 0 })).values;
      expect(other).toBe(columnsOf(FIRST, rowsPerColumn, 0, 1)[0]);
      await tiles.close();
    },
  );

  it('are shown through a montage and a filter', async () => {
    const { shard, file } = await made();
    const tiles = (await openTiles(shard, file, PLACES, NAMES, 100))!;
    const request = { recording: 1, rowsPerColumn: 1, firstColumn: 500, columns: 4 };
    const neighbours = await tiles.read({ ...request, montage: 'neighbours' });
    expect(neighbours.channels).toBe(2);
    expect(neighbours.values[0]).toBe(valueAt(500, 0) - valueAt(500, 1));
    // Two tiles beside each other are one picture.
    const filter = { from: 1, to: 20 };
    const whole = await tiles.read({ ...request, columns: 8, montage: 'stored', filter });
    const half = await tiles.read({ ...request, firstColumn: 504, montage: 'stored', filter });
    half.values.forEach((value, at) => expect(value).toBeCloseTo(whole.values[4 * 6 + at]!, 0));
    const far = await tiles.read({
      ...request,
      rowsPerColumn: 65_536,
      columns: 1024,
      firstColumn: 0,
      montage: 'average',
    });
    expect(far).toMatchObject({ channels: 3, isPlain: false });
    await tiles.close();
  });

  it('come from no file that is gone, cut off, or made from other recordings', async () => {
    const { shard, file } = await made();
    expect(await openTiles(shard, `${file}-gone`, PLACES, NAMES, 100)).toBeNull();
    expect(await openTiles(shard, file, PLACES.slice(1), NAMES, 100)).toBeNull();
    await writeFile(file, Buffer.alloc(100));
    expect(await openTiles(shard, file, PLACES, NAMES, 100)).toBeNull();
  });
});
