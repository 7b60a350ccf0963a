/** What a job says while it is computed far from its project: a line for each word, read again when it comes back. */
import { z } from 'zod';
import { failureSchema } from '../errors.ts';
import { fromTrainerSchema } from '../messages/trainer.ts';
import { sha256Schema } from './bundle.ts';

export const journalEntrySchema = z.discriminatedUnion('type', [
  /** An attempt begins, from the beginning or from a checkpoint of the job's own. */
  z.object({
    type: z.literal('begin'),
    at: z.string(),
    host: z.string(),
    /** Hash of what the job computes, by which its results are known; earlier versions did not say it. */
    plan: z.string().optional(),
    /** Step of that checkpoint, -1 from the beginning: what was said of later steps counts no more. */
    resumeStep: z.number().int(),
    /** The weights of another run that it begins with. */
    startsFrom: sha256Schema.nullable(),
  }),
  z.object({
    type: z.literal('said'),
    /** Seconds that all attempts together have taken so far. */
    seconds: z.number(),
    message: fromTrainerSchema,
  }),
  /** A checkpoint that was found broken, and is used no more. */
  z.object({ type: z.literal('lost'), sha256: sha256Schema }),
  z.object({
    type: z.literal('end'),
    at: z.string(),
    seconds: z.number(),
    ending: z.enum(['done', 'paused', 'failed', 'died']),
    failure: failureSchema.optional(),
  }),
]);
export type JournalEntry = z.infer<typeof journalEntrySchema>;
