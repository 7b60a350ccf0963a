/** A dataset as a trainer sees it: for every sample, where it stands in the shard and what it is. */
import { z } from 'zod';
import { modalitySchema } from '../data/modality.ts';
import { recordingScalesSchema } from '../data/recordings/scales.ts';
import { sampleDescriptionSchema } from '../data/sample-description.ts';
import { sampleTypeSchema } from '../data/sample-values.ts';
import { typedArray } from '../data/typed-array.ts';

/** What is asked of a dataset, wherever its shard lies. */
export const datasetContentSchema = z.object({
  name: z.string(),
  modality: modalitySchema,
  shape: z.array(z.number().int()),
  dtype: sampleTypeSchema,
  /** Byte offset of each sample in the shard; windows of a recording may overlap. */
  offsets: typedArray(Float64Array),
  /** Codes of `contract/data/splits/split.ts`. */
  splits: typedArray(Uint8Array),
  /** Class id, -1 for unlabeled; empty where the labels are no classes. */
  classIds: typedArray(Int32Array),
  /** Target numbers, NaN for unlabeled; empty where the labels are not one number. */
  numbers: typedArray(Float32Array),
  /** Of several labels or numbers: row-major [samples, names], NaN for unknown, labels 1 or 0. */
  targets: typedArray(Float32Array).optional(),
  /** What those are. */
  several: z.enum(['labels', 'numbers']).optional(),
  /** How much each sample counts, in losses and in scores, above 0; left out: all alike. */
  weights: typedArray(Float32Array).optional(),
  /** Names of classes, or of several labels or numbers. */
  classNames: z.array(z.string()),
  /** Group of each sample (subject, patient, session) by number, -1 where it has none; left out: there are none. */
  groups: typedArray(Int32Array).optional(),
  /** Recording that each sample is a part of, by number, -1 where that is not known; only where a task asks for it. */
  recordings: typedArray(Int32Array).optional(),
  /** Seconds since the first window of the recording (without a sampling rate: values); where there are recordings. */
  times: typedArray(Float32Array).optional(),
  about: sampleDescriptionSchema.optional(),
  /** Of signals that are scaled by their recordings as they are read; left out: they are taken as stored. */
  recordingScales: recordingScalesSchema.optional(),
  channelStatistics: z.object({ mean: z.array(z.number()), standardDeviation: z.array(z.number()) }),
});
export type DatasetContent = z.infer<typeof datasetContentSchema>;

/** The same with its place on this machine. */
export const datasetSelectionSchema = datasetContentSchema.extend({
  /** Absolute path of the shard. */
  shard: z.string(),
});
export type DatasetSelection = z.infer<typeof datasetSelectionSchema>;
