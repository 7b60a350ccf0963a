/** What is done to recordings while they are imported: a list of steps, in whatever order a person puts them. */
import { z } from 'zod';
import {
  asField,
  choiceField,
  groupField,
  integerField,
  listField,
  numberField,
  switchField,
  textField,
} from '../../fields.ts';
import { choiceWords, mustBe } from '../../field-words.ts';

const frequency = (title: string, help: string) =>
  numberField({ title, help, unit: 'Hz', minimum: 0, open: true, maximum: 1_000_000 });

const order = integerField({
  title: 'Order',
  help: 'Of the Butterworth filter: higher is steeper, and rings more. Forward and backward, so that nothing is shifted.',
  minimum: 1,
  maximum: 10,
  default: 4,
  advanced: true,
});

const off = switchField({
  title: 'Switched off',
  help: 'The step stays in the list and does nothing.',
  default: false,
  advanced: true,
});

function step<const Id extends string, Fields extends z.core.$ZodLooseShape>(
  id: Id,
  title: string,
  help: string,
  fields: Fields,
) {
  return z.strictObject({ step: z.literal(id), ...fields, off }).meta({ title, description: help });
}

const STEPS = [
  step('reference', 'Reference', 'What channels are measured against.', {
    to: textField({
      title: 'Against',
      help: 'average, the name of one channel (which is then left out), or pairs such as Fp1-F3, F3-C3.',
      minimum: 1,
      maximum: 10_000,
      default: 'average',
    }),
  }),
  step('detrend', 'Trend', 'Takes the mean of each channel away, or the line that fits it best.', {
    by: choiceField({
      title: 'What is taken away',
      help: 'The mean of each channel, or the line that fits it best.',
      choices: ['mean', 'line'],
      default: 'mean',
    }),
  }),
  step('high-pass', 'High-pass', 'Takes away what is slower: drifts of electrodes, breathing, sweat.', {
    at: frequency('Above', 'What is slower than this is taken away.'),
    order,
  }),
  step('low-pass', 'Low-pass', 'Takes away what is faster: muscles, noise of amplifiers.', {
    at: frequency('Below', 'What is faster than this is taken away.'),
    order,
  }),
  step('band-pass', 'Band-pass', 'Keeps what lies between two frequencies.', {
    from: frequency('From', 'What is slower than this is taken away.'),
    to: frequency('To', 'What is faster than this is taken away.'),
    order,
  }),
  step('notch', 'Notch', 'Takes one frequency away: the hum of the mains, 50 or 60 Hz.', {
    at: frequency('At', 'The frequency that is taken away.'),
    quality: numberField({
      title: 'Quality',
      help: 'The frequency by the width of the notch at half of its power.',
      minimum: 1,
      maximum: 1000,
      default: 30,
      advanced: true,
    }),
  }),
  step('scale', 'Scale', 'Brings recordings to one scale.', {
    by: choiceField({
      title: 'To',
      help: 'z-score: mean 0 and deviation 1. Median: median 0 and distance of the quartiles 1, which single peaks do not change. Factor: multiplied with a number.',
      choices: ['z-score', 'median', 'factor'],
      default: 'z-score',
    }),
    over: choiceField({
      title: 'Measured over',
      help: 'Each channel of a recording by itself, or all its channels together, so that the louder ones stay louder; or each channel of every window, or all channels of a window together: from there on each window stands by itself, and the dataset holds windows, not what lies between them. Over the whole dataset training measures by itself, on training samples alone.',
      choices: ['channel', 'recording', 'window-channel', 'window'],
      default: 'channel',
    }),
    factor: numberField({
      title: 'Factor',
      help: 'What values are multiplied with where the scale is a factor.',
      minimum: -1e12,
      maximum: 1e12,
      default: 1,
      advanced: true,
    }),
  }),
  step('clip', 'Limit', 'Keeps peaks from outweighing all else.', {
    at: numberField({
      title: 'Nothing beyond ±',
      help: 'Nothing is further from zero than this, in the scale that the values have by then.',
      minimum: 0,
      open: true,
      maximum: 1e12,
    }),
    by: choiceField({
      title: 'Limited',
      help: 'Hard: cut off. Soft: bent by a hyperbolic tangent, so that peaks stay apart.',
      choices: ['hard', 'soft'],
      default: 'hard',
    }),
  }),
] as const;

