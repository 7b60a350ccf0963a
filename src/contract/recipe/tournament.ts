/** The part of a recipe that lets pretext tasks compete: successive halving by a probe on validation data. */
import { z } from 'zod';
import { probeKindSchema } from './probe.ts';

const candidateSchema = z
  .union([
    z.string(),
    z
      .object({
        task: z.string(),
        options: z.record(z.string(), z.unknown()).default({}),
        learningRate: z.number().positive().max(10).optional(),
        batchSize: z.number().int().min(8).max(4096).optional(),
      })
      .strict(),
  ])
  .describe('A pretext task, or one with settings of its own.');

export const tournamentSchema = z.object({
  tasks: z
    .union([z.literal('auto'), z.array(candidateSchema).min(1)])
    .default('auto')
    .describe('Which pretext tasks compete: a list, or auto for those that suit the data.'),
  most: z.number().int().min(2).max(32).default(4).describe('With auto: how many tasks at most.'),
  learningRates: z
    .array(z.number().positive().max(100))
    .min(1)
    .default([1, 0.3])
    .describe('Settings tried of each task: factors of the learning rate that it proposes for the data.'),
  rounds: z.number().int().min(1).max(8).default(3).describe('Rounds; after each the weaker are out.'),
  epochs: z
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(2)
    .describe('Epochs in the first round; later rounds have as many more as they have fewer candidates.'),
  keep: z.number().min(0.1).max(0.9).default(0.5).describe('Share of the candidates that goes on.'),
  seeds: z.number().int().min(1).max(20).default(1).describe('How often each candidate is trained.'),
  equal: z
    .enum(['time', 'epochs', 'steps'])
    .default('time')
    .describe(
      'What candidates get alike: time, as one epoch of each before the first round measures it, epochs (each sees as many samples), or steps.',
    ),
  probe: probeKindSchema
    .default('linear')
    .describe(
      'What ranks them, on validation data: a linear model on the frozen features, or their nearest neighbours.',
    ),
  train: z
    .boolean()
    .default(true)
    .describe('Whether the winner is then trained as stage 1; without it the ranking is the end.'),
});
export type TournamentConfig = z.infer<typeof tournamentSchema>;

/** What a tournament would be, before it starts. */
export const tournamentPlanSchema = z.object({
  candidates: z.array(
    z.object({
      candidate: z.string(),
      task: z.string(),
      learningRate: z.number(),
      batchSize: z.number().int(),
    }),
  ),
  /** Round 0 measures what an epoch of each costs. */
  rounds: z.array(
    z.object({
      round: z.number().int(),
      candidates: z.number().int(),
      epochs: z.object({ least: z.number(), most: z.number() }),
      seconds: z.number(),
    }),
  ),
  seconds: z.number(),
  /** The time follows from runs on the same data with the same encoder; otherwise from a rule of thumb. */
  measured: z.boolean(),
});
export type TournamentPlan = z.infer<typeof tournamentPlanSchema>;
