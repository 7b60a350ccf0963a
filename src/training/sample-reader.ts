/** Runs a program's entry over any number of samples, batch by batch, with memory for one batch. */
import { openShard } from '../data/index.ts';
import type { DatasetSelection } from '../contract/trainer.ts';
import type { Program, TypedArray } from '../tensor/index.ts';

/** Samples that are embedded or predicted in one call. */
export const PREDICTION_BATCH = 256;

const BYTES = { uint8: 1, float32: 4 } as const;

/** Bytes of one stored sample. */
export function sampleBytes(dataset: Pick<DatasetSelection, 'shape' | 'dtype'>): number {
  return dataset.shape.reduce((product, side) => product * side, BYTES[dataset.dtype]);
}

/** The bytes of a batch as the program takes them. */
export function typedSamples(bytes: Uint8Array, dtype: DatasetSelection['dtype']): TypedArray {
  return dtype === 'uint8' ? bytes : new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
}

export interface WholeRun {
  program: Program;
  entry: string;
  /** The output that is collected. */
  output: string;
  /** Samples in one call of the entry. */
  batchSize: number;
  dataset: DatasetSelection;
  /** Which samples, in the order of the rows that come back. */
  indices: Int32Array;
}

/**
 * One row for every index: the entry's output, float32 [indices.length, width] in row-major order. The last
 * batch is filled up with its first sample, whose rows are dropped.
 */
export async function runOverSamples(request: WholeRun): Promise<{ values: Float32Array; width: number }> {
  const { program, entry, output, batchSize, dataset, indices } = request;
  const size = sampleBytes(dataset);
  const bytes = new Uint8Array(size * batchSize);
  const shard = await openShard(dataset.shard);
  let values = new Float32Array(0);
  let width = 0;
  try {
    for (let start = 0; start < indices.length; start += batchSize) {
      const count = Math.min(batchSize, indices.length - start);
      const offsets = Float64Array.from(
        { length: batchSize },
        (_, i) => dataset.offsets[indices[start + (i < count ? i : 0)]!]!,
      );
      await shard.readInto(bytes, offsets, size);
      const rows = program.run(entry, { samples: typedSamples(bytes, dataset.dtype) })[
        output
      ] as Float32Array;
      if (width === 0) {
        width = rows.length / batchSize;
        values = new Float32Array(indices.length * width);
      }
      values.set(rows.subarray(0, count * width), start * width);
    }
  } finally {
    await shard.close();
  }
  return { values, width };
}
