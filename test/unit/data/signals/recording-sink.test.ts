import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { RowParser } from '../../../../src/data/delimited/row-parser.ts';
import { createRecordingSink, intoShard } from '../../../../src/data/signals/recording-sink.ts';
import { createResampler, RecordingResampler } from '../../../../src/data/signals/resample.ts';
import { ShardWriter } from '../../../../src/data/shards/writer.ts';
import { folderOf } from '../../../fixtures/imports.ts';

const parserOf = (starts: number[] = []) => ({ groups: [{ starts }] }) as unknown as RowParser;
const watchOf = (rows: number[]) => ({ breaks: rows.map((row) => ({ row })), takeTimes: () => [] }) as never;
function taker() {
  const taken: number[] = [];
  return { taken, take: (values: Float32Array) => Promise.resolve(void taken.push(...values)) };
}

it('passes rows on as they are, at the recording’s own rate', async () => {
  const { taken, take } = taker();
  const sink = createRecordingSink(take, parserOf([0, 2]), watchOf([3]), null, null, 2);
  await sink.take(Float32Array.of(1, 2, 3, 4));
  await sink.finish();
  expect(taken).toEqual([1, 2, 3, 4]);
});

it('writes them as they are into the shard', async () => {
  const file = join(await folderOf(), 'a.shard');
  const writer = await ShardWriter.create(file);
  await intoShard(writer)(Float32Array.of(9, 1.5, -2).subarray(1));
  await writer.finish();
  const bytes = Uint8Array.from((await readFile(file)).subarray(0, 8));
  expect([...new Float32Array(bytes.buffer)]).toEqual([1.5, -2]);
});

it('smears nothing over a gap, nor from one subject to the next, whatever comes at once', async () => {
  // Level 0, then 100 behind a gap at row 40, then −50 for another subject from row 70 on.
  const level = (row: number) => (row < 40 ? 0 : row < 70 ? 100 : -50);
  const rows = Float32Array.from({ length: 100 }, (_, row) => level(row));
  for (const pieces of [[100], [13, 27, 1, 59], [40, 30, 30]]) {
    const { taken, take } = taker();
    const resampler = new RecordingResampler(createResampler(200, 100), 1);
    const breaks: { row: number }[] = [];
    const starts: number[] = [0];
    const sink = createRecordingSink(
      take,
      { groups: [{ starts }] } as never,
      { breaks, takeTimes: () => [] } as never,
      resampler,
      null,
      1,
    );
    let from = 0;
    for (const count of pieces) {
      // Parser and watch know of what they have seen.
      if (from <= 40 && from + count > 40) breaks.push({ row: 40 });
      if (from <= 70 && from + count > 70) starts.push(70);
      await sink.take(rows.slice(from, from + count));
      from += count;
    }
    await sink.finish();
    expect(taken).toHaveLength(200);
    expect(resampler.stretches.map(({ start, outputStart }) => [start, outputStart])).toEqual([
      [0, 0],
      [40, 80],
      [70, 140],
    ]);
    const middle = (place: number) => Math.round(taken[place]!);
    expect([middle(40), middle(110), middle(170)]).toEqual([0, 100, -50]);
    // No value between the levels.
    expect(Math.max(...taken.slice(0, 80).map(Math.abs))).toBeLessThan(1e-3);
  }
});

it('shows rows to whoever looks for faults, and tells where a stretch begins', async () => {
  const { taken, take } = taker();
  const seen: (string | number)[] = [];
  const faults = {
    begin: () => seen.push('begin'),
    take: (values: Float32Array) => seen.push(...values),
  } as never;
  const sink = createRecordingSink(take, parserOf([0, 2]), null, null, faults, 1);
  await sink.take(Float32Array.of(1, 2, 3));
  await sink.finish();
  expect([taken, seen]).toEqual([
    [1, 2, 3],
    ['begin', 1, 2, 'begin', 3],
  ]);
});
