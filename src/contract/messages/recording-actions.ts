/** Actions about recordings: how they are prepared, and looking through them. */
import { z } from 'zod';
import { action } from './action.ts';
import { importSchema } from '../data/import.ts';
import { preparationPreviewSchema, previewWishSchema } from '../data/recordings/preparation-preview.ts';
import {
  datasetRecordingSchema,
  recordingPartSchema,
  rowsWishSchema,
  tileSchema,
  tileWishSchema,
} from '../data/recordings/recordings.ts';
import { idSchema } from '../entities.ts';

export const recordingActions = {
  /** A stretch of a recording as an import with these options would prepare it, step by step. */
  previewPreparation: action
    .input(
      z.object({
        path: z.string(),
        options: importSchema.omit({ path: true }).prefault({}),
        wish: previewWishSchema.prefault({}),
      }),
    )
    .output(preparationPreviewSchema),
  /** Recordings in the order of their files; none where samples are no parts of recordings. */
  recordings: action.input(z.object({ datasetId: idSchema })).output(
    z.object({
      /** Rows a second; null where that is not known. */
      rate: z.number().nullable(),
      channels: z.array(z.string()),
      recordings: z.array(datasetRecordingSchema),
    }),
  ),
  /** Columns of a picture of a recording; of older datasets the first one may take a while. */
  recordingTile: action.input(tileWishSchema).output(tileSchema),
  /** What is marked in some rows of a recording, and the windows that were cut there. */
  recordingPart: action.input(rowsWishSchema).output(recordingPartSchema),
  /** Where in which recording a sample lies. */
  sampleInRecording: action.input(z.object({ datasetId: idSchema, index: z.number().int().min(0) })).output(
    z.object({
      recording: z.number().int(),
      /** Its first row, and how many it has. */
      start: z.number().int(),
      rows: z.number().int(),
    }),
  ),
};
