/** The parts in which a step's batch is computed, one after the other. */
import type { Program, TypedArray } from '../../tensor/index.ts';

/** The inputs of a step as those of its micro-batches: every array is cut into equal parts along the samples. */
export function microBatches(
  inputs: Record<string, TypedArray>,
  parts: number,
): Record<string, TypedArray>[] {
  if (parts === 1) return [inputs];
  return Array.from({ length: parts }, (_, part) =>
    Object.fromEntries(
      Object.entries(inputs).map(([name, values]) => {
        const length = values.length / parts;
        return [name, values.subarray(part * length, (part + 1) * length)];
      }),
    ),
  );
}

/** What a step gets beside its samples. */
export interface StepNumbers {
  learningRate: number;
  progress: number;
  /** Of one of several processes: what it wishes (`pretext/meeting.ts`). */
  wish?: number;
}

/**
 * One step of training: `accumulate` for all micro-batches but the last, then `train`.
 *
 * @param seedOfPart seed of the randomness in each part
 * @returns the loss and every metric, averaged over the parts
 */
export function runStep(
  program: Program,
  parts: readonly Record<string, TypedArray>[],
  shared: StepNumbers,
  seedOfPart: (part: number) => Int32Array,
): Record<string, number> {
  const { learningRate, progress, ...others } = shared;
  const sums: Record<string, number> = {};
  const counts: Record<string, number> = {};
  parts.forEach((part, index) => {
    const inputs = { ...part, seed: seedOfPart(index), progress };
    const last = index === parts.length - 1;
    const outputs = last
      ? program.run('train', { ...inputs, learningRate, ...others })
      : program.run('accumulate', inputs);
    for (const [name, values] of Object.entries(outputs)) {
      sums[name] = (sums[name] ?? 0) + values[0]!;
      counts[name] = (counts[name] ?? 0) + 1;
    }
  });
  return Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / counts[name]!]));
}

/** The views of a step alone, of all its parts: for measuring them. */
export function runViews(
  program: Program,
  parts: readonly Record<string, TypedArray>[],
  { learningRate, progress }: { learningRate: number; progress: number },
  seedOfPart: (part: number) => Int32Array,
): void {
  parts.forEach((part, index) =>
    program.runViews?.('train', { ...part, seed: seedOfPart(index), progress, learningRate }),
  );
}
