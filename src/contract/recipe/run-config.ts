/**
 * The frozen configuration of a run: written by the planner, completed when the run starts, read by all. What later
 * versions add is optional here, and left out it means what earlier versions did, so that a run goes on as it began.
 */
import { z } from 'zod';
import { makingSchema } from '../model/making.ts';
import { foldOfRunSchema } from './folds.ts';
import { candidateSettingsSchema } from './tuning.ts';
import {
  armSchema,
  downstreamOf,
  encoderSchema,
  finetuneSchema,
  labelBudgetSchema,
  pretextSchema,
  recipeSchema,
} from './recipe.ts';

/** Which round of a tournament a run is of, and for whom it runs. */
export const tournamentEntrySchema = z.object({
  /** 0 is the pacing round, in which one epoch of each measures what an epoch costs. */
  round: z.number().int(),
  candidate: z.string(),
  seed: z.number().int(),
  /** The candidate's settings, as they would be without the rounds. */
  of: pretextSchema,
});
export type TournamentEntry = z.infer<typeof tournamentEntrySchema>;

const shared = {
  data: recipeSchema.shape.data,
  encoder: encoderSchema,
  device: recipeSchema.shape.device,
  /** Left out: samples are divided as their import says. */
  fold: foldOfRunSchema.optional(),
  /**
   * All options of task and encoder stand in it, so that later versions go on with the same. Left out: it was planned
   * by a version that left them open and has begun, so that what follows the number of samples stays the trainer's to
   * count, or what is open does not suit the data, which is told when the run starts.
   */
  writtenOut: z.literal(true).optional(),
  /** Known once the run has started: the common shape, and by dataset how it was brought to it. */
  inputShape: z.array(z.number().int()).optional(),
  harmonisation: z.record(z.string(), z.array(z.looseObject({ step: z.string() }))).optional(),
};

export const pretextRunConfigSchema = z.object({
  ...shared,
  pretext: pretextSchema,
  /** Left out: the run is of no tournament. */
  tournament: tournamentEntrySchema.optional(),
});
export type PretextRunConfig = z.infer<typeof pretextRunConfigSchema>;

/** A single run keeps the fields that concern it, not the list of budgets, arms and tries it was one of. */
const ownFinetuneSchema = finetuneSchema.omit({ budgets: true, arms: true });

export const finetuneRunConfigSchema = z.object({
  ...shared,
  arm: armSchema,
  budget: labelBudgetSchema,
  finetune: ownFinetuneSchema,
  /** Which checkpoint of the pretraining is transferred. */
  transfer: z.enum(['last', 'best']),
  /**
   * Datasets of whose held-out samples no copies are among the labels, of all arms alike, so that equal seeds draw
   * equal labels. Left out: those that the run measures.
   */
  sparesCopiesOf: z.array(z.string()).optional(),
  /** Left out: the run is no try of tuning. */
  try: z.object({ settings: candidateSettingsSchema }).optional(),
  /** Which of several pretrainings it starts from, from 1, and the seeds that do; left out where there is one. */
  pretraining: z.number().int().optional(),
  seeds: z.array(z.number().int()).min(1).optional(),
  /** Left out: the run measures for the comparison, and makes nothing of what others found. */
  making: makingSchema.optional(),
});
export type FinetuneRunConfig = z.infer<typeof finetuneRunConfigSchema>;

export const runConfigSchema = z.union([pretextRunConfigSchema, finetuneRunConfigSchema]);
export type RunConfig = z.infer<typeof runConfigSchema>;

/** By the kind of the run, so that an error names the field. */
export const RUN_CONFIG_SCHEMAS = { pretext: pretextRunConfigSchema, finetune: finetuneRunConfigSchema };

export const isPretextConfig = (config: RunConfig): config is PretextRunConfig => 'pretext' in config;

/** Datasets of whose held-out samples a run sees no copies in the others. */
export const sparedBy = (config: RunConfig): string[] =>
  (isPretextConfig(config) ? undefined : config.sparesCopiesOf) ?? downstreamOf(config);
