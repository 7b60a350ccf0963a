/**
 * Brings a dataset to the shape that several datasets share, by steps that are recorded.
 *
 * The steps make a derived shard beside the original one, `<shard>.<hash of steps and samples>.bin`, which later
 * runs use again. It is streamed: memory does not grow with the dataset.
 */
import { bytesOfSample, type SampleType } from '../contract/sample-values.ts';
import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { Modality } from '../contract/index.ts';
import { PretextError } from '../contract/errors.ts';
import type { StoredShape } from './images/stored-size.ts';
import { reshapePixels } from './images/reshape.ts';
import { breathe } from './breathe.ts';
import { ShardWriter } from './shards/writer.ts';
import { openShard } from './shards/reader.ts';
import { resampleWindow } from './signals/resample.ts';

export type HarmoniseStep =
  | { step: 'resize'; from: [height: number, width: number]; to: [height: number, width: number] }
  | { step: 'to-grey' | 'to-color' | 'to-16-bit' }
  | { step: 'resample'; fromLength: number; toLength: number };

export interface HarmonisePlan {
  name: string;
  modality: Modality;
  /** [height, width, channels] or [length, channels]. */
  shape: readonly number[];
  targetShape: readonly number[];
  /** Images of 8 bits beside those of 16 become 16 too. Left out: as they are. */
  dtype?: SampleType;
  targetDtype?: SampleType | undefined;
}

export interface HarmoniseRequest extends HarmonisePlan {
  shard: string;
  offsets: Float64Array;
  dtype: SampleType;
  signal?: AbortSignal;
  onProgress?: (done: number, total: number) => void;
}

export interface Harmonised {
  /** The original shard where there was nothing to do. */
  shard: string;
  offsets: Float64Array;
  sampleBytes: number;
  steps: HarmoniseStep[];
}

const CHUNK_BYTES = 1024 * 1024;
/** Part of the file's name: a change of the arithmetic must not find shards of the old one. */
const VERSION = 2;

/**
 * The steps from a dataset's shape to the target shape; none when they agree.
 * @throws PretextError `dataset.other-kind`, `dataset.other-channels`
 */
export function planHarmonisation(plan: HarmonisePlan): HarmoniseStep[] {
  const { name, modality, shape, targetShape, dtype, targetDtype } = plan;
  if (shape.length !== targetShape.length) {
    throw new PretextError({
      code: 'dataset.other-kind',
      message: `“${name}” holds ${modality}s of shape ${shape.join(' × ')}, which cannot become ${targetShape.join(' × ')}.`,
      place: name,
      remedy: 'Put only images or only signals together.',
    });
  }
  if (modality === 'signal') return signalSteps(name, shape, targetShape);
  const [height = 0, width = 0, channels = 0] = shape;
  const [toHeight = 0, toWidth = 0, toChannels = 0] = targetShape;
  const steps: HarmoniseStep[] = [];
  if (height !== toHeight || width !== toWidth) {
    steps.push({ step: 'resize', from: [height, width], to: [toHeight, toWidth] });
  }
  if (channels !== toChannels) {
    if (![1, 3].includes(channels) || ![1, 3].includes(toChannels))
      throw otherBands(name, channels, toChannels);
    steps.push({ step: toChannels === 1 ? 'to-grey' : 'to-color' });
  }
  if (dtype === 'uint8' && targetDtype === 'uint16') steps.push({ step: 'to-16-bit' });
  return steps;
}

function otherBands(name: string, channels: number, needed: number): PretextError {
  return new PretextError({
    code: 'dataset.other-channels',
    message: `“${name}” has ${channels} bands, ${needed} are needed to put it together with the others.`,
    place: name,
    remedy: 'Put only images of the same bands together; grey and color can be brought to each other.',
  });
}

