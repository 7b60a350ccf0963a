/** A recipe as a list of runs, and what becomes of a study as its runs go on. Pure. */
import type { Run, Study } from '../../contract/entities.ts';
import {
  pretextSchema,
  type Arm,
  type FinetuneConfig,
  type LabelBudget,
  type PretextConfig,
  type Recipe,
  downstreamOf,
  finetuneDatasetOf,
} from '../../contract/recipe/recipe.ts';
import { needsCheckpoint } from '../../contract/recipe/arms.ts';
import { candidatesOf, TUNED_ARMS, withCandidate } from '../../contract/recipe/tuning-plan.ts';
import type { CandidateSettings } from '../../contract/recipe/tuning.ts';
import type { PlannedRun } from '../../project/index.ts';
import { runIs } from '../../contract/status.ts';
import { formSources } from './form.ts';

export const datasetsOf = (recipe: Recipe) => [
  ...new Set([
    ...recipe.data.pretrain,
    ...downstreamOf(recipe),
    ...formSources(recipe.data),
    ...Object.keys(recipe.data.import),
  ]),
];

/** How often a study pretrains. */
export const pretrainingsOf = ({ pretext, fromCheckpoint }: Recipe): number =>
  pretext && fromCheckpoint === undefined ? (pretext.seeds ?? 1) : 1;

/** The pretext runs first (unless a checkpoint is given), then every arm at every label budget, with all its tries. */
export function planRuns(recipe: Recipe): PlannedRun[] {
  const common = { data: recipe.data, encoder: recipe.encoder, device: recipe.device };
  const pretrains = recipe.pretext !== undefined && recipe.fromCheckpoint === undefined;
  const pretrainings = pretrainingsOf(recipe);
  const pretext = pretrains
    ? // What is left out yet is written in once the data are there.
      Array.from({ length: pretrainings }, (_, place) =>
        pretraining(pretextSchema.parse(recipe.pretext), place),
      )
    : [];
  const finetune = recipe.finetune;
  if (!finetune) return pretext;
  return [
    ...pretext,
    ...finetune.budgets.flatMap((budget) =>
      finetune.arms.flatMap((arm) =>
        triesOf(arm).flatMap((settings) =>
          sharesOf(arm).map((share) => planned(arm, budget, { settings, share })),
        ),
      ),
    ),
  ];

  function pretraining({ seeds: _seeds, ...config }: PretextConfig, place: number): PlannedRun {
    return {
      kind: 'pretext',
      title: config.task,
      task: config.task,
      arm: null,
      budget: null,
      datasets: recipe.data.pretrain,
      checkpointId: config.startFrom ?? null,
      afterPretext: null,
      config: { ...common, pretext: { ...config, seed: config.seed + place } },
    };
  }

  /** One run an arm, or one for each of the settings that every trained arm is tried with. */
  function triesOf(arm: Arm): (CandidateSettings | null)[] {
    const candidates = TUNED_ARMS.includes(arm) ? candidatesOf(finetune!) : [];
    return candidates.length > 0 ? candidates : [null];
  }

  /** Arms that start from pretraining have a run for each: seeds are dealt out in turn, so more seeds move none. */
  function sharesOf(arm: Arm): Share[] {
    if (!needsCheckpoint(arm) || pretrainings === 1) return [null];
    const seeds = Array.from({ length: finetune!.seeds }, (_, index) => finetune!.firstSeed + index);
    return Array.from({ length: pretrainings }, (_, place) => ({
      place,
      seeds: seeds.filter((_, index) => index % pretrainings === place),
    })).filter((share) => share.seeds.length > 0);
  }

  function planned(
    arm: Arm,
    budget: LabelBudget,
    { settings, share }: { settings: CandidateSettings | null; share: Share },
  ): PlannedRun {
    return {
      kind: 'finetune',
      title: arm,
      task: null,
      arm,
      budget,
      datasets: [finetuneDatasetOf(recipe)],
      checkpointId: needsCheckpoint(arm) ? (recipe.fromCheckpoint ?? null) : null,
      afterPretext: needsCheckpoint(arm) && pretrains ? (share?.place ?? 0) : null,
      config: {
        ...common,
        arm,
        budget,
        finetune: withoutPlan(finetune!, settings),
        transfer: recipe.pretext?.checkpoint ?? 'last',
        ...(settings && { try: { settings } }),
        ...(share && { pretraining: share.place + 1, seeds: share.seeds }),
      },
    };
  }
}

/** The seeds of fine-tuning that start from one of several pretrainings; null where there is one, or none. */
type Share = { place: number; seeds: number[] } | null;

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
    if (!runIs('waiting', { status })) return false;
    return needsOf(id).every((needed) => statusOf.get(needed) === 'done' || canGoOn(needed));
  };
  if (runs.some((run) => canGoOn(run.id))) return 'running';
  if (runs.some((run) => run.status === 'away')) return 'away';
  if (runs.some((run) => run.status === 'paused')) return 'paused';
  if (runs.some((run) => run.status === 'failed')) return 'failed';
  if (runs.some((run) => run.status === 'cancelled')) return 'cancelled';
  return 'done';
}
