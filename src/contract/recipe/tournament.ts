/** The part of a recipe that lets pretext tasks compete: successive halving by a probe on validation data. */
import { z } from 'zod';
import {
  asField,
  choiceField,
  integerField,
  listField,
  numberField,
  recordField,
  switchField,
  textField,
  unionField,
} from '../fields.ts';
import { probeKindSchema } from './probe.ts';

const candidateSchema = unionField({
  help: 'A pretext task, or one with settings of its own.',
  allowed: 'the id of a pretext task, or fields (task, options, learningRate, batchSize)',
  forms: [
    z.string(),
    z.strictObject({
      task: textField({ help: 'Which pretext task.' }),
      options: recordField({ help: 'Options of the task.', of: z.unknown(), default: {} }),
      learningRate: numberField({
        help: 'Highest learning rate. Default: what the task proposes.',
        minimum: 0,
        open: true,
        maximum: 10,
        optional: true,
      }),
      batchSize: integerField({
        help: 'Samples in one step. Default: what the task proposes.',
        minimum: 8,
        maximum: 4096,
        optional: true,
      }),
    }),
  ],
});

export const tournamentSchema = z.strictObject({
  tasks: unionField({
    help: 'Which pretext tasks compete: a list, or auto for those that suit the data.',
    allowed: 'auto, or a list of pretext tasks',
    forms: [z.literal('auto'), z.array(candidateSchema).min(1)],
    default: 'auto',
  }),
  most: integerField({ help: 'With auto: how many tasks at most.', minimum: 2, maximum: 32, default: 4 }),
  learningRates: listField({
    help: 'Settings tried of each task: factors of the learning rate that it proposes for the data.',
    of: numberField({ help: 'A factor.', minimum: 0, open: true, maximum: 100 }),
    minimum: 1,
    default: [1, 0.3],
  }),
  rounds: integerField({
    help: 'Rounds; after each the weaker are out.',
    minimum: 1,
    maximum: 8,
    default: 3,
  }),
  epochs: integerField({
    help: 'Epochs in the first round; later rounds have as many more as they have fewer candidates.',
    minimum: 1,
    maximum: 1000,
    default: 2,
  }),
  keep: numberField({
    help: 'Share of the candidates that goes on.',
    minimum: 0.1,
    maximum: 0.9,
    default: 0.5,
  }),
  seeds: integerField({ help: 'How often each candidate is trained.', minimum: 1, maximum: 20, default: 1 }),
  equal: choiceField({
    help: 'What candidates get alike: time, as one epoch of each before the first round measures it, epochs (each sees as many samples), or steps.',
    choices: ['time', 'epochs', 'steps'],
    default: 'time',
  }),
  probe: asField(probeKindSchema, {
    help: 'What ranks them, on validation data: a linear model on the frozen features, or their nearest neighbours.',
    default: 'linear',
  }),
  train: switchField({
    help: 'Whether the winner is then trained as stage 1; without it the ranking is the end.',
    default: true,
  }),
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
