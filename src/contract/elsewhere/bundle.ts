/**
 * A bundle: one folder that holds the jobs of a study with all that they need, so that machines which know nothing of
 * the project can compute them. It can be moved or copied as a folder: no path stands in it.
 *
 *     bundle.json            this description
 *     jobs/000001.json       one job a file
 *     arrays/<sha256>.bin    splits, labels and places of samples, shared by all jobs on the same data
 *     shards/                samples
 *     checkpoints/           weights that jobs begin with, made before the bundle was
 *     results/000001/        what the job says (journal.jsonl), how it stands (status.json), the files that it makes
 *     engine/                scripts that hand the jobs to a queueing system
 */
import { z } from 'zod';
import { failureSchema } from '../errors.ts';
import { jobTimeSchema, stageTimeSchema } from './job-time.ts';

/** Raised when a bundle changes so that other versions would read it wrongly. */
export const BUNDLE_FORMAT = 1;

/** Exit status of a worker that wrote its checkpoint and wants to go on (EX_TEMPFAIL). */
export const PAUSED_STATUS = 75;

export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);
/** A file of the bundle: a plain name, never a path. */
const plainName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/);

export const bundleSchema = z.object({
  format: z.literal(BUNDLE_FORMAT),
  id: z.string(),
  /** Version of the program: another one may compute otherwise. */
  program: z.string(),
  madeAt: z.string(),
  project: z.string(),
  study: z.object({ id: z.string(), name: z.string() }),
  /** Jobs are counted from 1. */
  jobs: z.number().int().min(1),
  /** Jobs as `1-5,8`; those of a stage begin with weights that jobs of the stages before make. */
  stages: z.array(z.string()).min(1),
  /** Jobs that several processes compute together, and how many; left out: none. */
  together: z.object({ jobs: z.string(), processes: z.number().int().min(2) }).optional(),
  /** Processor threads of every job, so that all arms are computed alike. */
  threads: z.number().int().min(1),
  /** What a job takes, as far as it is known. */
  resources: z.object({
    memoryMiB: z.number().int().positive().nullable(),
    /** As somebody said. */
    minutes: z.number().int().positive().nullable(),
    /** Else by measured steps, of each stage; null where nothing could be measured. Left out: nobody measured. */
    stageTimes: z.array(stageTimeSchema.nullable()).optional(),
  }),
});
export type Bundle = z.infer<typeof bundleSchema>;

/** A shard as it was when it was packed; `end`: SHA-256 of its last part, where its checksums stand. */
export const packedShardSchema = z.object({
  file: plainName,
  bytes: z.number().int().min(0),
  end: sha256Schema,
});
export type PackedShard = z.infer<typeof packedShardSchema>;

export const packedJobSchema = z.object({
  format: z.literal(BUNDLE_FORMAT),
  index: z.number().int().min(1),
  runId: z.string().regex(/^[a-z0-9]{1,32}$/),
  name: z.string(),
  /** Of all samples, labels and splits that it uses. */
  selectionHash: z.string(),
  /** Hash of what it computes, but for weights that another job makes. */
  plan: z.string(),
  /** A job of `messages/job.ts` whose arrays stand in files of their own. */
  job: z.unknown(),
  /** So many processes compute it together, on one machine where nothing else is said; left out: one. */
  processes: z.number().int().min(1).optional(),
  /** By the name of the dataset. */
  shards: z.record(z.string(), packedShardSchema),
  /** Checkpoints that it begins with, by SHA-256: files of the bundle. */
  checkpoints: z.record(sha256Schema, plainName),
  /** How long it takes, about; left out: nobody knows. */
  time: jobTimeSchema.optional(),
  /** A job whose weights it begins with, and which of its checkpoints: the first kind that there is. */
  startsFrom: z
    .object({ job: z.number().int().min(1), kinds: z.array(z.enum(['best', 'last'])).min(1) })
    .nullable(),
});
export type PackedJob = z.infer<typeof packedJobSchema>;

/** `waiting`: nobody has begun it. `paused`: it was asked to end, and goes on from its checkpoint. */
export const jobStateSchema = z.enum(['waiting', 'running', 'paused', 'failed', 'done']);
export type JobState = z.infer<typeof jobStateSchema>;
/** As whoever looks on sees it; `lost`: it said that it runs, and gives no sign of life any more. */
export const jobStandingSchema = z.enum([...jobStateSchema.options, 'lost']);
export type JobStanding = z.infer<typeof jobStandingSchema>;

export const jobStatusSchema = z.object({
  state: jobStateSchema,
  at: z.string(),
  /** The machine that wrote this. */
  host: z.string(),
  /** How often the job was begun. */
  attempts: z.number().int(),
  failure: failureSchema.optional(),
});
export type JobStatus = z.infer<typeof jobStatusSchema>;
