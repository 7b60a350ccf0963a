/** Takes rows as they are parsed into the shard, at the recording's own rate or at another one. */
import type { RowParser } from '../delimited/row-parser.ts';
import type { ClockWatch } from '../delimited/clock-watch.ts';
import type { ShardWriter } from '../shards/writer.ts';
import type { RowResampler } from './resample.ts';

export interface RecordingSink {
  /** Rows that the parser has just given. */
  take(values: Float32Array): Promise<void>;
  finish(): Promise<void>;
}

export function createRecordingSink(
  writer: ShardWriter,
  parser: RowParser,
  watch: ClockWatch | null,
  resampler: RowResampler | null,
  channels: number,
): RecordingSink {
  const append = (values: Float32Array) =>
    writer.append(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  if (!resampler) return { take: append, finish: () => Promise.resolve() };
  let taken = 0;
  return {
    async take(values) {
      const rows = values.length / channels;
      const times = watch?.takeTimes() ?? [];
      let from = 0;
      // Nothing is smeared over a gap or from one subject to the next.
      for (const start of startsSince(parser, watch, taken)) {
        const end = start - taken;
        await append(
          resampler.push(values.subarray(from * channels, end * channels), times.slice(from, end)),
        );
        await append(resampler.finish());
        resampler.begin(start);
        from = end;
      }
      await append(resampler.push(values.subarray(from * channels), times.slice(from)));
      taken += rows;
    },
    finish: async () => append(resampler.finish()),
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
