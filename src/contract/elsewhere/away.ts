/** What is asked and told of runs that other machines compute. */
import { z } from 'zod';
import { jsonSchemaSchema } from '../catalogue.ts';
import { failureSchema } from '../errors.ts';
import { bundleSchema, jobStandingSchema } from './bundle.ts';
import { engineIdSchema, engineWishesSchema } from './engine.ts';

export const packWishSchema = z.object({
  studyId: z.string().min(1),
  /** Where the bundle is made: empty, or not there yet. */
  folder: z.string().min(1),
  threads: z.number().int().min(1).max(256).optional(),
  /** How long a job may take, where somebody knows. */
  minutes: z.number().int().positive().optional(),
  /** false: whoever places the jobs does not ask how long they take, and nothing is measured. */
  timed: z.boolean().optional(),
  /** How far it is is told under this id. */
  id: z.string().min(1).optional(),
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
  /**
   * As it stands there; `left`: it was taken back, or packed again, and what it says counts no more.
   */
  state: z.enum([...jobStandingSchema.options, 'left']),
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

/** An engine that this program can write jobs for. */
export const engineOfferSchema = z.object({
  id: engineIdSchema,
  title: z.string(),
  /** What it is handed jobs by, and whether that is on this computer. */
  program: z.string(),
  isHere: z.boolean(),
  /** The wishes that it heeds, in the order of a form. */
  fields: z.array(z.string()),
  /** What this machine's settings say of it. */
  wishes: engineWishesSchema,
});

export const engineOffersSchema = z.object({
  engines: z.array(engineOfferSchema),
  /** All wishes there are. */
  wishes: jsonSchemaSchema,
  /** Where bundles are made: this name, with a number for each. */
  folder: z.string(),
  /** How this program is called; null where it has no command yet that other machines could call. */
  command: z.string().nullable(),
});
export type EngineOffers = z.infer<typeof engineOffersSchema>;

export const submitWishSchema = z.object({
  folder: z.string().min(1),
  engine: engineIdSchema,
  /** Left out: the scripts that are there are started again. */
  wishes: engineWishesSchema.optional(),
  /** Only these jobs, `3,7-9`. */
  only: z.string().optional(),
  /** Writes the scripts, and starts nothing. */
  scriptsOnly: z.boolean().optional(),
  /** Keeps the wishes in this machine's settings. */
  remember: z.boolean().optional(),
});
export type SubmitWish = z.infer<typeof submitWishSchema>;

export const submitReportSchema = z.object({
  /** What the engine said. */
  words: z.string(),
  /** Files written. */
  scripts: z.array(z.string()),
});
export type SubmitReport = z.infer<typeof submitReportSchema>;

/** A bundle of a study, as the project knows it. */
export const bundleNoteSchema = z.object({
  id: z.string(),
  folder: z.string(),
  jobs: z.number().int(),
  engine: engineIdSchema.nullable(),
  packedAt: z.string(),
});
export type BundleNote = z.infer<typeof bundleNoteSchema>;

/** What an engine itself says of the jobs. */
export const engineWordsSchema = z.object({
  words: z.string(),
  /** Whether it has any of them still; null where it cannot be asked. */
  hasOpenJobs: z.boolean().nullable(),
});
export type EngineWords = z.infer<typeof engineWordsSchema>;
