/** The part of a recipe that lets pretext tasks compete: successive halving by a probe on validation data. */
import { z } from 'zod';

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
    .enum(['time', 'epochs'])
    .default('time')
    .describe(
      'What candidates get alike: time, as one epoch of each before the first round measures it, or epochs.',
    ),
});
