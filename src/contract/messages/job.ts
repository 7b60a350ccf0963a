/**
 * A job says what a run computes: samples of datasets, weights by the SHA-256 of their checkpoint, settings. Where these
 * lie is a value of its own, made for the machine on which the job is done: the same job can be done on another.
 */
import { z } from 'zod';
import { modalitySchema } from '../data/modality.ts';
import { harmoniseStepSchema } from '../data/harmonise-step.ts';
import { sampleDescriptionSchema } from '../data/sample-description.ts';
import { targetSchema } from '../data/target.ts';
import { makingSchema } from '../model/making.ts';
import { modelOriginSchema, modelPreparationSchema } from '../model/model.ts';
import { precisionSchema } from '../recipe/device.ts';
import { uncounted } from '../recipe/identity.ts';
import {
  armSchema,
  encoderSchema,
  finetuneSchema,
  labelBudgetSchema,
  pretextSchema,
} from '../recipe/recipe.ts';
import { togetherSchema } from '../recipe/together.ts';
import { metricNameSchema } from '../results/metric.ts';
import { datasetContentSchema } from './dataset-selection.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const common = {
  /** Common shape that every dataset is brought to: [height, width, channels] or [length, channels]. */
  inputShape: z.array(z.number().int()),
  modality: modalitySchema,
  /** Of the dataset whose shape is the common one, which is known by its id already. */
  about: uncounted(sampleDescriptionSchema.optional()),
  encoder: encoderSchema,
  /** Left out: float32. */
  precision: precisionSchema.optional(),
  /** The checkpoint of this same run to continue from. */
  resumeFrom: uncounted(sha256.nullable()),
};

export const pretextJobSchema = z.object({
  kind: z.literal('pretext'),
  ...common,
  pretext: pretextSchema,
  /** The checkpoint of another run whose encoder this one begins with (`pretext.startFrom` is its id); null for random weights, and to resume. */
  startFrom: sha256.nullable(),
  includeHeldOut: z.boolean(),
  /** How many samples of each dataset a batch holds; left out: as many of each. */
  sampling: togetherSchema.pick({ sampling: true, temperature: true }).optional(),
  /** By dataset, how its samples came to the common form: kept with the weights. */
  steps: uncounted(z.record(z.string(), z.array(harmoniseStepSchema)).optional()),
  datasets: z.array(datasetContentSchema).min(1),
  /** Which of `datasets` the probe uses; null when nothing is labeled. */
  probeDataset: z.string().nullable(),
});
export type PretextJob = z.infer<typeof pretextJobSchema>;

/** What a kept model says of a head beside what training knows. */
const modelKnownSchema = z.object({
  name: z.string(),
  program: z.string(),
  origin: modelOriginSchema,
  preparation: modelPreparationSchema.extend({ bits: z.null() }),
});

const otherHeadJobSchema = z.object({
  dataset: datasetContentSchema,
  target: targetSchema,
  /** The run measures this dataset too, and its model keeps the head; left out: the encoder alone learns from it. */
  model: modelKnownSchema.optional(),
});

export const finetuneJobSchema = z.object({
  kind: z.literal('finetune'),
  ...common,
  arm: armSchema,
  budget: labelBudgetSchema,
  metric: metricNameSchema,
  target: targetSchema,
  finetune: finetuneSchema,
  dataset: datasetContentSchema,
  /** Other datasets, each with a head of its own that is trained at once; left out: none. */
  others: z.array(otherHeadJobSchema).optional(),
  /** Where the encoder's weights come from; null for the baseline. */
  checkpoint: sha256.nullable(),
  /** The seeds to train; left out: as many as `finetune.seeds` says, from its first on. */
  seeds: uncounted(z.array(z.number().int()).min(1).optional()),
  /** Left out: a run that measures. */
  making: makingSchema.optional(),
  /** Weights of an ensemble's members that an earlier attempt has trained, in the order of the seeds. */
  members: uncounted(z.array(sha256).optional()),
  /** Seeds already finished in an earlier attempt: not trained again. */
  finishedSeeds: uncounted(z.array(z.number().int())),
  /** Validation score of the best model that the run has kept of them; null where there is none. */
  bestFinished: uncounted(z.number().nullable().optional()),
  /** What a kept model is to say of itself beside what training knows; left out: none is kept. */
  model: uncounted(modelKnownSchema.optional()),
});
export type FinetuneJob = z.infer<typeof finetuneJobSchema>;

/** The seeds of a run, in the order in which they are trained. */
export function seedsOf({ finetune, seeds }: Pick<FinetuneJob, 'finetune' | 'seeds'>): number[] {
  return seeds ?? Array.from({ length: finetune.seeds }, (_, index) => finetune.firstSeed + index);
}

export const jobSchema = z.discriminatedUnion('kind', [pretextJobSchema, finetuneJobSchema]);
export type Job = z.infer<typeof jobSchema>;

/** Where one machine has what a job names, and where it puts what the job makes. */
export const placesSchema = z.object({
  /** Begins the names of the files that are written. */
  runId: z.string(),
  /** Checkpoints, answers and models go into its folders. */
  projectFolder: z.string(),
  /** Processor threads; null: all cores. */
  threads: z.number().int().nullable(),
  /** So many processes of this machine compute a pretext run together; left out: one. */
  processes: z.number().int().min(1).optional(),
  /** Which of several processes this one is, and `host:port` of each, in the same order for all. */
  meeting: z.object({ addresses: z.array(z.string()).min(2), rank: z.number().int().min(0) }).optional(),
  /** Absolute path of each dataset's shard, by its name. */
  shards: z.record(z.string(), z.string()),
  /** Absolute path of each checkpoint, by its SHA-256. */
  checkpoints: z.record(z.string(), z.string()),
});
export type Places = z.infer<typeof placesSchema>;
