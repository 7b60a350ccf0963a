/** The recipe's part about the machine: threads and precision. */
import { z } from 'zod';
import { engineIdSchema } from '../elsewhere/engine.ts';
import { asField, integerField } from '../fields.ts';

export const precisionSchema = z.enum(['float32', 'mixed']);
export type PrecisionChoice = z.infer<typeof precisionSchema>;

/** Who computes the runs of a study: the queue here, or an engine that places jobs on other machines. */
export const placeOfRunsSchema = z.enum(['here', ...engineIdSchema.options]);
export type PlaceOfRuns = z.infer<typeof placeOfRunsSchema>;

export const deviceSchema = z.strictObject({
  threads: integerField({
    help: 'Processor threads. Default: all cores.',
    minimum: 1,
    maximum: 256,
    optional: true,
  }),
  processes: integerField({
    help: 'So many processes of the same machine compute each step of pretraining together, each a part of the batch: for several graphics processors, or nodes of a processor. They speak over ports of this machine that anybody who reaches it could use, so only where the network is trusted. Default: one, which opens none.',
    minimum: 1,
    maximum: 64,
    optional: true,
    advanced: true,
  }),
  precision: asField(precisionSchema, {
    help: 'Numbers of large products: float32, or mixed (16 bits; on processors with bfloat16, and on GPUs).',
    default: 'float32',
  }),
  on: asField(placeOfRunsSchema, {
    help: 'Who computes: here, or as jobs of a Slurm cluster or of computers by ssh. Elsewhere, runs wait until they are packed.',
    optional: true,
  }),
});

/** Some of it, without defaults: what is left out is decided elsewhere. */
export const deviceWishSchema = z.strictObject({
  threads: deviceSchema.shape.threads,
  processes: deviceSchema.shape.processes,
  precision: precisionSchema.optional(),
  on: placeOfRunsSchema.optional(),
});
export type DeviceWish = z.infer<typeof deviceWishSchema>;
