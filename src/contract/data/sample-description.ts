/**
 * What is known of the values of samples beyond their shape. It belongs to a dataset, as channel statistics do, and
 * travels with it to encoders, views and tasks.
 */
import { z } from 'zod';
import { storedColumnSchema } from './columns.ts';
import { SIGNAL_KINDS, signalKindSchema, type SignalKindFacts } from './recordings/signal-kinds.ts';

export const sampleDescriptionSchema = z.object({
  /** Of signals, in the order of the channels. */
  channelNames: z.array(z.string()).optional(),
  /** Of signals: values a second. */
  samplingRate: z.number().positive().optional(),
  /** Of signals: what they are of, each kind once, where datasets of several are learned from together. */
  signalKinds: z.array(signalKindSchema).optional(),
  /** Of tables: what each number of a row is. */
  columns: z.array(storedColumnSchema).optional(),
  /** Of signals and images that were put together: some datasets lack some of the channels, which are 0 throughout there. */
  mayMiss: z.boolean().optional(),
});
export type SampleDescription = z.infer<typeof sampleDescriptionSchema>;

/** What the signals of several datasets are of, each kind once, in an order that does not depend on theirs. */
export function kindsAmong(
  datasets: readonly { signalKind?: Pick<SignalKindFacts, 'kind'> | undefined }[],
): Pick<SampleDescription, 'signalKinds'> {
  const found = new Set(datasets.flatMap(({ signalKind }) => signalKind?.kind ?? []));
  return found.size > 0 ? { signalKinds: SIGNAL_KINDS.filter((kind) => found.has(kind)) } : {};
}

/** The description among the fields of a dataset. */
export function descriptionOf({
  channelNames,
  samplingRate,
  signalKind,
  columns,
}: Pick<SampleDescription, 'channelNames' | 'samplingRate' | 'columns'> & {
  signalKind?: Pick<SignalKindFacts, 'kind'> | undefined;
}): SampleDescription {
  return {
    ...(channelNames && { channelNames }),
    ...(samplingRate !== undefined && { samplingRate }),
    ...(signalKind && { signalKinds: [signalKind.kind] }),
    ...(columns && { columns }),
  };
}
