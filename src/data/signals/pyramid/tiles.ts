/** Columns of a picture of a recording: of so many rows each the smallest and the largest value of every channel. */
import { open, type FileHandle } from 'node:fs/promises';
import { bandPass, highPass, lowPass, type Section } from '../preparation/butterworth.ts';
import { groundInMemory } from '../preparation/ground.ts';
import { referenceOf } from '../preparation/reference.ts';
import { filterBothWays } from '../preparation/zero-phase.ts';
import { openShard, type ShardReader } from '../../shards/reader.ts';
import { readRows } from './build.ts';
import { blocksOf, layoutOf, LEVELS, type PyramidLayout, type PyramidPlace } from './layout.ts';
import { reduceBlocks, reduceRows } from './reduce.ts';

export interface TileRequest {
  recording: number;
  rowsPerColumn: number;
  firstColumn: number;
  columns: number;
  filter?: { from: number; to: number } | undefined;
  montage: 'stored' | 'average' | 'neighbours';
}

export interface Tile {
  /** [columns, channels, 2]; NaN beyond the end. */
  values: Float32Array;
  channels: number;
  isPlain: boolean;
}

export interface TileSource {
  read(request: TileRequest): Promise<Tile>;
  close(): Promise<void>;
}

/** Rows that filters and montages are computed over while somebody waits. */
const MOST_VALUES = 6 * 1024 * 1024;

/** Null where the file is not there, was made from other recordings, or by another version. */
export async function openTiles(
  shardFile: string,
  file: string,
  places: readonly PyramidPlace[],
  names: readonly string[],
  rate: number | null,
): Promise<TileSource | null> {
  const shard = await openShard(shardFile);
  const layout = layoutOf(places, names.length, shard.bytes);
  const handle = await openIfSound(file, layout);
  if (!handle) {
    await shard.close();
    return null;
  }
  const source: Source = { shard, handle, layout, places, names, rate };
  return {
    read: (request) => readTile(source, request),
    async close() {
      await handle.close();
      await shard.close();
    },
  };
}

async function openIfSound(file: string, { head, bytes }: PyramidLayout): Promise<FileHandle | null> {
  let handle: FileHandle;
  try {
    handle = await open(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const found = Buffer.alloc(head.length);
  const { bytesRead } = await handle.read(found, 0, found.length, 0);
  const { size } = await handle.stat();
  if (bytesRead === head.length && found.equals(head) && size === bytes) return handle;
  await handle.close();
  return null;
}

interface Source {
  shard: ShardReader;
  handle: FileHandle;
  layout: PyramidLayout;
  places: readonly PyramidPlace[];
  names: readonly string[];
  rate: number | null;
}

async function readTile(source: Source, request: TileRequest): Promise<Tile> {
  const { places, names } = source;
  const { rows } = places[request.recording]!;
  const { rowsPerColumn, firstColumn, columns } = request;
  const from = firstColumn * rowsPerColumn;
  const to = Math.min(rows, from + columns * rowsPerColumn);
  const isChanged = request.montage !== 'stored' || request.filter !== undefined;
  const isNear = (to - from) * names.length <= MOST_VALUES;
  const whole = async (): Promise<[Float32Array, number]> => {
    if (from >= to) return [new Float32Array(0), names.length];
    if (isChanged && isNear) return changedColumns(source, request, from, to);
    return [await plainColumns(source, request, from, to), names.length];
  };
  const [found, channels] = await whole();
  const values = new Float32Array(columns * channels * 2).fill(NaN);
  values.set(found.subarray(0, values.length));
  return { values, channels, isPlain: isChanged && !isNear };
}

async function plainColumns(
  { shard, handle, layout, places, names }: Source,
  { recording, rowsPerColumn }: TileRequest,
  from: number,
  to: number,
): Promise<Float32Array> {
  const channels = names.length;
  const level = LEVELS.findLastIndex((rows) => rowsPerColumn % rows === 0);
  if (level === -1) {
    const values = await readRows(shard, places[recording]!.start, from, to - from, channels);
    return reduceRows(values, channels, rowsPerColumn);
  }
  const size = LEVELS[level]!;
  const last = Math.min(blocksOf(places[recording]!.rows, level), Math.ceil(to / size));
  const blocks = new Float32Array((last - from / size) * channels * 2);
  const position = layout.at[recording]![level]! + (from / size) * channels * 8;
  await handle.read(blocks, 0, blocks.byteLength, position);
  return reduceBlocks(blocks, channels, rowsPerColumn / size);
}

/** Through a montage and a filter, over the stored rows and some beyond, so that neighbouring tiles fit together. */
async function changedColumns(
  { shard, places, names, rate }: Source,
  { recording, rowsPerColumn, filter, montage }: TileRequest,
  from: number,
  to: number,
): Promise<[Float32Array, number]> {
  const { start, rows } = places[recording]!;
  const beyond = filter && rate !== null ? Math.round(Math.min(10, 3 / (filter.from || 1)) * rate) : 0;
  const [begin, end] = [Math.max(0, from - beyond), Math.min(rows, to + beyond)];
  const values = await readRows(shard, start, begin, end - begin, names.length);
  const ground = groundInMemory([values], names.length);
  const told = montage === 'average' ? 'average' : neighbours(names);
  if (montage !== 'stored' && told) await ground.refer(referenceOf(told, names));
  const sections = filter && rate !== null ? sectionsOf(filter, rate) : [];
  const [store] = ground.stores;
  await filterBothWays(store!, sections);
  const { channels } = store!;
  const shown = ground.values[0]!.subarray((from - begin) * channels, (to - begin) * channels);
  return [reduceRows(shown, channels, rowsPerColumn), channels];
}

const neighbours = (names: readonly string[]): string =>
  names
    .slice(1)
    .map((name, at) => `${names[at]}-${name}`)
    .join(', ');

const ORDER = 2;

function sectionsOf({ from, to }: { from: number; to: number }, rate: number): Section[] {
  const high = to > 0 && to < rate / 2 ? to : 0;
  const low = from > 0 && from < rate / 2 ? from : 0;
  if (low > 0 && high > low) return bandPass(ORDER, low, high, rate);
  if (high > 0) return lowPass(ORDER, high, rate);
  return low > 0 ? highPass(ORDER, low, rate) : [];
}
