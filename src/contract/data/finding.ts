/** What is wrong with a run that goes on: collapse and divergence. */
import { z } from 'zod';

/** Something wrong with a run that goes on, noticed within an epoch. */
export const findingSchema = z.object({
  kind: z.enum(['complete-collapse', 'dimensional-collapse', 'divergence']),
  /** When it was noticed. */
  step: z.number().int(),
  epoch: z.number(),
  /** What was seen, in a sentence with its numbers. */
  message: z.string(),
  /** What to do about it. */
  advice: z.string(),
  /** When it was gone again; null while it lasts. */
  overAtStep: z.number().int().nullable(),
});
export type Finding = z.infer<typeof findingSchema>;
