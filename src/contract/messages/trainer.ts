/** What the service and a trainer say to each other. One trainer runs one run and then ends. */
import { z } from 'zod';
import {
  checkpointSchema,
  findingSchema,
  metricPointSchema,
  progressSchema,
  transferReportSchema,
} from '../entities.ts';
import { typedArray } from '../data/typed-array.ts';
import { failureSchema } from '../errors.ts';
import { modelNoteSchema } from '../model/model.ts';
import { environmentSchema } from '../results/environment.ts';
import { probeResamplesSchema } from '../recipe/probe.ts';
import { resultRowSchema } from '../results/result.ts';
import { jobSchema, placesSchema } from './job.ts';

export const questionProgressSchema = z.object({
  done: z.number(),
  total: z.number(),
  /** What is being done, where an answer takes several passes. */
  phase: z.string().optional(),
});
export type QuestionProgress = z.infer<typeof questionProgressSchema>;

export const toTrainerSchema = z.discriminatedUnion('type', [
  /** What to compute, and where what it needs lies here. */
  z.object({ type: z.literal('start'), job: jobSchema, places: placesSchema }),
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
  influences: typedArray(Float64Array),
});
export type KeptAnswers = z.infer<typeof keptAnswersSchema>;

/** @param head the place of its dataset among those that the run measures */
export const answersFileName = (runId: string, seed: number, head = 0) =>
  `${runId}-${seed}${head === 0 ? '' : `-${head}`}.safetensors`;

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
    /** Of further datasets that the run measures, each with a head of its own, in the run's order. */
    others: z.array(z.object({ row: resultRowSchema, answers: keptAnswersSchema })).optional(),
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
