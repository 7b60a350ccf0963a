/** What `pretext doctor` and the settings page tell about this machine. */
import { z } from 'zod';
import { failureSchema } from './errors.ts';

export const doctorReportSchema = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      value: z.string(),
      state: z.enum(['good', 'missing', 'warning', 'information']),
      /** What a missing thing would need. */
      remedy: z.string().optional(),
    }),
  ),
});
export type DoctorReport = z.infer<typeof doctorReportSchema>;

/** What the probe process (src/trainer/probe.ts) found when it started TensorFlow. */
export const probeAnswerSchema = z.discriminatedUnion('found', [
  z.object({
    found: z.literal(true),
    version: z.string(),
    device: z.enum(['cpu', 'gpu']),
    deviceNames: z.array(z.string()),
    threads: z.number().int(),
  }),
  z.object({ found: z.literal(false), failure: failureSchema }),
]);
export type ProbeAnswer = z.infer<typeof probeAnswerSchema>;
