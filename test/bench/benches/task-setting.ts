/** One pretraining of the bench of tasks. */
export interface TaskSetting {
  /** Pretext task, or null for random weights. */
  task: string | null;
  encoder: string;
  seed: number;
  epochs: number;
  /** File with the dataset's selection, as `v8.serialize` writes it. */
  selection: string;
  /** An empty folder for checkpoints. */
  work: string;
  /** Where the linear probe's balanced accuracy on test samples goes, as JSON. */
  output: string;
}
