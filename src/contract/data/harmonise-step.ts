/** Steps by which stored samples of one dataset become samples of the form that several share, as they are recorded. */
import { z } from 'zod';

const names = z.array(z.string());
const numbers = z.array(z.number());

/** Of each common channel or column its place among the source's own; -1 where the source lacks it. */
const takeSchema = z.array(z.number().int().min(-1));

const pairSchema = z.tuple([z.number(), z.number()]);

export const harmoniseStepSchema = z.discriminatedUnion('step', [
  z.object({ step: z.literal('resize'), from: pairSchema, to: pairSchema }),
  z.object({ step: z.enum(['to-grey', 'to-color', 'to-16-bit']) }),
  /** Windows to another number of samples, whatever time they last. */
  z.object({ step: z.literal('resample'), fromLength: z.number().int(), toLength: z.number().int() }),
  /** The middle of each window: `rows` of its samples from `first` on. */
  z.object({ step: z.literal('cut'), first: z.number().int(), rows: z.number().int() }),
  /** Windows to another rate: the first `rows` samples at it. */
  z.object({
    step: z.literal('rate'),
    fromRate: z.number(),
    toRate: z.number(),
    rows: z.number().int(),
  }),
  /** Of each of the source's own channels: subtracted, and divided by. */
  z.object({ step: z.literal('scale'), mean: numbers, deviation: numbers }),
  /** Channels in the common order; those that are missing are 0 throughout. */
  z.object({ step: z.literal('channels'), names, take: takeSchema }),
  /** Bands of an image to one: how much each counts. */
  z.object({ step: z.literal('luminance'), weights: numbers }),
  /** Channels in the common order, each a weighted sum of the source's own, row-major [names, own channels]. */
  z.object({ step: z.literal('interpolate'), names, interpolated: names, weights: z.array(numbers) }),
  /**
   * Columns in the common order; NaN where the source lacks one. Numbers are scaled by the source itself, codes of
   * categories become the common codes.
   */
  z.object({
    step: z.literal('columns'),
    names,
    take: takeSchema,
    cells: z.array(
      z.union([
        z.object({ mean: z.number(), deviation: z.number() }),
        z.object({ codes: z.array(z.number().int().nullable()) }),
        z.null(),
      ]),
    ),
  }),
]);
export type HarmoniseStep = z.infer<typeof harmoniseStepSchema>;
export type StepOf<Kind extends HarmoniseStep['step']> = Extract<HarmoniseStep, { step: Kind }>;

/** Whether samples leave the steps at mean 0 and deviation 1, by the statistics of their own dataset. */
export const scalesItself = (steps: readonly { step: string }[]): boolean =>
  steps.some(({ step }) => step === 'scale' || step === 'columns');

const CHOSEN: readonly string[] = ['scale', 'columns', 'channels', 'interpolate', 'luminance'];

/** Of a kept model: the steps of a dataset that was put together with others; null where shapes say all. */
export function togetherSteps(steps: readonly Record<string, unknown>[]): HarmoniseStep[] | null {
  if (!steps.some(({ step }) => CHOSEN.includes(String(step)))) return null;
  return z.array(harmoniseStepSchema).parse(steps);
}
