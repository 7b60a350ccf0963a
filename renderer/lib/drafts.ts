/** What the forms hold while they are filled in. */
import type { Arm, LabelBudget } from '../../src/contract/recipe.ts';
import type { Inspection } from '../../src/contract/rpc.ts';

export interface ImportDraft {
  path: string;
  name: string;
  inspection: Inspection | null;
  values: Record<string, unknown>;
  images: Record<string, unknown>;
  signals: Record<string, unknown>;
  split: { by: 'default' | 'folder' | 'column' | 'random'; [field: string]: unknown };
}

export interface PretextDraft {
  datasets: string[];
  task: string;
  /** Options by task id, so that changing the task and back keeps them. */
  taskOptions: Record<string, Record<string, unknown>>;
  family: string;
  encoderOptions: Record<string, Record<string, unknown>>;
  config: Record<string, unknown>;
  includeHeldOut: boolean;
  seed: number;
}

export interface FinetuneDraft {
  /** Id of the checkpoint that is transferred. */
  checkpoint: string;
  dataset: string;
  budgets: LabelBudget[];
  arms: Arm[];
  values: Record<string, unknown>;
  name: string;
}
