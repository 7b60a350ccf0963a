/** How long a pretraining will take, about. */
import { z } from 'zod';

/** More cores help less and less: twice as many take 0.57 of the time. */
export const CORES_POWER = 0.8;

export const timeEstimateSchema = z.object({
  seconds: z.number(),
  /** From runs on the same data with the same encoder on this machine; else a rule of thumb. */
  measured: z.boolean(),
});
export type TimeEstimate = z.infer<typeof timeEstimateSchema>;

/** In words, where `duration` says seconds as people do. */
export function timeWords(
  { seconds, measured }: TimeEstimate,
  duration: (seconds: number) => string,
): string {
  return measured
    ? `Pretraining takes about ${duration(seconds)}, by earlier runs on these data.`
    : `Pretraining takes very roughly ${duration(seconds)}: three times more or less, as nothing like it was run here yet.`;
}
