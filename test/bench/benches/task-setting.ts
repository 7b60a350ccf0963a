/** One pretraining of the bench of tasks, and what its encoder is worth. */
import { z } from 'zod';

export interface TaskSetting {
  /** Pretext task, or null for random weights. */
  task: string | null;
  encoder: { family: string; options: Record<string, number> };
  /** Options of the task, and training, other than it proposes. */
  options?: Record<string, unknown>;
  training?: { epochs?: number; batchSize?: number; learningRate?: number };
  seed: number;
  /** File with the dataset's selection, as `v8.serialize` writes it. */
  selection: string;
  /** Labels of each class that the sample study asks for. */
  perClass: number;
  /** An empty folder for checkpoints. */
  work: string;
  /** Where the score goes, as JSON. */
  output: string;
}

const probeSchema = z.object({ validation: z.number(), test: z.number() });
/** Balanced accuracies of a linear probe. */
export type ProbeScore = z.infer<typeof probeSchema>;

export const taskScoreSchema = z.object({
  /** With the labels that the sample study asks for, mean over several draws. */
  few: probeSchema,
  /** With all labels of the training split. */
  all: probeSchema,
  /** Epochs that were trained; 0 for random weights. */
  epochs: z.number().int(),
  /** What the run itself found wrong: kind and epoch of each finding. */
  findings: z.array(z.string()),
  /** Processor time of the pretraining. */
  seconds: z.number(),
  /** Accuracy at the pretext task itself, over the last tenth of its steps, where it has one. */
  accuracy: z.number().optional(),
});
export type TaskScore = z.infer<typeof taskScoreSchema>;
