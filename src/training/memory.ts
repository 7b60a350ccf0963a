/** How much memory a run will take, told and checked before its first step. */
import { PretextError } from '../contract/errors.ts';
import type { Program } from '../tensor/index.ts';

const MIB = 2 ** 20;
/**
 * Measured on Linux with two threads (SimCLR, widths 8 to 32, batches 32 to 256): the process with everything loaded
 * and compiled, copies of the state, and what is lost between tensors. The estimate was within 10 % of the peak.
 */
const PROCESS = 560 * MIB;
const STATE_COPIES = 3;
const PER_TENSOR_BYTE = 1.3;

export interface MemoryNeed {
  /** Bytes of a step's tensors at the fullest moment. */
  peakBytes: number;
  /** Bytes of weights, slots, queues. */
  stateBytes: number;
}

export const estimatedBytes = ({ peakBytes, stateBytes }: MemoryNeed): number =>
  PROCESS + PER_TENSOR_BYTE * peakBytes + STATE_COPIES * stateBytes;

export function memoryNeedOf(program: Program, entry: string): MemoryNeed | null {
  if (!program.peakBytes) return null;
  const values = Object.values(program.readState());
  return {
    peakBytes: program.peakBytes(entry),
    stateBytes: values.reduce((sum, { values: own }) => sum + own.byteLength, 0),
  };
}

/** Refused only where it is clear: the estimate may be somewhat too high. */
const CLEARLY = 1.25;

/**
 * @param step of how many samples a step is, and whether it may be computed in parts
 * @param freeBytes what this process may still take beside what it has
 * @throws PretextError `memory.too-little` with what would fit
 */
export function requireMemory(
  need: MemoryNeed,
  freeBytes: number,
  step: { batchSize: number; accumulates: boolean },
): void {
  const estimate = estimatedBytes(need);
  if (estimate <= CLEARLY * freeBytes) return;
  const forTensors = freeBytes - PROCESS - STATE_COPIES * need.stateBytes;
  const fitting = Math.floor((step.batchSize * forTensors) / (PER_TENSOR_BYTE * need.peakBytes));
  const smaller = fitting >= 8 ? `Choose a batch size of ${fitting} or less` : 'Choose a narrower encoder';
  const parts = step.accumulates ? ', or set pretext.accumulation to compute each step in parts' : '';
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
  throw new PretextError({
    code: 'memory.too-little',
    message: `This run needs about ${gigabytes(estimate)} of memory. Free: ${gigabytes(freeBytes)}.`,
    place: 'pretext.batchSize',
    remedy: `${smaller}${parts}, or close other programs.`,
  });
}
