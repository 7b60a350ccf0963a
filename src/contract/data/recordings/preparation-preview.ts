/** A stretch of a person's own recording, as it was recorded and after each step of its preparation. */
import { z } from 'zod';

const tracedChannelSchema = z.object({
  name: z.string(),
  /** Thinned so that every peak is kept; null between windows that stand by themselves. */
  values: z.array(z.number().nullable()),
  /** Of all values of the stretch that is shown. */
  smallest: z.number(),
  largest: z.number(),
  deviation: z.number(),
});
export type TracedChannel = z.infer<typeof tracedChannelSchema>;

export const preparationPreviewSchema = z.object({
  /** The recording that is shown, and others that could be. */
  file: z.string(),
  files: z.array(z.string()),
  /** Rows a second as they are stored; null where nothing says it: seconds are rows then. */
  rate: z.number().nullable(),
  /** The stretch that is shown, in seconds since the recording began; gaps are no part of one. */
  from: z.number(),
  seconds: z.number(),
  /** Where the recording's last row lies. */
  end: z.number(),
  /** Seconds around the stretch that the steps went over, where the recording is too large to go over it as a whole. */
  partOf: z.number().nullable(),
  /** As recorded first, then after each step. */
  stages: z.array(
    z.object({
      /** What was done; null as recorded. */
      words: z.string().nullable(),
      why: z.string().nullable(),
      channelCount: z.number().int(),
      channels: z.array(tracedChannelSchema),
    }),
  ),
});
export type PreparationPreview = z.infer<typeof preparationPreviewSchema>;

/** What is to be shown. */
export const previewWishSchema = z.object({
  /** Path of a recording within the import. Left out: the first that can be read. */
  file: z.string().optional(),
  /** Seconds since the recording began; left out: its middle. */
  from: z.number().min(0).optional(),
  seconds: z.number().positive().max(3600).default(10),
  firstChannel: z.number().int().min(0).default(0),
  channels: z.number().int().min(1).max(256).default(8),
  /** Values of a trace at most. */
  points: z.number().int().min(2).max(100_000).default(800),
});
export type PreviewWish = z.infer<typeof previewWishSchema>;
