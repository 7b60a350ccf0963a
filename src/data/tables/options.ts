/** What readers of tables are told of columns, by their names. */
import { z } from 'zod';
import { columnKindSchema } from '../../contract/data/columns.ts';
import { choiceField, integerField, listField, recordField, textField } from '../../contract/fields.ts';

/** A kind makes a column a feature, though it looks as if it told nothing. */
const toldKindSchema = z.enum([...columnKindSchema.options, 'left-out']);

export const tableSchema = z.strictObject({
  kinds: recordField({
    title: 'Kinds of columns',
    help: 'What columns are, by name, for example age: number (number, whole-number, category, ordered-category, yes-no, date, text, left-out). Default: found; texts are left out.',
    of: toldKindSchema,
    optional: true,
  }),
  orders: recordField({
    title: 'Orders',
    help: 'Values of ordered categories by the name of the column, the lowest first, for example size: small < medium < large. Default: numbers in their order.',
    of: z.string().regex(/\S\s+<\s+\S/, { error: 'must be values with “ < ” between, the lowest first' }),
    optional: true,
  }),
  weight: textField({
    title: 'Weight',
    help: 'Column with a number that says how much each row counts, for example of a survey: in the losses of all arms, in the references and in every score. Rows without one above 0 are left out. Default: all rows count alike.',
    minimum: 1,
    optional: true,
  }),
  missingWords: listField({
    title: 'Words for missing',
    help: 'Cells that mean that nothing is known, for example -999, beside those that always do (empty, NA, N/A, NaN, null, none, ?, -, and errors of spreadsheets, as #DIV/0!).',
    of: z.string(),
    optional: true,
  }),
  knownWords: listField({
    title: 'Words that are values',
    help: 'Cells that are values, though they usually mean that nothing is known, for example none where complaints are none, mild or severe.',
    of: z.string(),
    optional: true,
  }),
  dateOrder: choiceField({
    title: 'Order of day and month',
    help: 'Whether 03/04/2024 is the third of April (day-first) or the fourth of March (month-first). Default: found where a number above 12 tells it, else asked.',
    choices: ['day-first', 'month-first'],
    optional: true,
  }),
  fewestOfCategory: integerField({
    title: 'Fewest of a category',
    unit: 'rows',
    help: 'Categories of fewer rows become one, which also stands for those that are met later.',
    minimum: 1,
    maximum: 1_000_000,
    default: 5,
    advanced: true,
  }),
  mostCategories: integerField({
    title: 'Most categories',
    help: 'Of a column with more, the most frequent are kept, and the others become one.',
    minimum: 2,
    maximum: 10_000,
    default: 200,
    advanced: true,
  }),
});
export type TableOptions = z.output<typeof tableSchema>;
export type ToldKind = z.infer<typeof toldKindSchema>;
