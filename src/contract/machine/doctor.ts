/** What `pretext doctor` and the settings page tell about this machine. */
import { z } from 'zod';
import { failureSchema } from '../errors.ts';

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
  /** What training would run on; null where TensorFlow does not start. */
  device: z
    .object({
      kind: z.enum(['cpu', 'gpu']),
      /** As the maker calls it. */
      name: z.string(),
      tensorflow: z.string(),
      /** Whether numbers of 16 bits are quicker here. */
      mixedPrecision: z.boolean(),
    })
    .nullable(),
});
export type DoctorReport = z.infer<typeof doctorReportSchema>;

/** What the process that tries TensorFlow (src/trainer/try-tensorflow.ts) found when it started TensorFlow. */
export const tensorFlowAnswerSchema = z.discriminatedUnion('found', [
  z.object({
    found: z.literal(true),
    version: z.string(),
    device: z.enum(['cpu', 'gpu']),
    deviceNames: z.array(z.string()),
    threads: z.number().int(),
    /** Whether it computes with the program's own kernels. */
    ownKernels: z.boolean(),
    /** Whether it has instructions for numbers of 16 bits. */
    mixedPrecision: z.boolean(),
  }),
  z.object({ found: z.literal(false), failure: failureSchema }),
]);
export type TensorFlowAnswer = z.infer<typeof tensorFlowAnswerSchema>;
