/** The seeds of a fine-tuning run. */
import type { FinetuneJob } from '../../contract/trainer.ts';

/** Those still to do, each with its place among all. */
export function remainingSeeds({
  finetune,
  finishedSeeds,
}: Pick<FinetuneJob, 'finetune' | 'finishedSeeds'>): {
  seed: number;
  index: number;
}[] {
  return Array.from({ length: finetune.seeds }, (_, index) => ({
    seed: finetune.firstSeed + index,
    index,
  })).filter(({ seed }) => !finishedSeeds.includes(seed));
}
