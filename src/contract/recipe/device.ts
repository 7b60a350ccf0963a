/** The recipe's part about the machine: threads and precision. */
import { z } from 'zod';
import { asField, integerField } from '../fields.ts';

export const precisionSchema = z.enum(['float32', 'mixed']);
export type PrecisionChoice = z.infer<typeof precisionSchema>;

export const deviceSchema = z.object({
  threads: integerField({
    help: 'Processor threads. Default: all cores.',
    minimum: 1,
    maximum: 256,
    optional: true,
  }),
  precision: asField(precisionSchema, {
    help: 'Numbers of large products: float32, or mixed (16 bits; on processors with bfloat16, and on GPUs).',
    default: 'float32',
  }),
});

/** Some of it, without defaults: what is left out is decided elsewhere. */
export const deviceWishSchema = z.object({
  threads: deviceSchema.shape.threads,
  precision: precisionSchema.optional(),
});
export type DeviceWish = z.infer<typeof deviceWishSchema>;
