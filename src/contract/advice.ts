/** What the advisor says about pretext tasks for given data. */
import { z } from 'zod';

export const taskFamilySchema = z.enum(['contrastive', 'joint', 'predictive', 'generative', 'supervised']);
export type TaskFamily = z.infer<typeof taskFamilySchema>;

/** Training settings that suit the data; what a recipe or a person says wins. */
export const proposedTrainingSchema = z.object({
  epochs: z.number().int().optional(),
  batchSize: z.number().int().optional(),
  learningRate: z.number().optional(),
  weightDecay: z.number().optional(),
  warmupEpochs: z.number().optional(),
});
export type TrainingProposal = z.infer<typeof proposedTrainingSchema>;

export const taskAdviceSchema = z.object({
  task: z.string(),
  title: z.string(),
  family: taskFamilySchema.nullable(),
  /** null: the task can be used. */
  impossible: z.string().nullable(),
  /** What to know before it is chosen for these data, in a sentence or two. */
  caution: z.string().optional(),
  /** What the proposed views go by, in a sentence or two; of signals. */
  views: z.string().optional(),
  /** Higher suits better; a rule of thumb that only orders. */
  points: z.number(),
  /** Why it stands where it stands, each a sentence. */
  reasons: z.array(z.string()),
  training: proposedTrainingSchema,
  options: z.record(z.string(), z.unknown()),
});
export type TaskAdvice = z.infer<typeof taskAdviceSchema>;

export const adviceSchema = z.object({
  sampleCount: z.number().int(),
  /** The best suited first, impossible ones last. */
  tasks: z.array(taskAdviceSchema),
  /** Options that each encoder proposes for the data, by its family. */
  encoders: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  /** Tasks of different kinds to begin a comparison with. */
  start: z.array(z.string()),
});
export type Advice = z.infer<typeof adviceSchema>;
