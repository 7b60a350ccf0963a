/**
 * Batches of samples for training, from one dataset or several in balance.
 *
 * What a batch holds depends on nothing but (seed, step): a resumed run sees exactly the batches that an
 * undisturbed one would have seen.
 *
 * One dataset: every epoch is a fresh permutation; the last incomplete batch is dropped, so that no sample
 * occurs twice in a batch. Fewer samples than a batch holds: they are repeated.
 *
 * Several datasets: an epoch has as many samples as all of them together, and each dataset gives the same share of
 * every batch, whatever its size. A dataset's own samples come in one permutation after the other, so that each of
 * them is used before one comes again.
 *
 * Several datasets with shares that a person chose: the same, but that draws go round a pattern in which each dataset has
 * its share, spread evenly.
 *
 * One dataset balanced by class: the same, with its classes in place of the datasets.
 */
import type { RecordingScales } from '../../contract/data/recordings/scales.ts';
import { valuesToCompute, type SampleType } from '../../contract/data/sample-values.ts';
import { permutation, createRandom } from './random.ts';
import type { ShardReader } from './reader.ts';
import { openSamples } from './recording-scales.ts';

export interface BatchDataset {
  /** Name of the dataset, for what may have to be said of it. */
  name?: string;
  /** Path of the shard. */
  shard: string;
  /** Byte offset of every sample of the dataset. */
  offsets: ArrayLike<number>;
  sampleBytes: number;
  /** Which samples are used: indices into `offsets`. */
  indices: Int32Array;
  dtype: SampleType;
  recordingScales?: RecordingScales | undefined;
}

export interface BatchSourceRequest {
  datasets: readonly BatchDataset[];
  /** Class of each of the one dataset's `indices`: every batch then holds each class equally often. */
  strata?: ArrayLike<number>;
  /** Of each dataset its share of every batch, which sum to 1; left out: all alike. */
  shares?: readonly number[] | undefined;
  batchSize: number;
  /** Of every batch only these places are read, for a process that computes a part of it; left out: all. */
  places?: Int32Array | undefined;
  seed: number;
  /** The first step that `next()` gives; from 0. */
  startStep?: number;
  /** Chooses what is read beside each batch, by what the batch holds. */
  beside?: ((place: BatchPlace) => Beside) | undefined;
}

/** Which samples a batch holds. */
export type BatchPlace = Pick<Batch, 'step' | 'indices' | 'datasetIndices' | 'partOf'>;

/** Further samples of the same datasets, such as neighbours in time: equally many for each sample of a batch. */
export interface Beside {
  indices: Int32Array;
  datasetIndices: Int32Array;
  /** 1, or 0 for a sample that only stands in for one that there is not. */
  found: Float32Array;
}

export interface Batch {
  step: number;
  /** The samples one after the other; valid until the next call of `next()`. */
  samples: Uint8Array | Float32Array;
  /** Index of each sample in its dataset. */
  indices: Int32Array;
  /** Dataset of each sample: place in `datasets`. */
  datasetIndices: Int32Array;
  /** What was asked for beside it, one sample after the other; valid as long as `samples`. */
  beside?: { samples: Uint8Array | Float32Array; found: Float32Array };
  /** The whole batch of which these are a part, and where they stand in it; left out: this is all. */
  partOf?: { indices: Int32Array; datasetIndices: Int32Array; places: Int32Array };
}

export interface BatchSource {
  stepsPerEpoch: number;
  /** The batch of the next step; the one after it is read meanwhile. */
  next(): Promise<Batch>;
  close(): Promise<void>;
}

export interface BatchOrder {
  stepsPerEpoch: number;
  /** Which samples the batch of a step holds. */
  position(step: number): { indices: Int32Array; datasetIndices: Int32Array };
}

