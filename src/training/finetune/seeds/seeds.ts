/** The seeds of a fine-tuning run. */
import type { FinetuneInputs } from '../../inputs.ts';
import { seedsOf } from '../../../contract/messages/job.ts';

/** Those still to do, each with its place among all. */
export function remainingSeeds(job: Pick<FinetuneInputs, 'finetune' | 'seeds' | 'finishedSeeds'>): {
  seed: number;
  index: number;
}[] {
  return seedsOf(job)
    .map((seed, index) => ({ seed, index }))
    .filter(({ seed }) => !job.finishedSeeds.includes(seed));
}
