/** What a study's models answered on single test samples. */
import { z } from 'zod';
import { targetSchema } from '../data/target.ts';
import { idSchema, sampleSchema } from '../entities.ts';
import { armSchema, labelBudgetSchema } from '../recipe/recipe.ts';

const page = {
  offset: z.number().int().min(0).default(0),
  limit: z.number().int().min(1).max(500).default(100),
};

export const answersWishSchema = z.object({
  studyId: idSchema,
  arm: armSchema,
  budget: labelBudgetSchema,
  /** The dataset that was tested, by the recipe's name; left out: the first. */
  dataset: z.string().optional(),
  /** One of the arm's seeds; left out: all of them, a sample counting by its mean loss. */
  seed: z.number().int().optional(),
  /** Only samples of this class, by the labels that the study used. */
  truth: z.string().optional(),
  /** Only samples that were taken for this class. */
  answer: z.string().optional(),
  /** Only samples of this group. */
  group: z.string().optional(),
  /** Of classes: which answers. Numbers are hardly ever right to the last digit, and all are shown. */
  outcome: z.enum(['wrong', 'right', 'all']).default('wrong'),
  ...page,
});
export type AnswersWish = z.infer<typeof answersWishSchema>;

export const sampleAnswerSchema = z.object({
  index: z.number().int(),
  /** By the labels that the study used. */
  truth: z.string(),
  /** What most of the seeds counted here answered; of numbers their mean. */
  answer: z.string(),
  /** The seeds whose answer is as asked for. */
  seeds: z.array(z.number().int()),
  /** Set where it is of several labels or numbers at once. */
  several: z.enum(['labels', 'numbers']).optional(),
  /** Mean probability that they gave their answer; null for all but classes. */
  probability: z.number().nullable(),
  /** Classes: mean negative log probability of the truth, in nats. Numbers: mean absolute error (of several in standard deviations). */
  loss: z.number(),
  /** The loss is at least that: the probability of the truth was not kept in those days. */
  lossIsBound: z.literal(true).optional(),
  /** The sample as it is now, whose label may have been changed since; null where the dataset is gone. */
  sample: sampleSchema.nullable(),
});
export type SampleAnswer = z.infer<typeof sampleAnswerSchema>;

/** Worst first. */
export const sampleAnswersSchema = z.object({
  total: z.number().int(),
  /** Test samples in all, of the group where one was asked for. */
  tested: z.number().int(),
  target: targetSchema,
  /** Null where the dataset is gone: nothing can be shown of its samples then. */
  datasetId: idSchema.nullable(),
  /** All seeds that there are answers of. */
  seeds: z.array(z.number().int()),
  answers: z.array(sampleAnswerSchema),
});
export type SampleAnswers = z.infer<typeof sampleAnswersSchema>;
