/**
 * What is known of the values of samples beyond their shape. It belongs to a dataset, as channel statistics do, and
 * travels with it to encoders, views and tasks.
 */
import { z } from 'zod';
import { storedColumnSchema } from './columns.ts';

export const sampleDescriptionSchema = z.object({
  /** Of signals, in the order of the channels. */
  channelNames: z.array(z.string()).optional(),
  /** Of signals: values a second. */
  samplingRate: z.number().positive().optional(),
  /** Of tables: what each number of a row is. */
  columns: z.array(storedColumnSchema).optional(),
  /** Of signals and images that were put together: some datasets lack some of the channels, which are 0 throughout there. */
  mayMiss: z.boolean().optional(),
});
export type SampleDescription = z.infer<typeof sampleDescriptionSchema>;

/** The description among the fields of a dataset. */
export function descriptionOf({
  channelNames,
  samplingRate,
  columns,
}: Omit<SampleDescription, 'mayMiss'>): SampleDescription {
  return {
    ...(channelNames && { channelNames }),
    ...(samplingRate !== undefined && { samplingRate }),
    ...(columns && { columns }),
  };
}
