/** One pretraining of the bench of tasks, and what its encoder is worth. */
import { z } from 'zod';

export interface TaskSetting {
  /** Pretext task, or null for random weights. */
  task: string | null;
  encoder: { family: string; options: Record<string, number> };
  seed: number;
  /** At most so many epochs, where the task proposes more. */
  mostEpochs: number;
  /** File with the dataset's selection, as `v8.serialize` writes it. */
  selection: string;
  /** An empty folder for checkpoints. */
  work: string;
  /** Where the score goes, as JSON. */
  output: string;
}

export const taskScoreSchema = z.object({
  /** Balanced accuracy of a linear probe on the encoder's features. */
  validation: z.number(),
  test: z.number(),
  /** Epochs that were trained; 0 for random weights. */
  epochs: z.number().int(),
  /** What the run itself found wrong: kind and epoch of each finding. */
  findings: z.array(z.string()),
  /** Processor time of the pretraining. */
  seconds: z.number(),
});
export type TaskScore = z.infer<typeof taskScoreSchema>;
