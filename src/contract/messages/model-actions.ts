/** Actions on kept models: what each answers, and what is made of it for elsewhere. */
import { z } from 'zod';
import { idSchema, runSchema } from '../entities.ts';
import {
  embeddingFormatSchema,
  exportFormatSchema,
  writtenEmbeddingsSchema,
  writtenExportSchema,
} from '../model/export.ts';
import { explainedSampleSchema, explanationSchema } from '../model/explanation.ts';
import { heldOutSplitSchema, makingKindSchema } from '../model/making.ts';
import { keptModelSchema } from '../model/model.ts';
import { predictionOutputSchema, predictionSourceSchema, predictionsSchema } from '../model/prediction.ts';
import { stretchOutputSchema } from '../model/stretches.ts';
import { action } from './action.ts';

const nothing = z.object({});
/** The dataset whose head is meant; needed where a model has several. */
const headSchema = z.string().optional();
/** A model is named, or told by its id or by its folder; of a checkpoint the encoder is meant. */
const weightsSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('model'), model: z.string(), head: headSchema }),
  z.object({ kind: z.literal('checkpoint'), checkpointId: idSchema }),
]);

export const modelActions = {
  /** The latest first. */
  list: action.output(z.array(keptModelSchema)),
  /** By id or name. */
  find: action.input(z.object({ model: z.string() })).output(keptModelSchema),
  /**
   * Makes a model of what a study, or one of its runs, has found: a run of its own, which is answered at once and told
   * of by events. The same wish while it is still open means that run, which goes on.
   */
  make: action
    .input(
      z.object({
        kind: makingKindSchema,
        /** Id or name of a fine-tuning run, or of a study: then of its best arm by validation scores. */
        of: z.string(),
        /** Final models: labels to train on beside those of the training split. */
        include: z.array(heldOutSplitSchema).default([]),
      }),
    )
    .output(runSchema),
  /** Moves it to the project's trash, where it stays for a month. */
  remove: action.input(z.object({ modelId: idSchema })).output(nothing),
  /** Answers when all is done, told of on the way by events of that id; ended by ending the call. */
  predict: action
    .input(
      z.object({
        id: idSchema,
        /** Id or name of a model of the project. */
        model: z.string(),
        head: headSchema,
        from: predictionSourceSchema,
        output: predictionOutputSchema.nullable().default(null),
        /** Stretches of one class in recordings, which need files. */
        stretches: stretchOutputSchema.optional(),
        /** How many answers are to come back, the first ones. */
        rows: z.number().int().min(0).max(5000).default(0),
        pictures: z.boolean().default(false),
      }),
    )
    .output(predictionsSchema),
  /** Where in a sample the model's answer comes from. */
  explain: action
    .input(
      z.object({
        model: z.string(),
        head: headSchema,
        from: explainedSampleSchema,
        /** The class to explain, by its place; left out: the likeliest. */
        target: z.number().int().min(0).optional(),
        /** A folder, absolute, that it is written into as figures and tables. */
        to: z.string().min(1).optional(),
        overwrite: z.boolean().default(false),
      }),
    )
    .output(explanationSchema),
  /**
   * Writes features of all samples of a dataset, or of files where a model says how they are prepared; `to` is an
   * absolute path. Told of on the way by events of that id; ended by ending the call.
   */
  embed: action
    .input(
      z.object({
        id: idSchema,
        source: weightsSchema,
        from: predictionSourceSchema,
        format: embeddingFormatSchema,
        to: z.string().min(1),
        overwrite: z.boolean().default(false),
      }),
    )
    .output(writtenEmbeddingsSchema),
  /**
   * Writes a kept model, or a checkpoint's encoder, for other programs. A model is named, or told by its id or by its
   * folder; `to` is an absolute path.
   */
  export: action
    .input(
      z.object({
        source: weightsSchema,
        format: exportFormatSchema,
        encoderOnly: z.boolean().default(false),
        to: z.string().min(1),
        overwrite: z.boolean().default(false),
      }),
    )
    .output(writtenExportSchema),
};
