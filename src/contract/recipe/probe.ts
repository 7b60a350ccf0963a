/** Probes of frozen features: what is asked of them, and what they answer. */
import { z } from 'zod';

export const probeKindSchema = z.enum(['linear', 'knn']);
export type ProbeKind = z.infer<typeof probeKindSchema>;

/** The curve that a probe writes. */
export const PROBE_CURVES = { knn: 'knnAccuracy', linear: 'linearAccuracy' } as const satisfies Record<
  ProbeKind,
  string
>;

/**
 * A probe's score on resamples of the validation samples it was asked for. The resamples are the same for every
 * run on the same data, so that two runs can be compared resample by resample.
 */
export const probeResamplesSchema = z.object({ probe: probeKindSchema, scores: z.array(z.number()) });
export type ProbeResamples = z.infer<typeof probeResamplesSchema>;
