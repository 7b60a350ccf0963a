/** A recipe as a list of runs, and what becomes of a study as its runs go on. Pure. */
import type { Dataset, Run, Study } from '../../contract/entities.ts';
import type { Arm, FinetuneConfig, LabelBudget, Recipe } from '../../contract/recipe.ts';
import { candidatesOf, TUNED_ARMS, withCandidate } from '../../contract/tuning-plan.ts';
import type { CandidateSettings } from '../../contract/tuning.ts';
import type { PlannedRun } from '../../project/index.ts';
import { trySchema } from './tries.ts';

/** Arms that start from the weights of a pretext run's checkpoint. */
export const needsCheckpoint = (arm: Arm) => arm !== 'baseline';

export const finetuneDatasetOf = (recipe: Recipe) => recipe.data.finetune ?? recipe.data.pretrain[0]!;

export const datasetsOf = (recipe: Recipe) => [
  ...new Set([...recipe.data.pretrain, finetuneDatasetOf(recipe), ...Object.keys(recipe.data.import)]),
];

/** The shape that all datasets of a study are brought to: the fine-tuning dataset's own, unless the recipe says so. */
export function commonShape(dataset: Pick<Dataset, 'modality' | 'shape'>, data: Recipe['data']): number[] {
  if (dataset.modality !== 'image') return dataset.shape;
  const [height = 0, width = 0, channels = 0] = dataset.shape;
  const depth = data.color === 'auto' ? channels : data.color === 'grey' ? 1 : 3;
  return [data.imageSize ?? height, data.imageSize ?? width, depth];
}

/** The pretext run first (unless a checkpoint is given), then every arm at every label budget, with all its tries. */
export function planRuns(recipe: Recipe): PlannedRun[] {
  const common = { data: recipe.data, encoder: recipe.encoder, device: recipe.device };
  const pretrains = recipe.pretext !== undefined && recipe.fromCheckpoint === undefined;
  const pretext: PlannedRun[] = pretrains
    ? [
        {
          kind: 'pretext',
          title: recipe.pretext!.task,
          task: recipe.pretext!.task,
          arm: null,
          budget: null,
          datasets: recipe.data.pretrain,
          checkpointId: recipe.pretext!.startFrom ?? null,
          afterPretext: false,
          config: { ...common, pretext: recipe.pretext },
        },
      ]
    : [];
  const finetune = recipe.finetune;
  if (!finetune) return pretext;
  return [
    ...pretext,
    ...finetune.budgets.flatMap((budget) =>
      finetune.arms.flatMap((arm) => triesOf(arm).map((settings) => planned(arm, budget, settings))),
    ),
  ];

  /** One run an arm, or one for each of the settings that every trained arm is tried with. */
  function triesOf(arm: Arm): (CandidateSettings | null)[] {
    const candidates = TUNED_ARMS.includes(arm) ? candidatesOf(finetune!) : [];
    return candidates.length > 0 ? candidates : [null];
  }

  function planned(arm: Arm, budget: LabelBudget, settings: CandidateSettings | null): PlannedRun {
    return {
      kind: 'finetune',
      title: arm,
      task: null,
      arm,
      budget,
      datasets: [finetuneDatasetOf(recipe)],
      checkpointId: needsCheckpoint(arm) ? (recipe.fromCheckpoint ?? null) : null,
      afterPretext: needsCheckpoint(arm) && pretrains,
      config: {
        ...common,
        arm,
        budget,
        finetune: withoutPlan(finetune!, settings),
        transfer: recipe.pretext?.checkpoint ?? 'last',
        ...(settings && { try: trySchema.parse({ settings }) }),
      },
    };
  }
}

/** A single run keeps the fields that concern it, not the list of budgets, arms and tries it was one of. */
function withoutPlan(
  { budgets: _budgets, arms: _arms, ...rest }: FinetuneConfig,
  settings: CandidateSettings | null,
) {
  return withCandidate(rest, settings);
}

/** What a study is, given its runs: `waits` tells, for a waiting run, whether what it needs can still be done. */
export function studyStatusOf(
  runs: readonly Pick<Run, 'id' | 'status'>[],
  needsOf: (runId: string) => readonly string[],
): Study['status'] {
  const statusOf = new Map(runs.map((run) => [run.id, run.status]));
  const canGoOn = (id: string): boolean => {
    const status = statusOf.get(id);
    if (status === 'running' || status === undefined) return true;
    if (status !== 'queued' && status !== 'interrupted') return false;
    return needsOf(id).every((needed) => statusOf.get(needed) === 'done' || canGoOn(needed));
  };
  if (runs.some((run) => canGoOn(run.id))) return 'running';
  if (runs.some((run) => run.status === 'paused')) return 'paused';
  if (runs.some((run) => run.status === 'failed')) return 'failed';
  if (runs.some((run) => run.status === 'cancelled')) return 'cancelled';
  return 'done';
}
