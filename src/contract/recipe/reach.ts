/** How far an encoder looks: the receptive field of its last maps. */
import { z } from 'zod';

export const encoderReachSchema = z.object({
  /** Points along time, or pixels along a side, that one place of its last maps looks at. */
  points: z.number().int().positive(),
  /** Of a sample, along time or its longest side. */
  whole: z.number().int().positive(),
  /** Of the recordings, where it is known: points a second. */
  samplingRate: z.number().positive().nullable(),
});
export type EncoderReach = z.infer<typeof encoderReachSchema>;

const secondsWords = (points: number, rate: number | null): string =>
  rate === null ? '' : ` (${Number((points / rate).toPrecision(2))} s)`;

/** In a sentence. */
export function reachWords({ points, whole, samplingRate }: EncoderReach): string {
  const own = `${points} points${secondsWords(points, samplingRate)}`;
  const all = `${whole} points${secondsWords(whole, samplingRate)}`;
  return points >= whole
    ? `A place of the encoder’s last maps looks at ${own}: over the whole window of ${all}.`
    : `A place of the encoder’s last maps looks at ${own} of the window’s ${all}; what lies further apart meets only in their mean. More stages look further.`;
}
