/** The frozen configuration of a run. */
import { z } from 'zod';
import {
  armSchema,
  encoderSchema,
  finetuneSchema,
  labelBudgetSchema,
  pretextSchema,
  recipeSchema,
} from '../../contract/recipe/recipe.ts';
import { finetuneJobSchema } from '../../contract/messages/trainer.ts';

const commonConfig = {
  data: recipeSchema.shape.data,
  encoder: encoderSchema,
  device: recipeSchema.shape.device,
};

/** What a run's frozen configuration holds (written by `planRuns`). */
export const runConfigSchema = z.union([
  z.object({ ...commonConfig, pretext: pretextSchema }),
  z.object({
    ...commonConfig,
    arm: armSchema,
    budget: labelBudgetSchema,
    finetune: finetuneSchema.omit({ budgets: true, arms: true }),
    transfer: z.enum(['last', 'best']),
    /** Which of several pretrainings it starts from, from 1, and the seeds that do. */
    pretraining: z.number().int().optional(),
    seeds: finetuneJobSchema.shape.seeds,
  }),
]);

export type FinetuneRunConfig = Extract<z.infer<typeof runConfigSchema>, { arm: unknown }>;
