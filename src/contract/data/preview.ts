/** What a pretext task makes of the user's own samples, for the live preview. */
import { z } from 'zod';

/** One picture or one multi-channel trace, raw: from the process that runs TensorFlow to the service. */
export const rawPanelSchema = z.object({
  title: z.string(),
  /** What this panel is to the task. */
  role: z.enum(['input', 'view', 'target', 'prediction']),
  /** [height, width, channels] or [length, channels]. */
  shape: z.array(z.number().int()),
  /** Pixels 0 to 255, or signal values in stored units; row-major. */
  values: z.instanceof(Float32Array),
});
export type RawPanel = z.infer<typeof rawPanelSchema>;

export const rawPreviewItemSchema = z.object({
  sampleIndex: z.number().int(),
  /** The pseudo-label in words: "turned by 90°", "same sample, other view". */
  pseudoLabel: z.string(),
  panels: z.array(rawPanelSchema),
});
export type RawPreviewItem = z.infer<typeof rawPreviewItemSchema>;

/** The same for the window: pictures as PNG data addresses, traces as one array of numbers a channel. */
export const panelSchema = z.object({
  title: z.string(),
  role: z.enum(['input', 'view', 'target', 'prediction']),
  content: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('image'), width: z.number(), height: z.number(), png: z.string() }),
    /** Cells of a row by the names of their columns; no text where nothing is known. */
    z.object({
      kind: z.literal('row'),
      cells: z.array(z.object({ name: z.string(), text: z.string().nullable() })),
    }),
    z.object({ kind: z.literal('signal'), channels: z.array(z.array(z.number())) }),
  ]),
});
export type Panel = z.infer<typeof panelSchema>;
export const previewItemSchema = z.object({
  sampleIndex: z.number().int(),
  pseudoLabel: z.string(),
  panels: z.array(panelSchema),
});
export type PreviewItem = z.infer<typeof previewItemSchema>;
