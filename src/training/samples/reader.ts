/** Runs a program's entry over any number of samples, batch by batch, with memory for one batch. */
import { bytesOfSample, valuesToCompute } from '../../contract/data/sample-values.ts';
import { openSamples } from '../../data/index.ts';
import type { DatasetSelection } from '../../contract/messages/dataset-selection.ts';
import type { Entry, Program, TypedArray } from '../../tensor/index.ts';

/** Samples in one call: large batches for many, and where there is a second size a small one for the rest. */
export type CallSizes = readonly [large: number, small?: number];
const CALL_SIZES: CallSizes = [256, 32];

const callName = (entry: string, size: number) => `${entry}/${size}`;

/** The entries that `runOverSamples` needs under a name, one for each size of call. */
export function entriesForAll(
  entry: string,
  make: (batchSize: number) => Entry,
  sizes: CallSizes = CALL_SIZES,
): Record<string, Entry> {
  const each = sizes.filter((size) => size !== undefined);
  return Object.fromEntries(each.map((size) => [callName(entry, size), make(size)]));
}

/** The entry with the largest calls under that name: it takes the most memory. */
export const largestCall = (entry: string, sizes: CallSizes = CALL_SIZES) => callName(entry, sizes[0]);

/** The size of the next call: large, unless small ones cover what is left at less cost. */
function nextCallSize(left: number, [large, small]: CallSizes): number {
  return small === undefined || left > large / 2 ? large : small;
}

/** Bytes of one stored sample. */
export function sampleBytes(dataset: Pick<DatasetSelection, 'shape' | 'dtype'>): number {
  return bytesOfSample(dataset.shape, dataset.dtype);
}

/** The bytes of a batch as the program takes them. */
export function typedSamples(bytes: Uint8Array, dtype: DatasetSelection['dtype']): TypedArray {
  return valuesToCompute(bytes, dtype);
}

/** The bytes of some samples, one after the other, in the order of the indices. */
export async function readSamples(dataset: StoredSamples, indices: Int32Array): Promise<Uint8Array> {
  const bytesOfOne = sampleBytes(dataset);
  const bytes = new Uint8Array(bytesOfOne * indices.length);
  const shard = await openSamples(dataset.shard, dataset.name, dataset.recordingScales);
  try {
    const offsets = Float64Array.from(indices, (index) => dataset.offsets[index]!);
    await shard.readInto(bytes, offsets, bytesOfOne);
  } finally {
    await shard.close();
  }
  return bytes;
}

/** Where samples lie, and how they are stored. */
export type StoredSamples = Pick<
  DatasetSelection,
  'name' | 'shard' | 'offsets' | 'shape' | 'dtype' | 'recordingScales'
>;

export interface WholeRun {
  program: Program;
  /** The name given to `entriesForAll`. */
  entry: string;
  /** The output that is collected. */
  output: string;
  dataset: StoredSamples;
  /** Which samples, in the order of the rows that come back. */
  indices: Int32Array;
  /** As they were given to `entriesForAll`. */
  sizes?: CallSizes;
  /** What a call gets besides its samples; calls are counted from 0. */
  inputs?(call: number): Record<string, TypedArray | number>;
}

/** Rows of one output: float32 [indices.length, width] in row-major order. */
export interface OutputRows {
  values: Float32Array;
  width: number;
}

/** One row for every index, of the one output that is asked for. */
export async function runOverSamples({ output, ...request }: WholeRun): Promise<OutputRows> {
  return (await outputsOver({ ...request, outputs: [output] }))[output]!;
}

/**
 * One row for every index of each of the outputs. The last call is filled up with its first sample, whose rows are
 * dropped.
 */
export async function outputsOver<Name extends string>(
  request: Omit<WholeRun, 'output'> & { outputs: readonly Name[] },
): Promise<Record<Name, OutputRows>> {
  const { program, entry, outputs, dataset, indices, sizes = CALL_SIZES, inputs } = request;
  const bytesOfOne = sampleBytes(dataset);
  const shard = await openSamples(dataset.shard, dataset.name, dataset.recordingScales);
  const collected = Object.fromEntries(
    outputs.map((name) => [name, { values: new Float32Array(0), width: 0 }]),
  ) as Record<Name, OutputRows>;
  try {
    for (let start = 0, call = 0; start < indices.length; call++) {
      const size = nextCallSize(indices.length - start, sizes);
      const count = Math.min(size, indices.length - start);
      const place = (i: number) => indices[start + (i < count ? i : 0)]!;
      const bytes = new Uint8Array(bytesOfOne * size);
      const offsets = Float64Array.from({ length: size }, (_, i) => dataset.offsets[place(i)]!);
      await shard.readInto(bytes, offsets, bytesOfOne);
      const samples = typedSamples(bytes, dataset.dtype);
      const found = program.run(callName(entry, size), { samples, ...inputs?.(call) });
      for (const name of outputs) {
        const rows = found[name] as Float32Array;
        const into = collected[name];
        if (into.width === 0) {
          into.width = rows.length / size;
          into.values = new Float32Array(indices.length * into.width);
        }
        into.values.set(rows.subarray(0, count * into.width), start * into.width);
      }
      start += count;
    }
  } finally {
    await shard.close();
  }
  return collected;
}
