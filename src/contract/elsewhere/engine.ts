/** How jobs are to be placed on other machines: what a settings file or flags say of a queueing system. */
import { z } from 'zod';

const word = z.string().regex(/^[A-Za-z0-9._:@/+-]+$/, 'letters, digits and . _ : @ / + - only');

/** As places of runs are named, but for `here`. */
export const engineIdSchema = z.enum(['slurm', 'ssh']);
export type EngineId = z.infer<typeof engineIdSchema>;

export const engineWishesSchema = z.object({
  /** Slurm: where and on whose account. */
  partition: word.optional(),
  account: word.optional(),
  /** Most jobs at once. */
  limit: z.number().int().positive().optional(),
  /** Minutes that a job may take before it is asked to write a checkpoint and is queued again. */
  minutes: z.number().int().positive().optional(),
  memoryMiB: z.number().int().positive().optional(),
  /** Graphics processors of a job. */
  gpus: z.number().int().min(0).optional(),
  /** ssh: the computers, with the processor cores that may be used of each. */
  hosts: z.array(z.object({ host: word, cores: z.number().int().positive() })).optional(),
  /** The program's command line there; left out: the one here, which must be at the same place. */
  command: z.string().min(1).optional(),
});
export type EngineWishes = z.output<typeof engineWishesSchema>;

/** What the settings of a machine say, by engine. */
export const engineSettingsSchema = z.partialRecord(engineIdSchema, engineWishesSchema);
