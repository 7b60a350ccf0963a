/** Rows of a table dataset in an order, with filters: what is asked for, and what is answered. */
import { z } from 'zod';
import { sampleSchema, splitNameSchema } from '../entities.ts';

/** Rows whose value lies between two numbers, both included, or is one of some categories. */
export const rowFilterSchema = z.object({
  /** Of the stored columns, by its name. */
  column: z.string(),
  from: z.number().optional(),
  to: z.number().optional(),
  categories: z.array(z.string()).optional(),
  /** Rows in which nothing is known of it, in place of those that fit. */
  missing: z.boolean().optional(),
});
export type RowFilter = z.infer<typeof rowFilterSchema>;

export const rowsWishSchema = z.object({
  datasetId: z.string(),
  split: splitNameSchema.optional(),
  /** Left out: as they were imported. Rows in which it is not known come last either way. */
  sort: z.object({ column: z.string(), descending: z.boolean().default(false) }).optional(),
  filters: z.array(rowFilterSchema).max(20).default([]),
  offset: z.number().int().min(0).default(0),
  limit: z.number().int().min(1).max(500).default(100),
});
export type RowsWish = z.input<typeof rowsWishSchema>;

export const tableRowSchema = z.object({
  sample: sampleSchema,
  /** In the order of the dataset's columns, in the person's own words; null where nothing is known. */
  cells: z.array(z.string().nullable()),
});
export type TableRow = z.infer<typeof tableRowSchema>;

export const rowsPageSchema = z.object({ total: z.number().int(), rows: z.array(tableRowSchema) });

/** How the numbers of a column lie, and how much it has to do with the target: over training rows in which both are known. */
export const columnRelationSchema = z.object({
  rows: z.number().int(),
  /** Null where there are too few rows, or one side never changes. */
  relation: z
    .object({ measure: z.enum(['correlation-ratio', 'cramers-v', 'correlation']), value: z.number() })
    .nullable(),
  /** Of the column in parts and the classes; null for targets that are numbers. */
  mutualInformationBits: z.number().nullable(),
  /** Training rows, labeled or not, in each stretch of a column of numbers (`endsOfStretches`); null for categories. */
  stretches: z.array(z.number().int()).nullable(),
});
export type ColumnRelation = z.infer<typeof columnRelationSchema>;
