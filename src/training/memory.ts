/** How much memory a run will take, told and checked before its first step. */
import { PretextError } from '../contract/errors.ts';
import { freeMemory } from '../contract/machine/free-memory.ts';
import { judgeMemory, tooLittleMemory, type MemoryNeed } from '../contract/machine/memory.ts';
import type { Program, TensorFlowInfo } from '../tensor/index.ts';
import type { RunControl } from './control.ts';

/** What a run is beside its tensors. */
export type StepFacts = Pick<MemoryNeed, 'stage' | 'batchSize' | 'accumulation' | 'accumulates'>;

/** Which entries of a program train, and which only compute answers. */
export interface EntryNames {
  steps: readonly string[];
  fixed: readonly string[];
}

/** Null for programs that cannot tell: those that run op by op. */
export function memoryNeedOf(program: Program, facts: StepFacts, names: EntryNames): MemoryNeed | null {
  const { peakBytes } = program;
  if (!peakBytes) return null;
  const values = Object.values(program.readState());
  const stateBytes = values.reduce((sum, { values: own }) => sum + own.byteLength, 0);
  return needFrom(peakBytes, stateBytes, facts, names);
}

export function needFrom(
  peakBytes: (entry: string) => number,
  stateBytes: number,
  facts: StepFacts,
  { steps, fixed }: EntryNames,
): MemoryNeed {
  const most = (entries: readonly string[]) => Math.max(0, ...entries.map(peakBytes));
  return { ...facts, stepBytes: most(steps), fixedBytes: most(fixed), stateBytes };
}

/**
 * Tells what the run will need, and ends it here where that is clearly more than there is. Of GPUs, whose memory is
 * their own, nothing is said.
 *
 * @throws PretextError `memory.too-little` with what would fit
 */
export function checkMemory(
  need: MemoryNeed | null,
  device: TensorFlowInfo['device'],
  control: Pick<RunControl, 'environment'>,
): void {
  if (!need || device === 'gpu') return;
  // What this process has taken already is part of the estimate.
  const free = freeMemory(process.memoryUsage.rss());
  const estimate = judgeMemory(need, free);
  const mebibytes = (bytes: number) => Math.round(bytes / 2 ** 20);
  control.environment({
    memoryEstimateMiB: mebibytes(estimate.neededBytes),
    memoryFreeMiB: mebibytes(free),
  });
  if (estimate.verdict === 'too-little') throw new PretextError(tooLittleMemory(estimate));
}
