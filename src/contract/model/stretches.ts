/** Stretches of recordings that each have one class, made of a model's answers for their windows. */
import { z } from 'zod';
import { numberField } from '../fields.ts';

/** How answers become stretches; `null` and defaults are what a form shows. */
export const smoothingFields = {
  everySeconds: numberField({
    title: 'A window every',
    help: 'How far apart windows begin, over the whole recording. Windows that lie over each other are averaged, so that edges are found more exactly than a window is long. Default: as in training.',
    unit: 's',
    minimum: 0,
    maximum: 86_400,
    open: true,
    optional: true,
  }),
  averageSeconds: numberField({
    title: 'Average over',
    help: 'Probabilities are averaged over so long around each moment. 0: only windows that lie over each other are.',
    unit: 's',
    minimum: 0,
    maximum: 86_400,
    default: 0,
  }),
  margin: numberField({
    title: 'A change is clear from',
    help: 'Another class takes over once its probability leads by so much, and from where it began to lead. 0: whichever is likeliest.',
    minimum: 0,
    maximum: 1,
    default: 0.1,
  }),
  minimumSeconds: numberField({
    title: 'Shortest stretch',
    help: 'What is shorter is given to the neighbour whose class is likelier there. Default: as long as a window.',
    unit: 's',
    minimum: 0,
    maximum: 86_400,
    optional: true,
  }),
};

export const smoothingSchema = z.strictObject(smoothingFields);
export type Smoothing = z.infer<typeof smoothingSchema>;

export const stretchFormatSchema = z.enum(['csv', 'edf']);
export type StretchFormat = z.infer<typeof stretchFormatSchema>;

/**
 * Where stretches go. One table of all recordings; or EDF+ files that hold annotations alone, one for each recording:
 * the file of the only one, or a folder of them.
 */
export const stretchOutputSchema = z.object({
  /** Absolute: a file that ends in .csv or .edf, or else a folder of EDF+ files. */
  to: z.string(),
  overwrite: z.boolean(),
  smoothing: smoothingSchema,
});
export type StretchOutput = z.infer<typeof stretchOutputSchema>;

export const writtenStretchesSchema = z.object({
  /** The table, or each EDF+ file. */
  files: z.array(z.string()),
  recordings: z.number().int(),
  stretches: z.number().int(),
});
export type WrittenStretches = z.infer<typeof writtenStretchesSchema>;
