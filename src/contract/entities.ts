/** What the project knows and the window shows: datasets, studies, runs, checkpoints, transfers. */
import { z } from 'zod';
import { failureSchema } from './errors.ts';
import { storedColumnSchema } from './data/columns.ts';
import { signalKindFactsSchema } from './data/recordings/signal-kinds.ts';
import { findingSchema } from './data/finding.ts';
import { sampleTypeSchema } from './data/sample-values.ts';
import { targetSchema } from './data/target.ts';
import { environmentSchema } from './results/environment.ts';
import { makingKindSchema } from './model/making.ts';
import { runStatusSchema, studyStatusSchema } from './status.ts';
import {
  armSchema,
  bestBySchema,
  labelBudgetSchema,
  modalitySchema,
  recipeSchema,
  splitSchema,
} from './recipe/recipe.ts';

export { findingSchema, type Finding } from './data/finding.ts';
export { runStatusSchema, type RunStatus } from './status.ts';

export const idSchema = z.string().min(1);

export const splitNameSchema = z.enum(['train', 'validation', 'test']);
export type SplitName = z.infer<typeof splitNameSchema>;

export const projectSchema = z.object({
  name: z.string(),
  folder: z.string(),
  createdAt: z.string(),
  /** Another process runs this project's queue: this one reads, and its requests are handed over. */
  readOnlyQueue: z.boolean(),
  /** Who runs the queue, where it is another process. */
  heldBy: z.object({ pid: z.number().int(), host: z.string(), here: z.boolean() }).nullable(),
  /** The folder may only be read: it is looked at as it was when it was opened, and nothing can be changed. */
  readOnly: z.boolean(),
  /** What is unsafe about where the folder lies, each in a sentence. */
  cautions: z.array(z.string()),
});
export type Project = z.infer<typeof projectSchema>;

export const importIssueSchema = z.object({
  file: z.string(),
  /** Row or sample in the file, where it is one. */
  row: z.number().int().optional(),
  /** broken, empty, duplicate, unsupported, too-small, unlabeled-file, … */
  reason: z.string(),
  message: z.string(),
  /** left-out: not in the dataset. noted: imported, but worth knowing (animated: first frame taken). */
  severity: z.enum(['left-out', 'noted']),
});
export type ImportIssue = z.infer<typeof importIssueSchema>;

export const datasetSchema = z.object({
  id: idSchema,
  name: z.string(),
  modality: modalitySchema,
  /** [height, width, channels] of images, [length, channels] of signals. */
  shape: z.array(z.number().int()),
  dtype: sampleTypeSchema,
  sampleCount: z.number().int(),
  labeledCount: z.number().int(),
  target: targetSchema,
  /** The column that says how much each sample counts in losses and scores; left out: all count alike. */
  weightedBy: z.string().optional(),
  /** Classes; of several labels or numbers these, with the samples that have the label, or whose number is known. */
  classes: z.array(
    z.object({
      name: z.string(),
      train: z.number().int(),
      validation: z.number().int(),
      test: z.number().int(),
    }),
  ),
  split: z.object({
    rule: splitSchema,
    by: z.string(),
    train: z.number().int(),
    validation: z.number().int(),
    test: z.number().int(),
    groups: z.number().int(),
    /** Those of them with training samples; absent in datasets that were imported before it was counted. */
    trainingGroups: z.number().int().optional(),
    /** By what groups can be taken together: the columns that they come from, with how many groups each makes. */
    levels: z.array(z.object({ name: z.string(), groups: z.number().int() })).optional(),
    /** Labeled samples of each split; absent in datasets that were imported before it was counted. */
    labeled: z
      .object({ train: z.number().int(), validation: z.number().int(), test: z.number().int() })
      .optional(),
    /** Samples that are copies of each other and were kept together, and the sets they form. */
    copies: z.object({ samples: z.number().int(), groups: z.number().int() }).optional(),
  }),
  /** Signals: names, units as the files write them (null where they say nothing), and rate. */
  channelNames: z.array(z.string()).optional(),
  channelUnits: z.array(z.string().nullable()).optional(),
  samplingRate: z.number().optional(),
  /** Signals: what they are of. */
  signalKind: signalKindFactsSchema.optional(),
  /** Tables: what each number of a row is. */
  columns: z.array(storedColumnSchema).optional(),
  /** Mean and standard deviation per channel over training samples, in stored units. */
  channelStatistics: z.object({ mean: z.array(z.number()), standardDeviation: z.array(z.number()) }),
  issueCounts: z.object({ leftOut: z.number().int(), noted: z.number().int() }),
  source: z.string(),
  bytes: z.number(),
  importSeconds: z.number(),
  createdAt: z.string(),
  /** Copies, or nearly so, of training samples among validation and test samples; absent until somebody looked. */
  copies: z
    .object({
      checkedAt: z.string(),
      seconds: z.number(),
      /** Validation and test samples that have a copy in training, and test samples alone. */
      heldOut: z.number().int(),
      test: z.number().int(),
      /** Training samples that are such a copy. */
      training: z.number().int(),
      /** Since when those are left out of training; null while they are in it. */
      leftOutAt: z.string().nullable(),
    })
    .optional(),
  /** Labels that were changed since the import; absent while none was. */
  labels: z
    .object({
      /** Counted from 1 with every change; 0 is the import. */
      version: z.number().int(),
      changedAt: z.string(),
      /** Samples that differ from the import, by their label or as they are left out. */
      changed: z.number().int(),
    })
    .optional(),
});
export type Dataset = z.infer<typeof datasetSchema>;

