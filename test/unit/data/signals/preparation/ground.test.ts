import { join } from 'node:path';
import { expect, it } from 'vitest';
import { groundInMemory, groundInShard } from '../../../../../src/data/signals/preparation/ground.ts';
import { referenceOf } from '../../../../../src/data/signals/preparation/reference.ts';
import { ShardWriter } from '../../../../../src/data/shards/writer.ts';
import { folderOf } from '../../../../fixtures/imports.ts';

const NAMES = ['a', 'b', 'c'];
/** Two stretches, with two rows between them that belong to neither. */
const ROWS = 200_000;

it.each(['average', 'b', 'a-b, b-c, c-a, a-c'])(
  'is the same in a shard as in memory when measured against %s',
  async (told) => {
    const reference = referenceOf(told, NAMES);
    const values = Float32Array.from({ length: ROWS * 3 }, (_, at) => (at * 7919) % 4001);
    const writer = await ShardWriter.create(join(await folderOf(), 'made.shard'));
    await writer.append(new Uint8Array(12));
    await writer.append(new Uint8Array(values.buffer));
    const [first, second] = [
      { start: 0, rows: 90_000 },
      { start: 90_002, rows: ROWS - 90_002 },
    ];
    const shard = groundInShard(writer, 12, ROWS, [first, second], 3);
    const memory = groundInMemory(
      [first, second].map(({ start, rows }) => values.slice(3 * start, 3 * (start + rows))),
      3,
    );
    await shard.refer(reference);
    await memory.refer(reference);
    expect(writer.position).toBe(12 + 4 * reference.names.length * ROWS);
    for (const [at, store] of shard.stores.entries()) {
      expect(store.channels).toBe(reference.names.length);
      expect(
        Buffer.from((await store.read(0, store.rows)).buffer).equals(Buffer.from(memory.values[at]!.buffer)),
      ).toBe(true);
    }
    await writer.discard();
  },
);
