/** What the forms hold while they are filled in. */
import type { FoldDraft } from './folds.ts';
import type { Arm, LabelBudget } from '../../../src/contract/recipe/recipe.ts';
import type { Together } from '../../../src/contract/recipe/together.ts';
import type { Inspection } from '../../../src/contract/messages/rpc.ts';

export interface ImportDraft {
  path: string;
  name: string;
  inspection: Inspection | null;
  values: Record<string, unknown>;
  images: Record<string, unknown>;
  signals: Record<string, unknown>;
  text: Record<string, unknown>;
  /** What formats alone are told, by their ids, so that changing the format and back keeps it. */
  own: Record<string, Record<string, unknown>>;
  split: { by: 'default' | 'folder' | 'column' | 'random'; [field: string]: unknown };
}

export interface PretextDraft {
  datasets: string[];
  task: string;
  /** Options by task id, so that changing the task and back keeps them. */
  taskOptions: Record<string, Record<string, unknown>>;
  family: string;
  encoderOptions: Record<string, Record<string, unknown>>;
  /** Id of the checkpoint whose encoder goes on learning; empty for random weights. */
  startFrom: string;
  config: Record<string, unknown>;
  includeHeldOut: boolean;
  /** Every recording is brought to a scale of its own. */
  byRecording: boolean;
  /** How several datasets are put together; null: only such as are alike. */
  together: Together | null;
  /** Of several datasets those that will be fine-tuned beside the first. */
  alsoFinetune: string[];
  /** Size and colour that all images are brought to. */
  shape: Record<string, unknown>;
  seed: number;
  /** Of the study; empty: the one that is proposed. */
  name: string;
}

/** Pretraining goes on with a checkpoint's encoder, so the draft takes over family and options. */
export function startFromCheckpoint(
  draft: PretextDraft,
  id: string,
  encoder: { family: string; options: Record<string, unknown> },
): void {
  draft.startFrom = id;
  draft.family = encoder.family;
  draft.encoderOptions[encoder.family] = { ...encoder.options };
}

export function startFromRandom(draft: PretextDraft): void {
  draft.startFrom = '';
}

export interface TournamentDraft {
  /** Ids of the tasks that compete; null as long as the advisor's proposal stands. */
  tasks: string[] | null;
  /** Of the tournament itself: rounds, seeds, what is made equal. */
  values: Record<string, unknown>;
  /** What the advisor goes by: the largest batch, and minutes for one pretraining. */
  batchSize: number | undefined;
  minutes: number | undefined;
}

export interface FinetuneDraft {
  /** Id of the checkpoint that is transferred. */
  checkpoint: string;
  dataset: string;
  /** Further datasets, each with a head of its own. */
  also: string[];
  /** Null until they are chosen: what the dataset proposes. */
  budgets: LabelBudget[] | null;
  arms: Arm[] | null;
  /** Null: tested on the test split of the import. */
  folds: FoldDraft | null;
  values: Record<string, unknown>;
  name: string;
}
