/** What was typed into the forms, kept while the project is open, so that looking elsewhere loses nothing. */
import type { FinetuneDraft, ImportDraft, PretextDraft, TournamentDraft } from '../../lib/forms/drafts.ts';

const emptyImport = (): ImportDraft => ({
  path: '',
  name: '',
  inspection: null,
  values: {},
  images: {},
  signals: {},
  text: {},
  own: {},
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
    startFrom: '',
    config: {},
    includeHeldOut: false,
    byRecording: false,
    together: null,
    alsoFinetune: [],
    shape: {},
    seed: 1,
    name: '',
  });
  tournament = $state<TournamentDraft>({ tasks: null, values: {}, batchSize: undefined, minutes: undefined });
  finetune = $state<FinetuneDraft>({
    checkpoint: '',
    dataset: '',
    also: [],
    budgets: null,
    arms: null,
    folds: null,
    values: {},
    name: '',
  });

  /** Begins anew, or with the settings of an earlier import. */
  clearImport(draft: ImportDraft = emptyImport()): void {
    this.import = draft;
  }
}
