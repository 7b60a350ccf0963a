/** What a model answered for samples, as processes tell it to each other and the window shows it. */
import { z } from 'zod';
import { LABEL_THRESHOLD } from '../data/target.ts';
import { importIssueSchema } from '../entities.ts';
import { panelSchema } from '../data/preview.ts';
import type { Model } from './model.ts';
import { writtenStretchesSchema } from './stretches.ts';

export const predictionFormatSchema = z.enum(['csv', 'jsonl', 'parquet']);
export type PredictionFormat = z.infer<typeof predictionFormatSchema>;

/** A training sample that a new one is like. */
export const neighborSchema = z.object({
  /** Its place in the dataset that the model was trained on. */
  sample: z.number().int(),
  /** Class name or number; null where it has none. */
  label: z.union([z.string(), z.number()]).nullable(),
  /** Cosine of the features, 1 for the very same. */
  likeness: z.number(),
});
export type Neighbor = z.infer<typeof neighborSchema>;

export const predictionSchema = z.object({
  /** The file, with its row where one file holds many; or what a dataset knows the sample by. */
  source: z.string(),
  /** Its place in the dataset that was asked about; null for files. */
  sample: z.number().int().nullable(),
  /** Windows of recordings: seconds from its beginning. */
  startSeconds: z.number().nullable(),
  /** Windows of recordings in files: which one it is of. */
  recording: z.string().optional(),
  /** Calibrated probabilities in the order of the model's classes or labels; or its numbers, each in its own unit. */
  values: z.array(z.number()),
  /** 0 to 100: above 99 it is less like the training data than 99 of 100 of those are; null where it is not known. */
  percentile: z.number().nullable(),
  /** The most alike first. */
  nearest: z.array(neighborSchema),
  /** What a person sees of it, where pictures were asked for. */
  panel: panelSchema.shape.content.optional(),
});
export type Prediction = z.infer<typeof predictionSchema>;

export const predictionsSchema = z.object({
  samples: z.number().int(),
  /** The first of them, as many as were asked for. */
  rows: z.array(predictionSchema),
  leftOut: z.number().int(),
  /** The first of what was left out or is worth knowing. */
  issues: z.array(importIssueSchema),
  seconds: z.number(),
  /** Where they were written, and what was left out of them beside; null where none was asked for, or nothing was. */
  file: z.string().nullable(),
  leftOutFile: z.string().nullable(),
  /** Null where none were asked for. */
  stretches: writtenStretchesSchema.nullable(),
});
export type Predictions = z.infer<typeof predictionsSchema>;

/** A number with the interval around it, where one is known. */
export interface ReadNumber {
  number: number;
  low: number | null;
  high: number | null;
  level: number | null;
}

/**
 * An answer in words: the likeliest class and the next; the number with its interval; the labels that are likelier there
 * than not, with the probability of each; or several numbers.
 */
export type ReadAnswer =
  | {
      kind: 'classes';
      label: string;
      probability: number;
      second: string | null;
      secondProbability: number | null;
    }
  | ({ kind: 'number' } & ReadNumber)
  | { kind: 'labels'; labels: { name: string; probability: number; isThere: boolean }[] }
  | { kind: 'numbers'; numbers: ({ name: string } & ReadNumber)[] };

/** What each of a model's answers is called, in their order; none where it answers one number. */
export function headNames(head: Model['head']): readonly string[] {
  if (head.kind === 'number') return [];
  return head.kind === 'classes' ? head.classNames : head.names;
}

export function readAnswer(
  { head, intervals }: Pick<Model, 'head' | 'intervals'>,
  values: ArrayLike<number>,
): ReadAnswer {
  if (head.kind === 'number') return { kind: 'number', ...readNumber(values[0]!, intervals[0]) };
  if (head.kind === 'numbers')
    return {
      kind: 'numbers',
      numbers: head.names.map((name, place) => ({
        name,
        ...readNumber(
          values[place]!,
          intervals.find(({ target }) => target === place),
        ),
      })),
    };
  if (head.kind === 'labels')
    return {
      kind: 'labels',
      labels: head.names.map((name, place) => ({
        name,
        probability: values[place]!,
        isThere: values[place]! >= LABEL_THRESHOLD,
      })),
    };
  let [best, second] = [0, -1];
  for (let id = 1; id < values.length; id++) {
    if (values[id]! > values[best]!) [best, second] = [id, best];
    else if (second < 0 || values[id]! > values[second]!) second = id;
  }
  return {
    kind: 'classes',
    label: head.classNames[best]!,
    probability: values[best]!,
    second: second < 0 ? null : head.classNames[second]!,
    secondProbability: second < 0 ? null : values[second]!,
  };
}

function readNumber(number: number, interval: Model['intervals'][number] | undefined): ReadNumber {
  if (!interval) return { number, low: null, high: null, level: null };
  const { level, halfWidth } = interval;
  return { number, low: number - halfWidth, high: number + halfWidth, level };
}

/** How numbers in text are written, where that could be read in two ways. */
export const decimalSignSchema = z.enum(['point', 'comma']);
export type DecimalSign = z.infer<typeof decimalSignSchema>;

/** Files and folders, absolute. */
export const predictedFilesSchema = z.object({
  kind: z.literal('files'),
  paths: z.array(z.string()).min(1),
  /** Decimal sign of these files; left out: as in the import of the training data. */
  decimal: decimalSignSchema.optional(),
});

/** Where samples to answer come from, as a person names them. */
export const predictionSourceSchema = z.discriminatedUnion('kind', [
  predictedFilesSchema,
  z.object({ kind: z.literal('dataset'), datasetId: z.string() }),
]);
export type PredictionSource = z.infer<typeof predictionSourceSchema>;

export const predictionOutputSchema = z.object({
  /** Absolute. */
  file: z.string(),
  format: predictionFormatSchema,
  overwrite: z.boolean(),
  /** The features as well. */
  embeddings: z.boolean(),
});
export type PredictionOutput = z.infer<typeof predictionOutputSchema>;