/** The order alone, without reading: sizes are the numbers of samples that are used of each dataset. */
export function createBatchOrder(
  sizes: readonly number[],
  batchSize: number,
  seed: number,
  shares?: readonly number[],
): BatchOrder {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (sizes.length === 0 || sizes.some((size) => size < 1)) {
    throw new Error(`Every dataset needs at least one sample. Found: ${sizes.join(', ')}.`);
  }
  const stepsPerEpoch = Math.max(1, Math.floor(total / batchSize));
  const permutations = sizes.map(() => new Map<number, Int32Array>());
  const cycle = (dataset: number, number: number): Int32Array => {
    const kept = permutations[dataset]!;
    let order = kept.get(number);
    if (!order) {
      order = permutation(sizes[dataset]!, createRandom(seed, dataset, number));
      // Two are in use where a batch lies across the end of one.
      if (kept.size >= 2) kept.delete(Math.min(...kept.keys()));
      kept.set(number, order);
    }
    return order;
  };
  const single = sizes.length === 1;
  const turn = shares ? turnsByShare(shares) : evenTurns(sizes.length);
  return {
    stepsPerEpoch,
    position(step) {
      const indices = new Int32Array(batchSize);
      const datasetIndices = new Int32Array(batchSize);
      for (let place = 0; place < batchSize; place += 1) {
        const { dataset, number: drawn } = turn(step * batchSize + place);
        const size = sizes[dataset]!;
        const number = single ? singleDraw(step, place, stepsPerEpoch, batchSize, size) : drawn;
        datasetIndices[place] = dataset;
        indices[place] = cycle(dataset, Math.floor(number / size))[number % size]!;
      }
      return { indices, datasetIndices };
    },
  };
}

/**
 * One dataset with its classes in balance, as if each were a dataset of its own: samples of a rare class come again
 * sooner, but none before all others of its class have come.
 */
export function createBalancedOrder(strata: ArrayLike<number>, batchSize: number, seed: number): BatchOrder {
  const members = [...Map.groupBy(Array.from(strata).keys(), (place) => strata[place]!)]
    .sort(([first], [second]) => first - second)
    .map(([, places]) => places);
  const { stepsPerEpoch, position } = createBatchOrder(
    members.map((places) => places.length),
    batchSize,
    seed,
  );
  return {
    stepsPerEpoch,
    position(step) {
      const { indices, datasetIndices: classes } = position(step);
      return {
        indices: indices.map((place, at) => members[classes[at]!]![place]!),
        datasetIndices: new Int32Array(batchSize),
      };
    },
  };
}

/** Which dataset a draw is of, and how many of it came before. */
type Turns = (draw: number) => { dataset: number; number: number };

const evenTurns =
  (count: number): Turns =>
  (draw) => ({ dataset: draw % count, number: Math.floor(draw / count) });

/** Draws after which the pattern of shares begins anew: a share is right to so many parts. */
const PATTERN = 4096;

function turnsByShare(shares: readonly number[]): Turns {
  const counts = countsByShare(shares);
  // Each dataset's draws as far apart as they can be.
  const order = counts
    .flatMap((count, dataset) =>
      Array.from({ length: count }, (_, number) => ({ dataset, number, at: (number + 0.5) / count })),
    )
    .sort((a, b) => a.at - b.at || a.dataset - b.dataset);
  return (draw) => {
    const { dataset, number } = order[draw % PATTERN]!;
    return { dataset, number: Math.floor(draw / PATTERN) * counts[dataset]! + number };
  };
}

/** Whole numbers that sum to the pattern's length, at least one each: those with the largest rests are rounded up. */
function countsByShare(shares: readonly number[]): number[] {
  const counts = shares.map((share) => Math.max(1, Math.floor(share * PATTERN)));
  const rests = shares.map((share, dataset) => ({ dataset, rest: share * PATTERN - counts[dataset]! }));
  rests.sort((a, b) => b.rest - a.rest || a.dataset - b.dataset);
  let left = PATTERN - counts.reduce((sum, count) => sum + count, 0);
  for (let at = 0; left > 0; at = (at + 1) % rests.length, left -= 1) counts[rests[at]!.dataset]! += 1;
  // Datasets that got one draw beyond their share took it from the largest.
  while (left < 0) {
    counts[counts.indexOf(Math.max(...counts))]! -= 1;
    left += 1;
  }
  return counts;
}

/** Every epoch begins a permutation of its own; small datasets need several for one batch. */
function singleDraw(
  step: number,
  place: number,
  stepsPerEpoch: number,
  batchSize: number,
  size: number,
): number {
  const epoch = Math.floor(step / stepsPerEpoch);
  const inEpoch = (step % stepsPerEpoch) * batchSize + place;
  const cyclesPerEpoch = Math.ceil((stepsPerEpoch * batchSize) / size);
  return epoch * cyclesPerEpoch * size + inEpoch;
}