export const sampleSchema = z.object({
  index: z.number().int(),
  source: z.string(),
  label: z.string().nullable(),
  group: z.string().nullable(),
  /** left-out: by hand, or as training data that are copies of validation or test samples. */
  split: z.enum([...splitNameSchema.options, 'left-out']),
  /** Its label as it was imported, where it is another now. */
  importedLabel: z.string().nullable().optional(),
  /** Left out by hand: the split that it was in. */
  leftOutOf: splitNameSchema.optional(),
});

export type Sample = z.infer<typeof sampleSchema>;

/** A change of labels, as the list of versions tells it. */
export const labelVersionSchema = z.object({
  version: z.number().int(),
  madeAt: z.string(),
  madeBy: z.enum(['import', 'hand', 'file', 'undo']),
  /** Samples that it changed, and test samples among them. */
  samples: z.number().int(),
  tests: z.number().int(),
  /** The version whose labels an undo brought back. */
  restores: z.number().int().nullable(),
  /** Names of the studies that use the labels as they were then. */
  studies: z.array(z.string()),
});
export type LabelVersion = z.infer<typeof labelVersionSchema>;

export const copyPairSchema = z.object({
  heldOut: sampleSchema,
  training: sampleSchema,
  exact: z.boolean(),
  /** Correlation; 1 for exact copies. */
  likeness: z.number(),
});
export type CopyPair = z.infer<typeof copyPairSchema>;

/** Held-out samples of a dataset that stand, as copies or nearly so, among the training samples of another. */
export const copiesBetweenSchema = z.object({
  /** Name of the other dataset. */
  dataset: z.string(),
  checkedAt: z.string(),
  seconds: z.number(),
  /** false: windows of different lengths or channels, which cannot be compared. */
  comparable: z.boolean(),
  /** Validation and test samples that have a copy there, test samples alone, and those that are the very same. */
  heldOut: z.number().int(),
  test: z.number().int(),
  exact: z.number().int(),
  /** Training samples there that are such a copy. */
  seen: z.number().int(),
});
export type CopiesBetween = z.infer<typeof copiesBetweenSchema>;

export const progressSchema = z.object({
  step: z.number().int(),
  steps: z.number().int(),
  epoch: z.number(),
  epochs: z.number(),
  /** Fine-tuning: which of the seeds is trained. */
  seed: z.object({ index: z.number().int(), count: z.number().int() }).optional(),
  loss: z.number().nullable(),
  learningRate: z.number().nullable(),
  samplesPerSecond: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  /** What is done now, in a few words: "Preparing data", "Training", "Testing". */
  phase: z.string(),
});
export type Progress = z.infer<typeof progressSchema>;

