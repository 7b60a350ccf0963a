import type { Source, TogetherRequest } from '../../../../../src/data/together/request.ts';
import { togetherSchema } from '../../../../../src/contract/recipe/together.ts';
import type { z } from 'zod';

/** A dataset of signals: windows of one second at 100 Hz, unless it is told otherwise. */
export function source(name: string, channelNames: string[] | null, changes: Partial<Source> = {}): Source {
  const channels = channelNames?.length ?? changes.shape?.[1] ?? 1;
  return {
    name,
    modality: 'signal',
    shape: [100, channels],
    dtype: 'float32',
    samplingRate: 100,
    ...(channelNames && { channelNames }),
    channelStatistics: {
      mean: Array.from({ length: channels }, (_, at) => at),
      standardDeviation: Array.from({ length: channels }, (_, at) => 2 * (at + 1)),
    },
    ...changes,
  };
}

export const request = (sources: Source[], wishes: z.input<typeof togetherSchema> = {}): TogetherRequest => ({
  sources,
  like: sources[0]!,
  shape: sources[0]!.shape,
  wishes: togetherSchema.parse(wishes),
});
