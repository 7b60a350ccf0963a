/** The part of a recipe that says how datasets which are unlike become one. */
import { z } from 'zod';
import { asField, choiceField, listField, numberField, recordField, textField } from '../fields.ts';

export const MATCHES = ['common', 'all', 'interpolate', 'in-order', 'any', 'luminance'] as const;
export type Match = (typeof MATCHES)[number];

/** How many samples of each dataset a batch holds. */
export const SAMPLINGS = ['balanced', 'proportional', 'temperature'] as const;
export type Sampling = (typeof SAMPLINGS)[number];

export const togetherSchema = z.strictObject({
  match: choiceField({
    title: 'Channels or columns',
    help: 'Which channels (of tables: columns) the datasets are put together by. `common`: those that all have, by name. `all`: those that any has, where one lacks some they are masked. `interpolate`: electrodes of the dataset named by `like`, each where a dataset lacks it interpolated from its neighbours on the head. `in-order`: equally many in the same order, whatever they are called. `any`: every dataset keeps its own, for encoders that read each channel by itself. `luminance`: of images one channel of brightness, by which red, green and blue are weighed and other bands averaged.',
    choices: MATCHES,
    default: 'common',
  }),
  names: recordField({
    title: 'Names by hand',
    help: 'By dataset, its own names (or numbers from 1, where it has none) and the names to use for them. Spellings of electrodes (Fp1, FP1, EEG Fp1-REF, T3 and T7) are one without it.',
    of: recordField({
      help: 'Own name and common name.',
      of: textField({ help: 'The common name.', minimum: 1, maximum: 100 }),
    }),
    default: {},
  }),
  rate: numberField({
    help: 'Rate that all signals are resampled to. Default: that of the dataset named by `like`.',
    minimum: 0,
    open: true,
    maximum: 1_000_000,
    unit: 'Hz',
    modality: 'signal',
    optional: true,
  }),
  seconds: numberField({
    help: 'How long windows are; longer ones are cut to their middle. Default: as long as the shortest.',
    minimum: 0,
    open: true,
    maximum: 100_000,
    unit: 's',
    modality: 'signal',
    optional: true,
  }),
  sampling: choiceField({
    title: 'Sampling of datasets',
    help: 'How many samples of each dataset a batch of pretraining holds: as many of each, in proportion to their sizes, or between the two by a temperature.',
    choices: SAMPLINGS,
    default: 'balanced',
  }),
  temperature: numberField({
    help: 'With sampling by temperature: shares go with sizes to the power of 1 / temperature. 1 is in proportion; the higher, the more alike.',
    minimum: 1,
    maximum: 100,
    default: 2,
  }),
  like: textField({
    title: 'Like which dataset',
    help: 'The dataset that gives rate, order of channels, and with `interpolate` the electrodes. Default: the one that is fine-tuned.',
    optional: true,
  }),
  sources: listField({
    title: 'Datasets that make the form',
    help: 'Datasets that the common form is made of. Default: all that the study pretrains on or fine-tunes. Transfer in a later study needs the form of the earlier one, which is written down here.',
    of: textField({ help: 'Name of a dataset.' }),
    optional: true,
  }),
});
export type Together = z.infer<typeof togetherSchema>;

/** For the field of a recipe that holds it. */
export const togetherField = asField(togetherSchema, {
  help: 'How datasets that differ in channels, rate, length, units or columns are put together; each is scaled by itself. Left out: only datasets that are alike are.',
  optional: true,
});

/**
 * The share of each dataset in a batch.
 *
 * @param sizes samples that pretraining sees of each
 */
export function sharesOf(
  sizes: readonly number[],
  { sampling, temperature }: Pick<Together, 'sampling' | 'temperature'> = {
    sampling: 'balanced',
    temperature: 1,
  },
): number[] {
  const power = sampling === 'balanced' ? 0 : sampling === 'proportional' ? 1 : 1 / temperature;
  const weights = sizes.map((size) => size ** power);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