export const STEP_IDS = STEPS.map(({ shape }) => shape.step.value);

export const prepareStepSchema = z.discriminatedUnion('step', STEPS, {
  error: mustBe(`a step: ${choiceWords(STEP_IDS)}, each with its fields`),
});
export type PrepareStep = z.output<typeof prepareStepSchema>;

export const PRESETS = ['none', 'eeg', 'ecg', 'emg', 'movement', 'vibration', 'plain'] as const;
export type PresetId = (typeof PRESETS)[number];

export const prepareField = groupField({
  title: 'Preparation',
  help: 'What is done to each recording while it is imported. It is kept with the dataset, and the same on every import.',
  fields: {
    names: choiceField({
      title: 'Names of channels',
      help: 'As the files write them, or those of the 10–20 system and its refinements: EEG FP1-REF becomes Fp1, T3 becomes T7.',
      choices: ['as-written', '10-20'],
      default: 'as-written',
    }),
    preset: choiceField({
      title: 'Preset',
      help: 'Steps that suit a kind of recording, by its sampling rate, in place of a list of steps. Plain: no step.',
      choices: PRESETS,
      default: 'none',
    }),
    mains: choiceField({
      title: 'Mains',
      help: 'Frequency of the mains where it was recorded; a preset then takes its hum away.',
      choices: ['unknown', '50', '60'],
      default: 'unknown',
    }),
    steps: listField({
      title: 'Steps',
      help: 'Carried out in this order, for example high-pass:at=0.5;order=4, then scale:by=median;over=recording.',
      of: asField(prepareStepSchema, { help: 'One step.' }),
      allowed: `a list of steps (${STEP_IDS.join(', ')}), each with its fields`,
      maximum: 50,
      default: [],
    }),
  },
});
export type PrepareOptions = z.output<typeof prepareField>;

/** Before there was a list, each kind of step was a field, and their order was always the same. */
const EARLIER = [
  ...(['reference', 'detrend', 'highPass', 'lowPass', 'order', 'notch', 'notchQuality'] as const),
  ...(['scale', 'factor', 'limit', 'limitBy'] as const),
] as const;
type Earlier = Partial<Record<(typeof EARLIER)[number], unknown>>;

/** A preparation as versions before wrote it, as a list of the same steps; any other as it is. */
export function fromEarlierPreparation(prepare: unknown): unknown {
  if (typeof prepare !== 'object' || prepare === null || 'steps' in prepare) return prepare;
  const isEarlier = (name: string) => (EARLIER as readonly string[]).includes(name);
  const entries = Object.entries(prepare);
  if (!entries.some(([name]) => isEarlier(name))) return prepare;
  const others = Object.fromEntries(entries.filter(([name]) => !isEarlier(name)));
  return { ...others, steps: earlierSteps(prepare) };
}

function earlierSteps(told: Earlier): object[] {
  const { reference, detrend, highPass, lowPass, notch, notchQuality, scale, factor, limit, limitBy } = told;
  const ofOrder = told.order === undefined ? {} : { order: told.order };
  const isSet = (value: unknown) => value !== undefined && value !== 0;
  const isChosen = (value: unknown) => value !== undefined && !/^(none)?$/i.test(String(value).trim());
  const filter = !isSet(highPass)
    ? isSet(lowPass) && { step: 'low-pass', at: lowPass, ...ofOrder }
    : isSet(lowPass)
      ? { step: 'band-pass', from: highPass, to: lowPass, ...ofOrder }
      : { step: 'high-pass', at: highPass, ...ofOrder };
  return [
    isChosen(reference) && { step: 'reference', to: reference },
    isChosen(detrend) && { step: 'detrend', by: detrend },
    filter,
    isSet(notch) && {
      step: 'notch',
      at: notch,
      ...(notchQuality !== undefined && { quality: notchQuality }),
    },
    isChosen(scale) && { step: 'scale', by: scale, ...(scale === 'factor' && { factor: factor ?? 1 }) },
    isSet(limit) && { step: 'clip', at: limit, ...(limitBy !== undefined && { by: limitBy }) },
  ].filter((one) => one !== false);
}
