/** Recordings as they stand in a dataset, and what is marked in them. */
import { z } from 'zod';
import { idSchema, splitNameSchema } from '../../entities.ts';

export const recordedMarkSchema = z.object({
  /** An event of the file, values that are missing, or a fault that was found. */
  kind: z.enum(['event', 'missing', 'flat', 'clipped', 'noisy', 'disconnected']),
  name: z.string(),
  /** Null: of all channels. */
  channel: z.string().nullable(),
  /** Rows of the recording, the end not included; an event without a duration ends where it begins. */
  start: z.number().int(),
  end: z.number().int(),
});
export type RecordedMark = z.infer<typeof recordedMarkSchema>;

/** Rows without a gap between them. */
export const recordedStretchSchema = z.object({
  start: z.number().int(),
  end: z.number().int(),
  /** Of its first row, since the recording began. */
  seconds: z.number(),
});
export type RecordedStretch = z.infer<typeof recordedStretchSchema>;

/** Where a recording lies in its shard. */
export interface RecordingPlace {
  path: string;
  /** Its first byte. */
  start: number;
  rows: number;
  /** When it began, as its file says; null where it does not. */
  begun: string | null;
  subject: string | null;
  stretches: RecordedStretch[];
  marks: RecordedMark[];
}

export const datasetRecordingSchema = z.object({
  number: z.number().int(),
  path: z.string(),
  rows: z.number().int(),
  begun: z.string().nullable(),
  subject: z.string().nullable(),
  stretches: z.array(recordedStretchSchema),
});
export type DatasetRecording = z.infer<typeof datasetRecordingSchema>;

const ofRecording = { datasetId: idSchema, recording: z.number().int().min(0) };

/** Columns of a picture: of so many rows each the smallest and the largest value. */
export const tileWishSchema = z.object({
  ...ofRecording,
  rowsPerColumn: z
    .number()
    .int()
    .min(1)
    .max(1 << 20),
  firstColumn: z.number().int().min(0),
  columns: z.number().int().min(1).max(1024),
  /** Shown through a band-pass; frequencies in Hz, 0 for none. */
  filter: z.object({ from: z.number().min(0), to: z.number().min(0) }).optional(),
  /** What channels are shown against: as stored, their average, or each its neighbour. */
  montage: z.enum(['stored', 'average', 'neighbours']).default('stored'),
});
export type TileWish = z.infer<typeof tileWishSchema>;

export const tileSchema = z.object({
  /** Base64 of float32 [columns, channels, 2], little-endian: smallest, largest; NaN beyond the end. */
  values: z.string(),
  columns: z.number().int(),
  channels: z.number().int(),
  /** So far out, neither filter nor montage can be computed while somebody waits: values are as stored. */
  isPlain: z.boolean(),
});
export type Tile = z.infer<typeof tileSchema>;

export const rowsWishSchema = z.object({
  ...ofRecording,
  from: z.number().int().min(0),
  to: z.number().int().min(0),
  limit: z.number().int().min(1).max(5000).default(2000),
});

export const recordedWindowSchema = z.object({
  /** The sample's place in the dataset. */
  index: z.number().int(),
  start: z.number().int(),
  label: z.string().nullable(),
  split: z.enum([...splitNameSchema.options, 'left-out']),
});
export type RecordedWindow = z.infer<typeof recordedWindowSchema>;

export const recordingPartSchema = z.object({
  marks: z.array(recordedMarkSchema),
  windows: z.array(recordedWindowSchema),
  /** How many there are in these rows; where they are more than asked for, every so-manieth is told. */
  markCount: z.number().int(),
  windowCount: z.number().int(),
});
export type RecordingPart = z.infer<typeof recordingPartSchema>;
