/**
 * How much memory a run is likely to take, whether that is there, and what would fit.
 *
 * A trainer finds the need by tracing the run's graph; the rest is arithmetic that the trainer (before a run's
 * first step), the service (before a study) and the tests share.
 */
import { z } from 'zod';
import type { Failure } from '../errors.ts';

const MIB = 2 ** 20;
/**
 * Measured on Linux with two threads (widths 8 to 32, batches 32 to 256): the process with everything loaded and
 * compiled, copies of the state, and what is lost between tensors. The estimate was within 10 % of the peak of SimCLR
 * and within 3 % of that of fine-tuning.
 */
const PROCESS = 560 * MIB;
const STATE_COPIES = 3;
const PER_TENSOR_BYTE = 1.3;
/** Refused only where it is clear: the estimate may be somewhat too high. */
const CLEARLY = 1.25;
const SMALLEST_BATCH = 8;
const MOST_PARTS = 64;

const bytes = z.number().nonnegative();

export const memoryNeedSchema = z.object({
  stage: z.enum(['pretext', 'finetune']),
  /** Tensors of a training step at its fullest moment: in proportion to the samples of a part. */
  stepBytes: bytes,
  /** The same of predictions, whose batches have one size. */
  fixedBytes: bytes,
  /** Weights, slots, queues. */
  stateBytes: bytes,
  /** Samples of a step; 0 where nothing is trained. */
  batchSize: z.number().int(),
  /** Parts in which a step is computed. */
  accumulation: z.number().int(),
  /** Whether it may be computed in more parts: the loss is a mean over samples. */
  accumulates: z.boolean(),
});
export type MemoryNeed = z.infer<typeof memoryNeedSchema>;

export const memoryOfferSchema = z.object({
  /** The field of the stage's settings that changes. */
  field: z.enum(['batchSize', 'accumulation']),
  value: z.number().int(),
  neededBytes: bytes,
});
export type MemoryOffer = z.infer<typeof memoryOfferSchema>;

export const memoryEstimateSchema = z.object({
  stage: memoryNeedSchema.shape.stage,
  neededBytes: bytes,
  /** What a run may take, now. */
  freeBytes: bytes,
  /** `tight`: more than is free, though not clearly so; `too-little`: such a run is refused. */
  verdict: z.enum(['fits', 'tight', 'too-little']),
  /** Changes that make it fit, the mildest first; empty where it fits, or where none would do. */
  offers: z.array(memoryOfferSchema),
});
export type MemoryEstimate = z.infer<typeof memoryEstimateSchema>;

export function estimatedBytes({ stage, stepBytes, fixedBytes, stateBytes }: MemoryNeed): number {
  // Fine-tuning predicts between its steps, and the memory of neither is given back to the system meanwhile.
  const tensors = stage === 'finetune' ? stepBytes + fixedBytes : Math.max(stepBytes, fixedBytes);
  return PROCESS + PER_TENSOR_BYTE * tensors + STATE_COPIES * stateBytes;
}

export function judgeMemory(need: MemoryNeed, freeBytes: number): MemoryEstimate {
  const neededBytes = estimatedBytes(need);
  const verdict =
    neededBytes <= freeBytes ? 'fits' : neededBytes <= CLEARLY * freeBytes ? 'tight' : 'too-little';
  const offers = verdict === 'fits' ? [] : offersFor(need, freeBytes);
  return { stage: need.stage, neededBytes, freeBytes, verdict, offers };
}

function offersFor(need: MemoryNeed, freeBytes: number): MemoryOffer[] {
  const { batchSize, accumulation, accumulates } = need;
  const offers: MemoryOffer[] = [];
  const consider = (field: MemoryOffer['field'], value: number, changed: MemoryNeed) => {
    const neededBytes = estimatedBytes(changed);
    if (neededBytes > freeBytes) return false;
    offers.push({ field, value, neededBytes });
    return true;
  };
  // The same step in parts learns the same: it is the milder change.
  if (accumulates)
    for (let parts = accumulation + 1; parts <= Math.min(MOST_PARTS, batchSize / 2); parts++)
      if (batchSize % parts === 0 && consider('accumulation', parts, inParts(need, parts))) break;
  for (let size = powerBelow(batchSize); size >= SMALLEST_BATCH; size /= 2)
    if (size % accumulation === 0 && consider('batchSize', size, ofBatch(need, size))) break;
  return offers;
}

const powerBelow = (count: number) => 2 ** Math.ceil(Math.log2(Math.max(1, count)) - 1);

const ofBatch = (need: MemoryNeed, batchSize: number): MemoryNeed => ({
  ...need,
  batchSize,
  stepBytes: (need.stepBytes * batchSize) / need.batchSize,
});

/** Adding up gradients takes room for one more of each weight, of which AdamW's state holds three. */
const inParts = (need: MemoryNeed, accumulation: number): MemoryNeed => ({
  ...need,
  stepBytes: (need.stepBytes * need.accumulation) / accumulation,
  stateBytes: need.stateBytes * (need.accumulation === 1 ? 4 / 3 : 1),
});

export const gigabytes = (size: number): string => `${(size / 1e9).toFixed(1)} GB`;

/** Why a run that clearly will not fit is refused, and what would fit. */
export function tooLittleMemory({ stage, neededBytes, freeBytes, offers }: MemoryEstimate): Failure {
  const words = offers.map(({ field, value }) =>
    field === 'batchSize' ? `${stage}.batchSize to ${value} or less` : `${stage}.accumulation to ${value}`,
  );
  const change = words.length > 0 ? `Set ${words.join(', or ')}` : 'Choose a narrower encoder';
  return {
    code: 'memory.too-little',
    message: `This run needs about ${gigabytes(neededBytes)} of memory. Free: ${gigabytes(freeBytes)}.`,
    place: `${stage}.batchSize`,
    remedy: `${change}, or close other programs.`,
  };
}