/** @throws PretextError `shard.missing`; Error when the datasets differ in sample size or type */
export async function createBatchSource(request: BatchSourceRequest): Promise<BatchSource> {
  const { datasets, batchSize, seed, places } = request;
  const first = datasets[0];
  if (!first) throw new Error('A batch source needs at least one dataset.');
  for (const { sampleBytes, dtype } of datasets) {
    if (sampleBytes === first.sampleBytes && dtype === first.dtype) continue;
    throw new Error(
      `Datasets must be brought to one shape first: ${sampleBytes} bytes of ${dtype}, ${first.sampleBytes} of ${first.dtype}.`,
    );
  }
  if (request.strata && datasets.length > 1) throw new Error('Only one dataset can be balanced by class.');
  const sizes = datasets.map((dataset) => dataset.indices.length);
  const order = request.strata
    ? createBalancedOrder(request.strata, batchSize, seed)
    : createBatchOrder(sizes, batchSize, seed, request.shares);
  const shards = await openAll(datasets);
  const read = placeReader(datasets, shards);
  // Two buffers in turn: one is the caller's, the other is filled.
  const own = bufferTurns(first.sampleBytes);
  const others = bufferTurns(first.sampleBytes);
  const load = async (step: number): Promise<Batch> => {
    const position = order.position(step);
    const { datasetIndices } = position;
    const indices = position.indices.map((place, at) => datasets[datasetIndices[at]!]!.indices[place]!);
    const place = partOf({ step, indices, datasetIndices }, places);
    const beside = request.beside?.(place);
    const [samples, companions] = await Promise.all([
      read(place, own(step, place.indices.length)),
      beside && read(beside, others(step, beside.indices.length)),
    ]);
    return {
      ...place,
      samples,
      ...(beside && companions && { beside: { samples: companions, found: beside.found } }),
    };
  };
  let step = request.startStep ?? 0;
  let waiting = load(step);
  waiting.catch(() => undefined);
  return {
    stepsPerEpoch: order.stepsPerEpoch,
    async next() {
      const batch = await waiting;
      step += 1;
      waiting = load(step);
      // Its failure is thrown by the next call.
      waiting.catch(() => undefined);
      return batch;
    },
    async close() {
      await waiting.catch(() => undefined);
      await Promise.all(shards.map((shard) => shard.close()));
    },
  };
}

async function openAll(datasets: readonly BatchDataset[]): Promise<ShardReader[]> {
  const opened = await Promise.allSettled(
    datasets.map(({ shard, name, recordingScales }) => openSamples(shard, name, recordingScales)),
  );
  const failed = opened.find((result) => result.status === 'rejected');
  const shards = opened.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  if (!failed) return shards;
  await Promise.all(shards.map((shard) => shard.close()));
  throw failed.reason;
}

/** Of a whole batch what stands at these places; left out: all. */
function partOf(whole: BatchPlace, places: Int32Array | undefined): BatchPlace {
  if (!places) return whole;
  const { step, indices, datasetIndices } = whole;
  return {
    step,
    indices: places.map((place) => indices[place]!),
    datasetIndices: places.map((place) => datasetIndices[place]!),
    partOf: { indices, datasetIndices, places },
  };
}

/** Two buffers in turn, for so many samples each. */
function bufferTurns(sampleBytes: number): (step: number, samples: number) => Uint8Array {
  const buffers: Uint8Array[] = [];
  return (step, samples) => {
    const size = samples * sampleBytes;
    const kept = buffers[step % 2];
    if (kept?.length === size) return kept;
    return (buffers[step % 2] = new Uint8Array(size));
  };
}

type Place = Pick<Batch, 'indices' | 'datasetIndices'>;

/** Reads samples of several datasets in the order of the places that are told. */
function placeReader(datasets: readonly BatchDataset[], shards: readonly ShardReader[]) {
  return async ({ indices, datasetIndices }: Place, bytes: Uint8Array): Promise<Batch['samples']> => {
    await Promise.all(
      datasets.map(async ({ offsets: all, sampleBytes }, number) => {
        const members = [...datasetIndices.keys()].filter((at) => datasetIndices[at] === number);
        const offsets = members.map((at) => all[indices[at]!]!);
        if (datasets.length === 1) return shards[0]!.readInto(bytes, offsets, sampleBytes);
        const part = new Uint8Array(members.length * sampleBytes);
        await shards[number]!.readInto(part, offsets, sampleBytes);
        members.forEach((at, from) =>
          bytes.set(part.subarray(from * sampleBytes, (from + 1) * sampleBytes), at * sampleBytes),
        );
      }),
    );
    return valuesToCompute(bytes, datasets[0]!.dtype);
  };
}
