/**
 * Brings a dataset to the shape that several datasets share, by steps that are recorded.
 *
 * The steps make a derived shard beside the original one, `<shard>.<hash of steps and samples>.bin`, which later
 * runs use again. It is streamed: memory does not grow with the dataset.
 */
import type { RecordingScales } from '../contract/data/recordings/scales.ts';
import { bytesOfSample, type SampleType } from '../contract/data/sample-values.ts';
import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { Modality } from '../contract/index.ts';
import { PretextError } from '../contract/errors.ts';
import type { HarmoniseStep } from '../contract/data/harmonise-step.ts';
import { dataModality } from './modalities/registry.ts';
import { breathe } from './breathe.ts';
import { ShardWriter } from './shards/writer.ts';
import { openShard } from './shards/reader.ts';
import { openSamples } from './shards/recording-scales.ts';

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
  /** Applied before all steps. */
  recordingScales?: RecordingScales | undefined;
  /** Steps that are known already; left out: those from the one shape to the other. */
  steps?: readonly HarmoniseStep[] | undefined;
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
  return dataModality(modality).steps(name, { shape, dtype }, { shape: targetShape, dtype: targetDtype });
}

/** @throws PretextError as `planHarmonisation`, and `shard.missing`, `disk.full` */
export async function harmonise(request: HarmoniseRequest): Promise<Harmonised> {
  const asked = request.steps ?? planHarmonisation(request);
  // Chosen steps do not say of how many bits the others of a study are.
  const deepens = request.dtype === 'uint8' && request.targetDtype === 'uint16';
  const steps: HarmoniseStep[] =
    deepens && !asked.some(({ step }) => step === 'to-16-bit')
      ? [...asked, { step: 'to-16-bit' }]
      : [...asked];
  const dtype = request.targetDtype ?? request.dtype;
  const sampleBytes = bytesOfSample(request.targetShape, dtype);
  if (steps.length === 0) return { shard: request.shard, offsets: request.offsets, sampleBytes, steps };
  const shard = `${request.shard}.${hashOf(request, steps)}.bin`;
  const count = request.offsets.length;
  if ((await bytesThere(shard)) !== count * sampleBytes)
    await derive({ ...request, steps }, shard, bytesOfSample(request.shape, request.dtype));
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
  const { offsets, recordingScales: scales } = request;
  const hash = createHash('sha256')
    .update(JSON.stringify({ version: VERSION, steps, shape: request.shape }))
    .update(offsets);
  if (scales) for (const numbers of [scales.starts, scales.means, scales.deviations]) hash.update(numbers);
  return hash.digest('hex').slice(0, 16);
}

async function derive(
  request: HarmoniseRequest & { steps: readonly HarmoniseStep[] },
  file: string,
  sampleBytes: number,
): Promise<void> {
  const { convert } = dataModality(request.modality);
  const { shape, dtype, targetShape, targetDtype } = request;
  const [from, to] = [
    { shape, dtype },
    { shape: targetShape, dtype: targetDtype ?? dtype },
  ];
  const source = await openSamples(request.shard, request.name, request.recordingScales);
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
        for (const sample of await convert(samples, from, to, request.steps)) await writer.append(sample);
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
