/** What becomes of each dataset that is put together with others, before anything is trained: for the page and the command line. */
import { z } from 'zod';
import type { HarmoniseStep } from '../data/harmonise-step.ts';

const sideSchema = z.object({ shape: z.array(z.number().int()), samplingRate: z.number().nullable() });

/** What becomes of a channel: it stays, under its common name; or it is lacking and masked, or made from its neighbours; or left out. */
export const PLACED_AS = ['kept', 'missing', 'interpolated', 'left-out'] as const;
export type PlacedAs = (typeof PLACED_AS)[number];

/** An electrode seen from above: the ears at x −1 and 1, the nose at y 1. */
const onHeadSchema = z.object({ name: z.string(), as: z.enum(PLACED_AS), x: z.number(), y: z.number() });
export type OnHead = z.infer<typeof onHeadSchema>;

export const togetherReportSchema = z.object({
  /** “channel” or “column”; null for samples that have no names of parts. */
  thing: z.string().nullable(),
  /** Why they cannot be put together so, and what would make it possible. */
  failure: z.object({ message: z.string(), remedy: z.string().nullable() }).nullable(),
  /** The common form; null where there is none. */
  form: sideSchema.extend({ names: z.array(z.string()) }).nullable(),
  sources: z.array(
    sideSchema.extend({
      name: z.string(),
      /** Its own channels or columns, in their order, and what each becomes; null for what is left out. */
      parts: z.array(z.object({ own: z.string(), common: z.string().nullable() })),
      /** What it lacks: masked, or made from its neighbours. */
      missing: z.array(z.string()),
      interpolated: z.array(z.string()),
      /** Those of all these channels whose place on the head is known. */
      head: z.array(onHeadSchema),
      /** What is done to it, in sentences. */
      steps: z.array(z.string()),
      /** Of every batch of pretraining; null where it is not pretrained on. */
      share: z.number().nullable(),
    }),
  ),
});
export type TogetherReport = z.infer<typeof togetherReportSchema>;

const number = (value: number) => String(Number(value.toPrecision(4)));

/** One step in a sentence. */
export function stepWords(step: HarmoniseStep): string {
  switch (step.step) {
    case 'resize':
      return `Resized from ${step.from.join(' × ')} to ${step.to.join(' × ')} (height × width).`;
    case 'to-grey':
      return 'Made grey.';
    case 'to-color':
      return 'Given three channels.';
    case 'to-16-bit':
      return 'Taken as 16 bits.';
    case 'resample':
      return `Resampled from ${step.fromLength} to ${step.toLength} samples a window.`;
    case 'cut':
      return `Windows are cut to ${step.rows} samples in their middle.`;
    case 'rate':
      return `Resampled from ${number(step.fromRate)} to ${number(step.toRate)} samples a second, ${step.rows} a window.`;
    case 'scale':
      return `Scaled by itself: each channel minus its mean (${someNumbers(step.mean)}), divided by its deviation (${someNumbers(step.deviation)}).`;
    case 'channels': {
      const missing = step.names.filter((_, at) => step.take[at] === -1);
      return `Channels in the common order: ${step.names.join(', ')}.${missing.length > 0 ? ` Missing, and 0 throughout: ${missing.join(', ')}.` : ''}`;
    }
    case 'luminance':
      return step.weights.length === 1
        ? 'Taken as brightness.'
        : `Bands are weighed to one brightness: ${someNumbers(step.weights)}.`;
    case 'interpolate':
      return `Electrodes in the common order: ${step.names.join(', ')}. Interpolated by spherical splines: ${step.interpolated.join(', ')}.`;
    case 'columns': {
      const missing = step.names.filter((_, at) => step.take[at] === -1);
      return `Columns in the common order: ${step.names.join(', ')}; numbers scaled by the table itself.${missing.length > 0 ? ` Missing, and not known: ${missing.join(', ')}.` : ''}`;
    }
  }
}

const someNumbers = (values: readonly number[]): string =>
  [...values.slice(0, 8).map(number), ...(values.length > 8 ? ['…'] : [])].join(', ');
