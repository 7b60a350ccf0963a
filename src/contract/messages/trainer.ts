/** What the service and a trainer say to each other. One trainer runs one run and then ends. */
import { z } from 'zod';
import {
  checkpointSchema,
  findingSchema,
  metricPointSchema,
  progressSchema,
  transferReportSchema,
} from '../entities.ts';
import { precisionSchema } from '../recipe/device.ts';
import { uncounted } from '../recipe/identity.ts';
import { failureSchema } from '../errors.ts';
import { modelNoteSchema, modelOriginSchema, modelPreparationSchema } from '../model/model.ts';
import { environmentSchema } from '../results/environment.ts';
import { metricNameSchema } from '../results/metric.ts';
import { probeResamplesSchema } from '../recipe/probe.ts';
import {
  armSchema,
  encoderSchema,
  finetuneSchema,
  labelBudgetSchema,
  modalitySchema,
  pretextSchema,
} from '../recipe/recipe.ts';
import { resultRowSchema } from '../results/result.ts';
import { sampleDescriptionSchema } from '../data/sample-description.ts';
import { sampleTypeSchema } from '../data/sample-values.ts';

const typed = <T extends Float64Array | Float32Array | Int32Array | Uint8Array>(
  kind: new (length: number) => T,
) => z.custom<T>((value) => value instanceof kind, `must be a ${kind.name}`);

/** Split codes in `DatasetSelection.splits`. */
export const SPLIT_CODE = { train: 0, validation: 1, test: 2 } as const;
/** A training sample that is a copy of a validation or test sample: part of no split. */
export const LEFT_OUT_CODE = 3;

/** One dataset as the trainer sees it: a shard on disk and, for every sample, where it stands and what it is. */
export const datasetSelectionSchema = z.object({
  name: z.string(),
  modality: modalitySchema,
  shape: z.array(z.number().int()),
  dtype: sampleTypeSchema,
  /** Absolute path of the shard. */
  shard: z.string(),
  /** Byte offset of each sample in the shard; windows of a recording may overlap. */
  offsets: typed(Float64Array),
  splits: typed(Uint8Array),
  /** Class id, -1 for unlabeled; empty for number targets. */
  classIds: typed(Int32Array),
  /** Target numbers, NaN for unlabeled; empty for class targets. */
  numbers: typed(Float32Array),
  classNames: z.array(z.string()),
  /** Group of each sample (subject, patient, session) by number, -1 where it has none; left out: there are none. */
  groups: typed(Int32Array).optional(),
  /** Recording that each sample is a part of, by number, -1 where that is not known; only where a task asks for it. */
  recordings: typed(Int32Array).optional(),
  /** Seconds since the first window of the recording (without a sampling rate: values); where there are recordings. */
  times: typed(Float32Array).optional(),
  about: sampleDescriptionSchema.optional(),
  channelStatistics: z.object({ mean: z.array(z.number()), standardDeviation: z.array(z.number()) }),
});
export type DatasetSelection = z.infer<typeof datasetSelectionSchema>;

const common = {
  runId: uncounted(z.string()),
  projectFolder: uncounted(z.string()),
  /** Common shape that every dataset is brought to: [height, width, channels] or [length, channels]. */
  inputShape: z.array(z.number().int()),
  modality: modalitySchema,
  /** Of the dataset whose shape is the common one. */
  about: sampleDescriptionSchema.optional(),
  encoder: encoderSchema,
  threads: uncounted(z.number().int().nullable()),
  /** Left out: float32. */
  precision: precisionSchema.optional(),
  /** Absolute path of the checkpoint of this same run to continue from. */
  resumeFrom: uncounted(z.object({ file: z.string(), sha256: z.string() }).nullable()),
};

export const pretextJobSchema = z.object({
  kind: z.literal('pretext'),
  ...common,
  pretext: pretextSchema,
  /** The checkpoint of another run whose encoder this one begins with; null for random weights, and to resume. */
  startFrom: z.object({ id: z.string(), file: z.string(), sha256: z.string() }).nullable(),
  includeHeldOut: z.boolean(),
  datasets: z.array(datasetSelectionSchema).min(1),
  /** Which of `datasets` the probe uses; null when nothing is labeled. */
  probeDataset: z.string().nullable(),
});
export type PretextJob = z.infer<typeof pretextJobSchema>;

