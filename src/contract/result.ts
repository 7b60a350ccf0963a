/** The document that `study run --json` prints and the comparison page draws. Later versions add fields and change none. */
import { z } from 'zod';
import { armSchema, metricNameSchema } from './recipe.ts';

export const resultRowSchema = z.object({
  arm: armSchema,
  dataset: z.string(),
  /** Labels used in training, in all. */
  labels: z.number().int(),
  labelsPerClass: z.number().int().nullable(),
  seed: z.number().int(),
  metric: metricNameSchema,
  test: z.number(),
  validation: z.number(),
  train: z.number(),
  /** All metrics on test data by name, for the tables. */
  testMetrics: z.record(z.string(), z.number()).optional(),
  /** Rows: true class, columns: predicted class; test data. Absent for regression. */
  confusion: z.array(z.array(z.number().int())).optional(),
  perClass: z
    .array(
      z.object({
        name: z.string(),
        support: z.number().int(),
        precision: z.number(),
        recall: z.number(),
        f1: z.number(),
      }),
    )
    .optional(),
  /** Learning curve of fine-tuning: validation and train score by step. */
  curve: z
    .array(z.object({ step: z.number().int(), train: z.number(), validation: z.number(), loss: z.number() }))
    .optional(),
});
export type ResultRow = z.infer<typeof resultRowSchema>;

export const armSummarySchema = z.object({
  mean: z.number(),
  /** Sample standard deviation over seeds. */
  sd: z.number(),
  n: z.number().int(),
  /** Mean of train score minus test score. */
  overfitGap: z.number(),
});

export const summaryRowSchema = z.object({
  dataset: z.string(),
  labels: z.number().int(),
  labelsPerClass: z.number().int().nullable().optional(),
  metric: metricNameSchema,
  arms: z.partialRecord(armSchema, armSummarySchema),
  /** Paired over seeds, 95 % interval from Student's t; null with fewer than two seeds or without both arms. */
  difference: z
    .object({ of: z.tuple([armSchema, armSchema]), mean: z.number(), low: z.number(), high: z.number() })
    .nullable(),
});
export type SummaryRow = z.infer<typeof summaryRowSchema>;

export const splitSummarySchema = z.object({
  /** folder, column NAME, random, group COLUMN. */
  by: z.string(),
  train: z.number().int(),
  validation: z.number().int(),
  test: z.number().int(),
  /** No sample and no group stands in two splits; checked, not assumed. */
  disjoint: z.literal(true),
});

export const studyResultSchema = z.object({
  study: z.string(),
  project: z.string(),
  runs: z.array(z.string()),
  results: z.array(resultRowSchema),
  summary: z.array(summaryRowSchema),
  seconds: z.number(),
  split: splitSummarySchema,
  /** Pretraining saw validation and test samples. */
  transductive: z.boolean().optional(),
});
export type StudyResult = z.infer<typeof studyResultSchema>;
