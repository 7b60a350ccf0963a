/**
 * What a run saw of a dataset: samples and groups of each part, counted from what it was given when it began. It is the
 * proof that nobody who is tested was trained on; of pretraining too.
 */
import { z } from 'zod';
import { SPLIT_NAMES } from './split.ts';

const seenPartSchema = z.object({
  samples: z.number().int(),
  /** Groups with samples in it. */
  groups: z.number().int(),
  /** Names of the groups; left out where they would be too many. */
  names: z.array(z.string()).optional(),
  /** SHA-256 of the places of its samples in the dataset (int32, little-endian, ascending). */
  sha256: z.string(),
});

export const seenPartsSchema = z.object({
  dataset: z.string(),
  datasetId: z.string(),
  /** What groups are; null where samples belong to none. */
  by: z.string().nullable(),
  parts: z.record(z.enum(SPLIT_NAMES), seenPartSchema),
  /** Groups that stand in more than one of training, validation and test data: 0 for a sound split. */
  parted: z.number().int(),
});
export type SeenParts = z.infer<typeof seenPartsSchema>;
