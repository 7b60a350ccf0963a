/** What is asked and told of runs that other machines compute. */
import { z } from 'zod';
import { failureSchema } from '../errors.ts';
import { bundleSchema, jobStateSchema } from './bundle.ts';

export const packWishSchema = z.object({
  studyId: z.string().min(1),
  /** Where the bundle is made: empty, or not there yet. */
  folder: z.string().min(1),
  threads: z.number().int().min(1).max(256).optional(),
  /** How long a job may take, where somebody knows. */
  minutes: z.number().int().positive().optional(),
});
export type PackWish = z.infer<typeof packWishSchema>;

export const packReportSchema = z.object({
  bundle: bundleSchema,
  folder: z.string(),
  /** Of the runs, in the order of the jobs. */
  names: z.array(z.string()),
});
export type PackReport = z.infer<typeof packReportSchema>;

export const awayJobSchema = z.object({
  job: z.number().int(),
  runId: z.string(),
  name: z.string(),
  /** As its machine says; `left`: it was taken back, or packed again, and what it says counts no more. */
  state: z.enum([...jobStateSchema.options, 'left']),
  /** What the project has of it. */
  merged: z.enum(['nothing', 'some', 'all']),
  host: z.string().nullable(),
  failure: failureSchema.nullable(),
});
export type AwayJob = z.infer<typeof awayJobSchema>;

export const mergeReportSchema = z.object({
  bundle: bundleSchema,
  jobs: z.array(awayJobSchema),
  /** What could not be taken over now, by the job's name. */
  refused: z.array(z.object({ name: z.string(), failure: failureSchema })),
});
export type MergeReport = z.infer<typeof mergeReportSchema>;
