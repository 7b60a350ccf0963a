/** What steps of a preparation work on: the rows of one recording, in stretches, in memory or in a shard being written. */
import type { ShardWriter } from '../../shards/writer.ts';
import type { Reference } from './reference.ts';
import { storeInMemory, storeInShard, type RowStore } from './row-store.ts';

export interface Ground {
  /** The stretches as they stand now; another list after the channels were changed. */
  readonly stores: readonly RowStore[];
  /** Measures all rows against something else; there may be fewer or more channels afterwards. */
  refer(reference: Reference): Promise<void>;
}

/** @param stretches [rows, channels] each */
export function groundInMemory(
  stretches: readonly Float32Array[],
  channels: number,
): Ground & {
  readonly values: readonly Float32Array[];
} {
  let values = [...stretches];
  let stores = values.map((one) => storeInMemory(one, channels));
  return {
    get stores() {
      return stores;
    },
    get values() {
      return values;
    },
    refer(reference) {
      values = values.map((one) => reference.apply(one));
      stores = values.map((one) => storeInMemory(one, reference.names.length));
      return Promise.resolve();
    },
  };
}

/** Rows of a stretch, counted from the recording's first in the shard. */
export interface PlacedRows {
  start: number;
  rows: number;
}

const VALUES_AT_ONCE = 512 * 1024;

/**
 * A recording that was appended to a shard last: nothing may stand behind it.
 * @param begin its first byte
 * @param rows all of them, those between stretches too
 */
export function groundInShard(
  writer: ShardWriter,
  begin: number,
  rows: number,
  placed: readonly PlacedRows[],
  channels: number,
): Ground {
  const place = (width: number) =>
    placed.map((one) => storeInShard(writer, begin + 4 * width * one.start, one.rows, width));
  let width = channels;
  let stores = place(width);
  return {
    get stores() {
      return stores;
    },
    async refer(reference) {
      const next = reference.names.length;
      await changeWidth(writer, begin, rows, width, reference);
      width = next;
      stores = place(width);
    },
  };
}

/** In place: narrower rows from the first on, wider ones from the last, so that none is overwritten before it is read. */
async function changeWidth(
  writer: ShardWriter,
  begin: number,
  rows: number,
  from: number,
  reference: Reference,
): Promise<void> {
  const to = reference.names.length;
  const size = Math.max(1, Math.floor(VALUES_AT_ONCE / Math.max(from, to)));
  const count = Math.ceil(rows / size);
  for (let added = rows * (to - from); added > 0; added -= VALUES_AT_ONCE)
    await writer.append(new Uint8Array(4 * Math.min(added, VALUES_AT_ONCE)));
  const [before, after] = [storeInShard(writer, begin, rows, from), storeInShard(writer, begin, rows, to)];
  for (let index = 0; index < count; index += 1) {
    const first = (to > from ? count - 1 - index : index) * size;
    const values = await before.read(first, Math.min(rows, first + size));
    await after.write(first, reference.apply(values));
  }
  if (to < from) await writer.rewind(begin + 4 * to * rows);
}
