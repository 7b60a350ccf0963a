/** What is asked of and told about labels that change after the import. */
import { z } from 'zod';
import { datasetSchema, idSchema, labelVersionSchema } from '../entities.ts';

const position = z.number().int().min(0);

export const labelWishSchema = z.object({
  datasetId: idSchema,
  changes: z
    .array(
      z.object({
        index: position,
        /** A class's name or a number, as the dataset has them; null takes the label away; left out: it stays. */
        label: z.union([z.string().trim().min(1).max(200), z.number(), z.null()]).optional(),
        /** Takes the sample out of every split, or back into its own. */
        leftOut: z.boolean().optional(),
      }),
    )
    .min(1)
    .max(500),
  /** Somebody was asked whether test samples may change: without it they are refused. */
  tests: z.boolean().default(false),
});
export type LabelWish = z.infer<typeof labelWishSchema>;

export const labelsChangedSchema = z.object({
  dataset: datasetSchema,
  /** The newest version of its labels; the one before where nothing differed. */
  version: z.number().int(),
  /** Samples that were changed, and test samples among them. */
  samples: z.number().int(),
  tests: z.number().int(),
});
export type LabelsChanged = z.infer<typeof labelsChangedSchema>;

export const labelFileSchema = z.object({
  datasetId: idSchema,
  /** Absolute path. */
  file: z.string().min(1),
});

export const labelFileReportSchema = labelsChangedSchema.extend({
  rows: z.number().int(),
  /** Rows that were not used, the first hundred of them, and how many there are. */
  bad: z.array(z.object({ row: z.number().int(), message: z.string() })),
  badCount: z.number().int(),
  /** Rows without a label. */
  blank: z.number().int(),
});
export type LabelFileReport = z.infer<typeof labelFileReportSchema>;

export const labelVersionsSchema = z.object({
  total: z.number().int(),
  /** Newest first. */
  versions: z.array(labelVersionSchema),
});
