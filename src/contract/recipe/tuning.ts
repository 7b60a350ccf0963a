/** The part of a recipe that tunes fine-tuning: settings that every trained arm is tried with, each as often. */
import { z } from 'zod';
import { listField, numberField } from '../fields.ts';

const MOST_VALUES = 12;

export const tuneSchema = z.strictObject({
  learningRates: listField({
    help: 'Highest learning rates that every trained arm is tried with.',
    of: numberField({ help: 'A learning rate.', minimum: 0, open: true, maximum: 10 }),
    minimum: 1,
    maximum: MOST_VALUES,
    default: [0.0003, 0.001, 0.003],
  }),
  weightDecays: listField({
    help: 'Weight decays tried with each of them. Default: the one weight decay of the recipe.',
    of: numberField({ help: 'A weight decay.', minimum: 0, maximum: 1 }),
    maximum: MOST_VALUES,
    default: [],
  }),
  frozenEpochs: listField({
    help: 'Shares of the steps at the start in which only the head learns, tried with each of them; for the baseline too. Default: as the recipe says.',
    of: numberField({ help: 'A share of the steps.', minimum: 0, maximum: 0.9 }),
    maximum: MOST_VALUES,
    default: [],
  }),
});

/** Settings of one try. */
export const candidateSettingsSchema = z.object({
  learningRate: z.number(),
  weightDecay: z.number(),
  /** Absent where the recipe does not tune it. */
  frozenEpochs: z.number().optional(),
});
export type CandidateSettings = z.infer<typeof candidateSettingsSchema>;
