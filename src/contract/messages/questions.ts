/**
 * Questions to a warm trainer: what needs TensorFlow and no run. A kind is an entry here, of what is asked and of what
 * is answered; both ends are typed by it, and it is checked where it enters a process. `trainer.ts` carries the messages.
 */
import { z } from 'zod';
import { typedArray } from '../data/typed-array.ts';
import { rawPreviewItemSchema } from '../data/preview.ts';
import { modalitySchema } from '../data/modality.ts';
import { targetSchema } from '../data/target.ts';
import {
  embeddingFormatSchema,
  exportFormatSchema,
  writtenEmbeddingsSchema,
  writtenExportSchema,
} from '../model/export.ts';
import { explainedFileSchema, explanationSchema } from '../model/explanation.ts';
import { memoryNeedSchema } from '../machine/memory.ts';
import { predictedFilesSchema, predictionOutputSchema, predictionsSchema } from '../model/prediction.ts';
import { stretchOutputSchema } from '../model/stretches.ts';
import { precisionSchema } from '../recipe/device.ts';
import { encoderSchema, finetuneSchema, pretextSchema } from '../recipe/recipe.ts';
import { sampleDescriptionSchema } from '../data/sample-description.ts';
import { datasetSelectionSchema } from './dataset-selection.ts';

/** The dataset whose head is meant; needed where a model has several. */
const headSchema = z.string().optional();

/** What a task makes of a few samples. */
const preview = {
  question: z.object({
    modality: modalitySchema,
    inputShape: z.array(z.number().int()),
    task: z.string(),
    options: z.record(z.string(), z.unknown()),
    encoder: encoderSchema.optional(),
    seed: z.number().int(),
    /** Samples of the whole dataset, which some tasks propose their options by. */
    sampleCount: z.number().int(),
    /** The samples to show, behind them the companions that were drawn for each, and no others. */
    dataset: datasetSelectionSchema,
    /** Of tasks that ask for companions: whether each was there, row-major [samples, companions]. */
    found: typedArray(Float32Array).optional(),
    /** Their places in the whole dataset. */
    indices: z.array(z.number().int()),
  }),
  value: z.array(rawPreviewItemSchema),
};

/** How much memory runs would take, from their graphs alone. */
const learned = {
  target: targetSchema,
  /** Classes, or several labels or numbers. */
  names: z.number().int(),
  /** Of the largest budget. */
  labels: z.number().int(),
};

const estimate = {
  question: z.object({
    modality: modalitySchema,
    inputShape: z.array(z.number().int()),
    dtype: datasetSelectionSchema.shape.dtype,
    about: sampleDescriptionSchema.optional(),
    encoder: encoderSchema,
    precision: precisionSchema,
    /** Null where nothing is pretrained. */
    pretext: z.object({ config: pretextSchema, samples: z.number().int() }).nullable(),
    finetune: z
      .object({
        config: finetuneSchema,
        ...learned,
        /** Other datasets whose heads are trained in the same steps. */
        others: z.array(z.object({ name: z.string(), ...learned })).optional(),
      })
      .nullable(),
  }),
  /** No needs: on a GPU, whose memory is its own. */
  value: z.array(memoryNeedSchema),
};

const weightSourceSchema = z.discriminatedUnion('kind', [
  /** The folder of a kept model. */
  z.object({ kind: z.literal('model'), folder: z.string(), head: headSchema }),
  /** A checkpoint, whose encoder is taken; the name stands in what is written. */
  z.object({ kind: z.literal('checkpoint'), file: z.string(), sha256: z.string(), name: z.string() }),
]);

/** Writes a model for other programs. */
const exporting = {
  question: z.object({
    source: weightSourceSchema,
    format: exportFormatSchema,
    encoderOnly: z.boolean(),
    /** Absolute; made if it is not there. */
    folder: z.string(),
    /** Files of the same names may be written over. */
    overwrite: z.boolean(),
    /** Version of the program, for what is written. */
    program: z.string(),
  }),
  value: writtenExportSchema,
};

/** Writes features of samples to a file. */
const embed = {
  question: z.object({
    source: weightSourceSchema,
    from: z.discriminatedUnion('kind', [
      /** In the encoder's input shape, with what each sample is known by. */
      z.object({ kind: z.literal('dataset'), dataset: datasetSelectionSchema, sources: z.array(z.string()) }),
      /** Prepared as a kept model's training data were: of a checkpoint nobody knows. */
      predictedFilesSchema,
    ]),
    format: embeddingFormatSchema,
    /** Absolute. */
    file: z.string(),
    overwrite: z.boolean(),
  }),
  value: writtenEmbeddingsSchema,
};

/** What a kept model answers for samples of a dataset, or in files: shown, or written to a file. */
const predict = {
  question: z.object({
    /** The model's folder, absolute. */
    model: z.string(),
    head: headSchema,
    from: z.discriminatedUnion('kind', [
      /** Files and folders, absolute. */
      predictedFilesSchema,
      /** In the model's input shape. */
      z.object({ kind: z.literal('dataset'), dataset: datasetSelectionSchema, sources: z.array(z.string()) }),
    ]),
    output: predictionOutputSchema.nullable(),
    /** Windows over all of each recording are answered, and made into stretches; needs files. */
    stretches: stretchOutputSchema.optional(),
    /** How many rows are to come back. */
    rows: z.number().int().min(0).max(5000),
    /** With a picture of each of them. */
    pictures: z.boolean(),
  }),
  value: predictionsSchema,
};

/** Why a kept model answers as it does for one sample. */
const explain = {
  question: z.object({
    /** The model's folder, absolute. */
    model: z.string(),
    head: headSchema,
    from: z.discriminatedUnion('kind', [
      explainedFileSchema,
      /** This sample alone, in the model's input shape. */
      z.object({ kind: z.literal('dataset'), dataset: datasetSelectionSchema }),
    ]),
    /** The class to explain, by its place; null: the likeliest. */
    target: z.number().int().min(0).nullable(),
    /** Writes it as files into a new folder; they call the sample by its source. */
    output: z.object({ folder: z.string(), overwrite: z.boolean(), source: z.string() }).optional(),
    /** What the model was trained on, in its input shape, for pictures of the nearest samples in these files. */
    training: datasetSelectionSchema.optional(),
  }),
  value: explanationSchema,
};

export const QUESTIONS = { preview, estimate, export: exporting, embed, predict, explain } satisfies Record<
  string,
  { question: z.ZodType; value: z.ZodType }
>;

export type QuestionKind = keyof typeof QUESTIONS;
export type Question<Kind extends QuestionKind> = z.infer<(typeof QUESTIONS)[Kind]['question']>;
export type Answer<Kind extends QuestionKind> = z.infer<(typeof QUESTIONS)[Kind]['value']>;

export const isQuestionKind = (kind: string): kind is QuestionKind => Object.hasOwn(QUESTIONS, kind);
