/** A study that ships with the program, to try it by. */
import { z } from 'zod';
import { modalitySchema } from '../data/modality.ts';

export const sampleStudySchema = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string(),
  modality: modalitySchema,
  /** Measured on 2 cores, as written in the recipe's file. */
  minutes: z.number().nullable(),
  licence: z.string(),
});
export type SampleStudy = z.infer<typeof sampleStudySchema>;
