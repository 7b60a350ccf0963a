/** The seeds of a fine-tuning run. */
import { seedsOf, type FinetuneJob } from '../../contract/messages/trainer.ts';

/** Those still to do, each with its place among all. */
export function remainingSeeds(job: Pick<FinetuneJob, 'finetune' | 'seeds' | 'finishedSeeds'>): {
  seed: number;
  index: number;
}[] {
  return seedsOf(job)
    .map((seed, index) => ({ seed, index }))
    .filter(({ seed }) => !job.finishedSeeds.includes(seed));
}
