/** Where in a sample an answer comes from. */
import { z } from 'zod';
import { panelSchema } from '../data/preview.ts';
import { writtenExportSchema } from './export.ts';
import { decimalSignSchema, neighborSchema } from './prediction.ts';

export const explanationMapSchema = z.object({
  /** `grad-cam`: by the last maps of the encoder; `occlusion`: by what covering a part does to the answer. */
  method: z.enum(['grad-cam', 'occlusion']),
  /** Cells: [rows, columns] of images, [stretches] or [stretches, channels] of signals, [columns] of table rows. */
  grid: z.array(z.number().int().positive()).min(1),
  /** One for each cell, row-major: above 0 speaks for the answer, below against it. */
  values: z.array(z.number()),
});
export type ExplanationMap = z.infer<typeof explanationMapSchema>;

export const explanationSchema = z.object({
  /** The answer: calibrated probabilities, or a number. */
  values: z.array(z.number()),
  /** The class that is explained, by its place; 0 of numbers. */
  target: z.number().int(),
  maps: z.array(explanationMapSchema),
  panel: panelSchema.shape.content,
  /** Training samples that are most like it, the most alike first. */
  nearest: z.array(neighborSchema),
  /** What was written, where files were asked for. */
  written: writtenExportSchema.nullable(),
});
export type Explanation = z.infer<typeof explanationSchema>;

/** A sample in a file, by what predictions call it. */
export const explainedFileSchema = z.object({
  kind: z.literal('file'),
  source: z.string(),
  /** As the file was answered. */
  decimal: decimalSignSchema.optional(),
});

/** One sample: in a file, or by its place in a dataset. */
export const explainedSampleSchema = z.discriminatedUnion('kind', [
  explainedFileSchema,
  z.object({ kind: z.literal('dataset'), datasetId: z.string(), sample: z.number().int().min(0) }),
]);
export type ExplainedSample = z.infer<typeof explainedSampleSchema>;