export const runSchema = z.object({
  id: idSchema,
  studyId: idSchema,
  kind: z.enum(['pretext', 'finetune']),
  /** simclr-3, baseline-4: short and unique in the project. */
  name: z.string(),
  status: runStatusSchema,
  /** pretext runs: the task; fine-tuning runs: the arm and the label budget. */
  task: z.string().nullable(),
  arm: armSchema.nullable(),
  budget: labelBudgetSchema.nullable(),
  datasets: z.array(z.string()),
  /**
   * Checkpoint that the run starts from. Null for pretext runs and baselines from random weights, and until the
   * pretext run that a fine-tuning run waits for is done.
   */
  checkpointId: idSchema.nullable(),
  progress: progressSchema.nullable(),
  failure: failureSchema.nullable(),
  /** Device, threads, versions, parameter counts: recorded when the run starts. */
  environment: environmentSchema.nullable(),
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  /** Seconds of training over all attempts, pauses not counted. */
  seconds: z.number(),
  /** Collapses and divergences in the order they were noticed; empty for a healthy run. */
  findings: z.array(findingSchema),
  /** A model is made at a person's word, and nothing is measured for the comparison; absent in runs that measure. */
  making: makingKindSchema.nullable().optional(),
  /** What was not trained again, as another run had done exactly the same: that run, and its seeds if it has some. */
  reused: z
    .array(z.object({ runId: idSchema, name: z.string(), seeds: z.array(z.number().int()) }))
    .nullable()
    .optional(),
});
export type Run = z.infer<typeof runSchema>;

export const checkpointSchema = z.object({
  id: idSchema,
  runId: idSchema,
  /** `member`: a model of an ensemble that is still being trained. */
  kind: z.enum(['last', 'best', 'member']),
  step: z.number().int(),
  epoch: z.number(),
  file: z.string(),
  bytes: z.number(),
  sha256: z.string(),
  /** The metric by which it is best, where there is one. */
  score: z.number().nullable(),
  /** What that metric is; null where the run has only one. */
  scoreOf: bestBySchema.nullable(),
  createdAt: z.string(),
});
export type Checkpoint = z.infer<typeof checkpointSchema>;

const transferTensor = z.object({ name: z.string(), shape: z.array(z.number().int()), note: z.string() });
export const transferReportSchema = z.object({
  taken: z.array(transferTensor),
  replaced: z.array(transferTensor),
  missing: z.array(transferTensor),
  frozen: z.array(transferTensor),
});
export type TransferReport = z.infer<typeof transferReportSchema>;

export const transferSchema = z.object({
  id: idSchema,
  runId: idSchema,
  checkpointId: idSchema,
  report: transferReportSchema,
  createdAt: z.string(),
});
export type Transfer = z.infer<typeof transferSchema>;

/** One point of a run's curves: names such as loss, learningRate, knnAccuracy, embeddingDeviation. */
export const metricPointSchema = z.object({
  step: z.number().int(),
  epoch: z.number(),
  values: z.record(z.string(), z.number()),
});
export type MetricPoint = z.infer<typeof metricPointSchema>;

/** Code of the failure of a study whose import waits for a person's word; starting the same recipe gives it. */
export const IMPORT_HELD = 'study.import-held';

export const studySchema = z.object({
  id: idSchema,
  name: z.string(),
  recipe: recipeSchema,
  status: studyStatusSchema,
  failure: failureSchema.nullable(),
  runIds: z.array(idSchema),
  createdAt: z.string(),
  finishedAt: z.string().nullable(),
});
export type Study = z.infer<typeof studySchema>;

export const importProgressSchema = z.object({
  id: idSchema,
  name: z.string(),
  phase: z.string(),
  done: z.number().int(),
  total: z.number().int().nullable(),
  perSecond: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  leftOut: z.number().int(),
});
export type ImportProgress = z.infer<typeof importProgressSchema>;
