/** The rule by which samples are divided into training, validation and test data. */
import { z } from 'zod';

/** Without a default of its own: a dataset that an earlier version split is still split as its options say. */
const copies = z
  .enum(['auto', 'together', 'apart'])
  .optional()
  .describe(
    'What is drawn at random keeps samples together that are copies of each other, or nearly so. Auto: unless there are groups, which stay as they are; together: groups that share a copy are joined.',
  )
  .meta({ default: 'auto' });

export const splitSchema = z
  .discriminatedUnion('by', [
    z.object({
      by: z.literal('folder').describe('Top folders named train, validation (or val) and test decide.'),
      copies,
    }),
    z.object({
      by: z
        .literal('column')
        .describe('Values of one column decide, for example session 3 is the test split.'),
      column: z.string().describe('The column (from the path pattern or the label file).'),
      validation: z.array(z.string()).default([]).describe('Values that go to validation.'),
      test: z.array(z.string()).default([]).describe('Values that go to test; all others are training data.'),
      copies,
    }),
    z.object({
      by: z.literal('random').describe('Drawn at random, stratified by label, groups never parted.'),
      validation: z
        .number()
        .min(0)
        .max(0.9)
        .default(0.15)
        .describe('Share of labeled samples for validation.'),
      test: z.number().min(0).max(0.9).default(0.2).describe('Share of labeled samples for test.'),
      seed: z.number().int().min(0).default(1).describe('Seed of the draw.'),
      copies,
    }),
  ])
  .describe('How samples are divided into training, validation and test.');
export type SplitRule = z.infer<typeof splitSchema>;
