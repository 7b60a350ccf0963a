/** How every recording of a dataset is brought to one scale by itself, where samples are read. */
import { z } from 'zod';
import { typedArray } from '../typed-array.ts';

/** Of recordings that lie one behind the other in a shard: what is subtracted from their values, and divided by. */
export const recordingScalesSchema = z.object({
  /** First byte of each recording, ascending. */
  starts: typedArray(Float64Array),
  /** Row-major [recordings, channels], in stored units. */
  means: typedArray(Float64Array),
  /** Alike; 1 for channels that never change. */
  deviations: typedArray(Float64Array),
});
export type RecordingScales = z.infer<typeof recordingScalesSchema>;

/** What the scaled samples of any dataset have: nothing is left to do. */
export const scaledStatistics = (channels: number) => ({
  mean: new Array<number>(channels).fill(0),
  standardDeviation: new Array<number>(channels).fill(1),
});
