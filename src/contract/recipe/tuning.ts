/** The part of a recipe that tunes fine-tuning: settings that every trained arm is tried with, each as often. */
import { z } from 'zod';

const MOST_VALUES = 12;

export const tuneSchema = z.object({
  learningRates: z
    .array(z.number().positive().max(10))
    .min(1)
    .max(MOST_VALUES)
    .default([0.0003, 0.001, 0.003])
    .describe('Highest learning rates that every trained arm is tried with.'),
  weightDecays: z
    .array(z.number().min(0).max(1))
    .max(MOST_VALUES)
    .default([])
    .describe('Weight decays tried with each of them. Default: the one weight decay of the recipe.'),
  frozenEpochs: z
    .array(z.number().min(0).max(0.9))
    .max(MOST_VALUES)
    .default([])
    .describe(
      'Shares of the steps at the start in which only the head learns, tried with each of them; for the baseline too. Default: as the recipe says.',
    ),
});
export type TuneConfig = z.infer<typeof tuneSchema>;

/** Settings of one try. */
export const candidateSettingsSchema = z.object({
  learningRate: z.number(),
  weightDecay: z.number(),
  /** Absent where the recipe does not tune it. */
  frozenEpochs: z.number().optional(),
});
export type CandidateSettings = z.infer<typeof candidateSettingsSchema>;
