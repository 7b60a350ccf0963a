/** What was typed into the forms, kept while the project is open, so that looking elsewhere loses nothing. */
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

const emptyImport = (): ImportDraft => ({
  path: '',
  name: '',
  inspection: null,
  values: {},
  images: {},
  signals: {},
  split: { by: 'default' },
});

export class Drafts {
  import = $state<ImportDraft>(emptyImport());
  pretext = $state<PretextDraft>({
    datasets: [],
    task: '',
    taskOptions: {},
    family: '',
    encoderOptions: {},
    config: {},
    includeHeldOut: false,
    seed: 1,
  });
  finetune = $state<FinetuneDraft>({
    checkpoint: '',
    dataset: '',
    budgets: [{ perClass: 10 }],
    arms: ['pretrained', 'baseline', 'frozen', 'linear-probe', 'knn-probe'],
    values: {},
    name: '',
  });

  clearImport(): void {
    this.import = emptyImport();
  }
}
