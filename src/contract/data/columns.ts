/**
 * Columns of tables: what a person says that they are, and how they lie in stored rows.
 *
 * A column of a file has a kind (what its values are) and a use (what it is there for). Columns that are used as
 * features become stored columns: a row is one float32 [D], numbers as they are, categories as codes, NaN where nothing
 * is known. A date becomes several stored columns, one for each part.
 */
import { z } from 'zod';

/** What the values of a column of a file are. */
export const columnKindSchema = z.enum([
  'number',
  'whole-number',
  'category',
  'ordered-category',
  'yes-no',
  'date',
  'text',
]);
export type ColumnKind = z.infer<typeof columnKindSchema>;

/** What a column of a file is there for; an identifier, or a text that says nothing to a model, is left out. */
export const columnUseSchema = z.enum(['feature', 'target', 'group', 'split', 'weight', 'left-out']);
export type ColumnUse = z.infer<typeof columnUseSchema>;

/** A column of a file as it was understood, and why; a person may change kind and use before anything is stored. */
export const columnPlanSchema = z.object({
  name: z.string().min(1),
  kind: columnKindSchema,
  use: columnUseSchema,
  /** Why it was understood so, in a sentence; “as told” where a person said it. */
  reason: z.string(),
  unit: z.string().optional(),
  /** Values of an ordered category, the lowest first. */
  order: z.array(z.string()).optional(),
});
export type ColumnPlan = z.infer<typeof columnPlanSchema>;

/** The parts of a date and time, and between which numbers each lies. */
export const DATE_PARTS = {
  year: null,
  month: [1, 12],
  day: [1, 31],
  /** Monday is 1. */
  weekday: [1, 7],
  hour: [0, 23],
  minute: [0, 59],
  /** Since 1970-01-01, in days: what orders moments as a whole. */
  days: null,
} as const satisfies Record<string, readonly [number, number] | null>;
export const datePartSchema = z.enum(Object.keys(DATE_PARTS) as [DatePart, ...DatePart[]]);
export type DatePart = keyof typeof DATE_PARTS;

const stored = {
  /** Unique in a row: the file's own, or “admitted, weekday”. */
  name: z.string().min(1),
  /** The column of the file and the part of it, where it was made of a date. */
  madeOf: z
    .object({
      column: z.string(),
      part: datePartSchema,
      /** Which number is the day, where dates are written in numbers before the year. */
      order: z.enum(['day-first', 'month-first']).optional(),
    })
    .optional(),
  /** Training rows in which it is not known, as a share. */
  missing: z.number().min(0).max(1),
};

/** Numbers lie in a row as they are; `quantiles` from the least to the greatest value of training rows, evenly spaced. */
export const numberColumnSchema = z.object({
  ...stored,
  kind: z.enum(['number', 'whole-number']),
  unit: z.string().optional(),
  /** Of the values that are known in training rows. */
  mean: z.number(),
  standardDeviation: z.number().min(0),
  /** At least two, ascending; equal ones where many rows have the same value. */
  quantiles: z.array(z.number()).min(2),
});
export type NumberColumn = z.infer<typeof numberColumnSchema>;

/** Of categories the code lies in a row: the place in `categories`. */
export const categoryColumnSchema = z.object({
  ...stored,
  /** The codes of an ordered category rise with it; those of yes-no are no, then yes. */
  kind: z.enum(['category', 'ordered-category', 'yes-no']),
  categories: z.array(z.string()).min(1),
  /** The last category stands for all rare ones, and for those that come later. */
  othersLast: z.boolean().optional(),
  /** Training rows of each category. */
  counts: z.array(z.number().int().min(0)),
});
export type CategoryColumn = z.infer<typeof categoryColumnSchema>;

/**
 * Mean and deviation of each column, by which rows are normalised. Codes of categories are no quantities: they have
 * neither, and stay as they are.
 */
export function statisticsOfColumns(columns: readonly StoredColumn[]): {
  mean: number[];
  standardDeviation: number[];
} {
  return {
    mean: columns.map((column) => (isCategory(column) ? 0 : column.mean)),
    standardDeviation: columns.map((column) => (isCategory(column) ? 0 : column.standardDeviation)),
  };
}

/** One number of a stored row. */
export const storedColumnSchema = z.discriminatedUnion('kind', [numberColumnSchema, categoryColumnSchema]);
export type StoredColumn = z.infer<typeof storedColumnSchema>;

/** What a reader says of a stored column: all but what is measured on training rows, once they are split. */
export type ColumnOutline =
  | Omit<NumberColumn, 'missing' | 'mean' | 'standardDeviation' | 'quantiles'>
  | Omit<CategoryColumn, 'missing' | 'counts'>;

export const isCategory = <Column extends StoredColumn | ColumnOutline>(
  column: Column,
): column is Extract<Column, { categories: string[] }> => 'categories' in column;

const STRETCHES = 10;

/** Where stretches of one length begin and end, between the least and the greatest value; one stretch where they are the same. */
export function endsOfStretches(quantiles: readonly number[]): number[] {
  const [least, greatest] = [quantiles[0]!, quantiles.at(-1)!];
  if (least === greatest) return [least, greatest];
  return Array.from({ length: STRETCHES + 1 }, (_, at) => least + ((greatest - least) * at) / STRETCHES);
}

/** A value of a row in the person's own words; null where it is not known. */
export function valueWords(column: StoredColumn, value: number): string | null {
  if (Number.isNaN(value)) return null;
  if (isCategory(column)) return column.categories[Math.round(value)] ?? null;
  const number = column.kind === 'whole-number' ? Math.round(value) : Number(value.toPrecision(6));
  const grouped =
    column.madeOf === undefined ? number.toLocaleString('en', { maximumFractionDigits: 6 }) : String(number);
  return column.unit === undefined ? grouped : `${grouped} ${column.unit}`;
}
