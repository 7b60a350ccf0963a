/**
 * What is done to recordings while they are imported, in an order that is always the same: reference, trend, filters,
 * scale, limit. Bringing to another rate comes before, as rows are read.
 */
import { z } from 'zod';
import { choiceField, groupField, integerField, numberField } from '../../../contract/fields.ts';
import { PretextError } from '../../../contract/errors.ts';
import { bandPass, highPass, lowPass, notch, type Section } from './butterworth.ts';
import { clip, detrend, meanAndDeviation, medianAndQuartiles, multiply, standardise } from './level.ts';
import type { RowStore } from './row-store.ts';
import { filterBothWays } from './zero-phase.ts';

const frequency = (title: string, help: string) =>
  numberField({ title, help, unit: 'Hz', minimum: 0, maximum: 1_000_000, default: 0 });

export const prepareField = groupField({
  title: 'Preparation',
  help: 'What is done to each recording while it is imported, in this order. It is kept with the dataset, and the same on every import.',
  fields: {
    names: choiceField({
      title: 'Names of channels',
      help: 'As the files write them, or those of the 10–20 system and its refinements: EEG FP1-REF becomes Fp1, T3 becomes T7.',
      choices: ['as-written', '10-20'],
      default: 'as-written',
    }),
    reference: z
      .string()
      .default('none')
      .describe('none, average, the name of one channel, or pairs such as Fp1-F3, F3-C3.')
      .meta({ title: 'Reference' }),
    detrend: choiceField({
      title: 'Trend',
      help: 'Takes the mean of each channel away, or the line that fits it best.',
      choices: ['none', 'mean', 'line'],
      default: 'none',
    }),
    highPass: frequency(
      'High-pass',
      'Takes away what is slower than this; 0 for nothing. Forward and backward, so that nothing is shifted.',
    ),
    lowPass: frequency(
      'Low-pass',
      'Takes away what is faster than this; 0 for nothing. Together with a high-pass it is a band-pass.',
    ),
    order: integerField({
      title: 'Order of the filters',
      help: 'Of the Butterworth filters: higher is steeper, and rings more.',
      minimum: 1,
      maximum: 10,
      default: 4,
      advanced: true,
    }),
    notch: frequency('Notch', 'Takes the hum of the mains away, 50 or 60 Hz; 0 for nothing.'),
    notchQuality: numberField({
      title: 'Quality of the notch',
      help: 'Its frequency by its width at half of its power.',
      minimum: 1,
      maximum: 1000,
      default: 30,
      advanced: true,
    }),
    scale: choiceField({
      title: 'Scale',
      help: 'For each channel of each recording: to mean 0 and deviation 1, or to median 0 and distance of the quartiles 1; or by a fixed factor.',
      choices: ['none', 'z-score', 'median', 'factor'],
      default: 'none',
    }),
    factor: numberField({
      title: 'Factor',
      help: 'What values are multiplied with where the scale is a fixed factor.',
      minimum: -1e12,
      maximum: 1e12,
      default: 1,
      advanced: true,
    }),
    limit: numberField({
      title: 'Limit',
      help: 'Nothing is further from zero than this, in the scale chosen above; 0 for no limit.',
      minimum: 0,
      maximum: 1e12,
      default: 0,
    }),
    limitBy: choiceField({
      title: 'Limited',
      help: 'Hard: cut off. Soft: bent by a hyperbolic tangent, so that peaks stay apart.',
      choices: ['hard', 'soft'],
      default: 'hard',
      advanced: true,
    }),
  },
});
export type PrepareOptions = z.output<typeof prepareField>;

export interface Step {
  words: string;
  /** On a stretch of a recording, or on all of its stretches together. */
  apply(stores: readonly RowStore[]): Promise<void>;
}

const each =
  (run: (store: RowStore) => Promise<void>): Step['apply'] =>
  async (stores) => {
    for (const store of stores) await run(store);
  };

/** @throws PretextError `recordings.filter` for frequencies that the rate cannot hold */
export function stepsOf(options: PrepareOptions, rate: number | null): Step[] {
  const steps: Step[] = [];
  const { detrend: trend, scale, factor, limit, limitBy } = options;
  if (trend !== 'none')
    steps.push({
      words: trend === 'mean' ? 'means taken away' : 'linear trends taken away',
      apply: each((store) => detrend(store, trend)),
    });
  for (const { words, sections } of filtersOf(options, rate))
    steps.push({ words, apply: each((store) => filterBothWays(store, sections)) });
  if (scale === 'factor')
    steps.push({ words: `multiplied with ${factor}`, apply: each((store) => multiply(store, factor)) });
  if (scale === 'z-score' || scale === 'median')
    steps.push({
      words:
        scale === 'z-score'
          ? 'each channel of a recording to mean 0 and deviation 1'
          : 'each channel of a recording to median 0 and distance of the quartiles 1',
      async apply(stores) {
        const levels = await (scale === 'z-score' ? meanAndDeviation(stores) : medianAndQuartiles(stores));
        for (const store of stores) await standardise(store, levels);
      },
    });
  if (limit > 0)
    steps.push({
      words: `limited to ±${limit}${limitBy === 'soft' ? ', softly' : ''}`,
      apply: each((store) => clip(store, limit, limitBy === 'soft')),
    });
  return steps;
}

function filtersOf(
  { highPass: high, lowPass: low, order, notch: hum, notchQuality }: PrepareOptions,
  rate: number | null,
): { words: string; sections: Section[] }[] {
  if (high === 0 && low === 0 && hum === 0) return [];
  if (rate === null)
    throw wrongFilter(
      'Nothing says how many samples the recordings hold a second, so they cannot be filtered.',
      'Say the sampling rate.',
    );
  for (const hz of [high, low, hum])
    if (hz >= rate / 2)
      throw wrongFilter(
        `At ${rate} Hz there is nothing of ${hz} Hz: a filter has to lie below ${rate / 2} Hz.`,
        'Choose a lower frequency, or a higher rate (resample to).',
      );
  if (high > 0 && low > 0 && high >= low)
    throw wrongFilter(
      `Nothing lies above ${high} Hz and below ${low} Hz.`,
      'Choose a high-pass below the low-pass.',
    );
  const kind = `Butterworth of order ${order}, both ways`;
  const filters: { words: string; sections: Section[] }[] = [];
  if (high > 0 && low > 0)
    filters.push({ words: `${high} to ${low} Hz (${kind})`, sections: bandPass(order, high, low, rate) });
  else if (high > 0)
    filters.push({ words: `above ${high} Hz (${kind})`, sections: highPass(order, high, rate) });
  else if (low > 0) filters.push({ words: `below ${low} Hz (${kind})`, sections: lowPass(order, low, rate) });
  if (hum > 0) filters.push({ words: `without ${hum} Hz`, sections: notch(hum, notchQuality, rate) });
  return filters;
}

const wrongFilter = (message: string, remedy: string): PretextError =>
  new PretextError({ code: 'recordings.filter', message, place: 'options.prepare', remedy });