export const finetuneJobSchema = z.object({
  kind: z.literal('finetune'),
  ...common,
  arm: armSchema,
  budget: labelBudgetSchema,
  metric: metricNameSchema,
  target: z.enum(['classes', 'number']),
  finetune: finetuneSchema,
  dataset: datasetSelectionSchema,
  /** Where the encoder's weights come from; null for the baseline. */
  checkpoint: z.object({ file: z.string(), sha256: z.string() }).nullable(),
  /** The seeds to train; left out: as many as `finetune.seeds` says, from its first on. */
  seeds: uncounted(z.array(z.number().int()).min(1).optional()),
  /** Seeds already finished in an earlier attempt: not trained again. */
  finishedSeeds: uncounted(z.array(z.number().int())),
  /** Validation score of the best model that the run has kept of them; null where there is none. */
  bestFinished: uncounted(z.number().nullable().optional()),
  /** What a kept model is to say of itself beside what training knows; left out: none is kept. */
  model: uncounted(
    z
      .object({
        name: z.string(),
        program: z.string(),
        origin: modelOriginSchema,
        preparation: modelPreparationSchema.extend({ bits: z.null() }),
      })
      .optional(),
  ),
});
export type FinetuneJob = z.infer<typeof finetuneJobSchema>;

/** The seeds of a run, in the order in which they are trained. */
export function seedsOf({ finetune, seeds }: Pick<FinetuneJob, 'finetune' | 'seeds'>): number[] {
  return seeds ?? Array.from({ length: finetune.seeds }, (_, index) => finetune.firstSeed + index);
}

export const jobSchema = z.discriminatedUnion('kind', [pretextJobSchema, finetuneJobSchema]);
export type Job = z.infer<typeof jobSchema>;

export const questionProgressSchema = z.object({
  done: z.number(),
  total: z.number(),
  /** What is being done, where an answer takes several passes. */
  phase: z.string().optional(),
});
export type QuestionProgress = z.infer<typeof questionProgressSchema>;

export const toTrainerSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('start'), job: jobSchema }),
  /** Write a checkpoint, say `paused`, end. */
  z.object({ type: z.literal('pause') }),
  /** Say `cancelled`, end. */
  z.object({ type: z.literal('cancel') }),
  /** To a trainer that runs no job and stays warm: a kind of `questions.ts` with its question. */
  z.object({ type: z.literal('ask'), id: z.number().int(), kind: z.string(), question: z.unknown() }),
  /** Nobody waits for the answer any more: none is given. */
  z.object({ type: z.literal('withdraw'), id: z.number().int() }),
]);
export type ToTrainer = z.infer<typeof toTrainerSchema>;

export const checkpointNoteSchema = checkpointSchema
  .pick({ kind: true, step: true, epoch: true, bytes: true, sha256: true, score: true })
  .extend({
    /** File name inside the project's checkpoints folder, already flushed and renamed. */
    file: z.string(),
    scoreOf: checkpointSchema.shape.scoreOf.optional(),
  });
export type CheckpointNote = z.infer<typeof checkpointNoteSchema>;

/** A file of answers on test samples, already flushed and renamed, and what intervals need of it. */
export const keptAnswersSchema = z.object({
  /** File name inside the project's answers folder. */
  file: z.string(),
  bytes: z.number().int(),
  sha256: z.string(),
  /** What blocks of test samples contribute to the score, higher being better; their sum is 0. */
  influences: typed(Float64Array),
});
export type KeptAnswers = z.infer<typeof keptAnswersSchema>;

export const fromTrainerSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({
    type: z.literal('environment'),
    environment: environmentSchema,
  }),
  z.object({ type: z.literal('progress'), progress: progressSchema }),
  z.object({ type: z.literal('metrics'), point: metricPointSchema }),
  /** A collapse or a divergence; told again, with `overAtStep`, when it is over. */
  z.object({ type: z.literal('finding'), finding: findingSchema }),
  /** A probe of a pretext run, once more on resamples; the latest counts. */
  z.object({ type: z.literal('probe'), probe: probeResamplesSchema }),
  z.object({ type: z.literal('checkpoint'), checkpoint: checkpointNoteSchema }),
  z.object({ type: z.literal('transfer'), report: transferReportSchema }),
  z.object({
    type: z.literal('result'),
    row: resultRowSchema,
    answers: keptAnswersSchema.optional(),
  }),
  modelNoteSchema.extend({ type: z.literal('model') }),
  /** How far the answer to a question is. */
  z.object({ type: z.literal('answering'), id: z.number().int(), progress: questionProgressSchema }),
  /** Once for every question that is not withdrawn: its value, or why there is none. */
  z.object({
    type: z.literal('answer'),
    id: z.number().int(),
    value: z.unknown().optional(),
    failure: failureSchema.optional(),
  }),
  z.object({ type: z.literal('done') }),
  z.object({ type: z.literal('paused') }),
  z.object({ type: z.literal('cancelled') }),
  z.object({ type: z.literal('failed'), failure: failureSchema }),
]);
export type FromTrainer = z.infer<typeof fromTrainerSchema>;