function signalSteps(name: string, shape: readonly number[], target: readonly number[]): HarmoniseStep[] {
  const [length = 0, channels = 0] = shape;
  const [toLength = 0, toChannels = 0] = target;
  if (channels !== toChannels) {
    throw new PretextError({
      code: 'dataset.other-channels',
      message: `“${name}” has ${channels} channels, ${toChannels} are needed to put it together with the others.`,
      place: name,
      remedy: 'Import the datasets anew with the same channels, in the same order.',
    });
  }
  return length === toLength ? [] : [{ step: 'resample', fromLength: length, toLength }];
}

/** @throws PretextError as `planHarmonisation`, and `shard.missing`, `disk.full` */
export async function harmonise(request: HarmoniseRequest): Promise<Harmonised> {
  const steps = planHarmonisation(request);
  const dtype = request.targetDtype ?? request.dtype;
  const sampleBytes = bytesOfSample(request.targetShape, dtype);
  if (steps.length === 0) return { shard: request.shard, offsets: request.offsets, sampleBytes, steps };
  const shard = `${request.shard}.${hashOf(request, steps)}.bin`;
  const count = request.offsets.length;
  if ((await bytesThere(shard)) !== count * sampleBytes)
    await derive(request, shard, bytesOfSample(request.shape, request.dtype));
  return {
    shard,
    offsets: Float64Array.from({ length: count }, (_, index) => index * sampleBytes),
    sampleBytes,
    steps,
  };
}

/** Bytes of the samples that were derived before; null where there are none that can be used. */
async function bytesThere(shard: string): Promise<number | null> {
  try {
    const reader = await openShard(shard);
    await reader.close();
    return reader.bytes;
  } catch (error) {
    // They are made anew from the dataset's own.
    if (error instanceof PretextError) return null;
    throw error;
  }
}

function hashOf(request: HarmoniseRequest, steps: HarmoniseStep[]): string {
  const { offsets } = request;
  return createHash('sha256')
    .update(JSON.stringify({ version: VERSION, steps, shape: request.shape }))
    .update(new Uint8Array(offsets.buffer, offsets.byteOffset, offsets.byteLength))
    .digest('hex')
    .slice(0, 16);
}

async function derive(request: HarmoniseRequest, file: string, sampleBytes: number): Promise<void> {
  const source = await openShard(request.shard, request.name);
  try {
    const writer = await ShardWriter.create(file);
    try {
      const perChunk = Math.max(availableParallelism(), Math.floor(CHUNK_BYTES / sampleBytes));
      for (let first = 0; first < request.offsets.length; first += perChunk) {
        request.signal?.throwIfAborted();
        const offsets = request.offsets.subarray(first, first + perChunk);
        const memory = new Uint8Array(offsets.length * sampleBytes);
        await source.readInto(memory, offsets, sampleBytes);
        const samples = Array.from(offsets, (_, index) =>
          memory.subarray(index * sampleBytes, (index + 1) * sampleBytes),
        );
        for (const sample of await convert(request, samples)) await writer.append(sample);
        request.onProgress?.(Math.min(first + perChunk, request.offsets.length), request.offsets.length);
        await breathe();
      }
      await writer.finish();
    } catch (error) {
      await writer.discard();
      throw error;
    }
  } finally {
    await source.close();
  }
}

function convert(request: HarmoniseRequest, samples: Uint8Array[]): Promise<Uint8Array[]> {
  const { shape, targetShape } = request;
  if (request.modality === 'image') {
    return Promise.all(
      samples.map((pixels) =>
        reshapePixels(
          pixels,
          storedShape(shape, request.dtype),
          storedShape(targetShape, request.targetDtype ?? request.dtype),
        ),
      ),
    );
  }
  const [length = 0, channels = 0] = shape;
  return Promise.resolve(
    samples.map((bytes) => {
      const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
      return new Uint8Array(resampleWindow(values, length, targetShape[0] ?? 0, channels).buffer);
    }),
  );
}

function storedShape(
  [height = 0, width = 0, channels = 1]: readonly number[],
  dtype: SampleType,
): StoredShape {
  return { height, width, channels, bits: dtype === 'uint16' ? 16 : 8 };
}
