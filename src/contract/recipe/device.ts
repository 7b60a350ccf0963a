/** The recipe's part about the machine: threads and precision. */
import { z } from 'zod';

export const precisionSchema = z.enum(['float32', 'mixed']);
export type PrecisionChoice = z.infer<typeof precisionSchema>;

export const deviceSchema = z.object({
  threads: z.number().int().min(1).max(256).optional().describe('Processor threads. Default: all cores.'),
  precision: precisionSchema
    .default('float32')
    .describe(
      'Numbers of large products: float32, or mixed (16 bits; on processors with bfloat16, and on GPUs).',
    ),
});

/** Some of it, without defaults: what is left out is decided elsewhere. */
export const deviceWishSchema = z.object({
  threads: deviceSchema.shape.threads,
  precision: precisionSchema.optional(),
});
export type DeviceWish = z.infer<typeof deviceWishSchema>;
