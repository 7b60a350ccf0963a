/** Takes rows as they are parsed into the shard, at the recording's own rate or at another one. */
import type { RowParser } from '../delimited/row-parser.ts';
import type { ClockWatch } from '../delimited/clock-watch.ts';
import type { ShardWriter } from '../shards/writer.ts';
import type { FaultWatch } from './faults/watch.ts';
import type { RowResampler } from './resample.ts';

export interface RecordingSink {
  /** Rows that the parser has just given. */
  take(values: Float32Array): Promise<void>;
  finish(): Promise<void>;
}

/** Where rows go: into the shard, or to whoever looks at them. */
export type TakeRows = (values: Float32Array) => Promise<void>;

export const intoShard =
  (writer: ShardWriter): TakeRows =>
  (values) =>
    writer.append(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));

export function createRecordingSink(
  append: TakeRows,
  parser: RowParser,
  watch: ClockWatch | null,
  resampler: RowResampler | null,
  faults: FaultWatch | null,
  channels: number,
): RecordingSink {
  if (!resampler && !faults) return { take: append, finish: () => Promise.resolve() };
  let taken = 0;
  faults?.begin();
  const pass = async (values: Float32Array, times: readonly number[]) => {
    faults?.take(values);
    await append(resampler ? resampler.push(values, times) : values);
  };
  return {
    async take(values) {
      const rows = values.length / channels;
      const times = resampler ? (watch?.takeTimes() ?? []) : [];
      let from = 0;
      // Nothing is smeared over a gap or from one subject to the next.
      for (const start of startsSince(parser, watch, taken)) {
        const end = start - taken;
        await pass(values.subarray(from * channels, end * channels), times.slice(from, end));
        if (resampler) await append(resampler.finish());
        resampler?.begin(start);
        faults?.begin();
        from = end;
      }
      await pass(values.subarray(from * channels), times.slice(from));
      taken += rows;
    },
    finish: async () => {
      if (resampler) await append(resampler.finish());
    },
  };
}

/** Rows at which a stretch begins, of those that came last. */
function startsSince(parser: RowParser, watch: ClockWatch | null, first: number): number[] {
  const found = new Set<number>();
  const collect = (rows: ArrayLike<number>, rowOf: (at: number) => number) => {
    for (let at = rows.length - 1; at >= 0 && rowOf(at) >= first; at -= 1)
      if (rowOf(at) > 0) found.add(rowOf(at));
  };
  const breaks = watch?.breaks ?? [];
  collect({ length: breaks.length }, (at) => breaks[at]!.row);
  for (const { starts } of parser.groups) collect(starts, (at) => starts[at]!);
  return [...found].sort((one, other) => one - other);
}
