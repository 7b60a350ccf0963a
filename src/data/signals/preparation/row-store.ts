/** Rows that steps of a preparation go over, a block at a time: in memory, or where a shard is being written. */
import type { ShardWriter } from '../../shards/writer.ts';

export interface RowStore {
  rows: number;
  channels: number;
  /** @returns [to − from, channels] in memory of its own */
  read(from: number, to: number): Promise<Float32Array>;
  write(from: number, values: Float32Array): Promise<void>;
}

const BLOCK_VALUES = 512 * 1024;

export function storeInMemory(values: Float32Array, channels: number): RowStore {
  return {
    rows: values.length / channels,
    channels,
    read: (from, to) => Promise.resolve(values.slice(from * channels, to * channels)),
    write: (from, block) => Promise.resolve(values.set(block, from * channels)),
  };
}

/** Rows that were appended to a shard, from a byte on. */
export function storeInShard(writer: ShardWriter, start: number, rows: number, channels: number): RowStore {
  const at = (row: number) => start + 4 * channels * row;
  return {
    rows,
    channels,
    async read(from, to) {
      const bytes = new Uint8Array(4 * channels * (to - from));
      await writer.readBack(bytes, at(from));
      return new Float32Array(bytes.buffer);
    },
    write: (from, { buffer, byteOffset, byteLength }) =>
      writer.overwrite(new Uint8Array(buffer, byteOffset, byteLength), at(from)),
  };
}

/** Blocks in their order, or from the last to the first. What is done to the values is written back where asked. */
export async function eachBlock(
  store: RowStore,
  visit: (values: Float32Array, from: number) => void,
  { isWritten = true, isBackward = false }: { isWritten?: boolean; isBackward?: boolean } = {},
): Promise<void> {
  const size = Math.max(1, Math.floor(BLOCK_VALUES / store.channels));
  const count = Math.ceil(store.rows / size);
  for (let index = 0; index < count; index += 1) {
    const from = (isBackward ? count - 1 - index : index) * size;
    const values = await store.read(from, Math.min(store.rows, from + size));
    visit(values, from);
    if (isWritten) await store.write(from, values);
  }
}
