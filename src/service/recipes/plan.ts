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
import type { FoldOfRun } from '../../contract/recipe/folds.ts';
import {
  needsCheckpoint,
  pretrainingOfArm,
  SHARING_ARMS,
  type PretrainingOf,
} from '../../contract/recipe/arms.ts';
import { candidatesOf, TUNED_ARMS, withCandidate } from '../../contract/recipe/tuning-plan.ts';
import type { CandidateSettings } from '../../contract/recipe/tuning.ts';
import type { PlannedRun } from '../../project/index.ts';
import { runIs } from '../../contract/status.ts';
import { formSources, togetherOf } from './form.ts';

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

/**
 * The pretext runs first (unless a checkpoint is given), then every arm at every label budget, with all its tries; of a
 * study with folds all of that for each, one fold after the other.
 *
 * @param folds as they were dealt; left out: samples are divided as their import says
 */
export function planRuns(recipe: Recipe, folds: readonly FoldOfRun[] = []): PlannedRun[] {
  const once = planOnce(recipe);
  if (folds.length === 0) return once;
  const pretrainings = once.filter(({ kind }) => kind === 'pretext').length;
  return folds.flatMap(({ number, of, sha256 }, place) =>
    once.map((run) => ({
      ...run,
      title: `${run.title}-fold${number}`,
      afterPretext: run.afterPretext === null ? null : run.afterPretext + place * pretrainings,
      config: { ...run.config, fold: { number, of, sha256 } },
    })),
  );
}

function planOnce(recipe: Recipe): PlannedRun[] {
  const common = { encoder: recipe.encoder, device: recipe.device };
  const pretrains = recipe.pretext !== undefined && recipe.fromCheckpoint === undefined;
  const pretrainings = pretrainingsOf(recipe);
  const sources = pretrains ? sourcesOf(recipe) : [];
  const pretext = sources.flatMap((source) =>
    // What is left out yet is written in once the data are there.
    Array.from({ length: pretrainings }, (_, place) =>
      pretraining(source, pretextSchema.parse(recipe.pretext), place),
    ),
  );
  const finetune = recipe.finetune;
  if (!finetune) return pretext;
  return [
    ...pretext,
    ...downstreamOf(recipe).flatMap((dataset) =>
      finetune.budgets.flatMap((budget) =>
        finetune.arms.flatMap((arm) =>
          isMeasuredElsewhere(dataset, arm)
            ? []
            : triesOf(arm).flatMap((settings) =>
                sharesOf(arm).map((share) => planned(dataset, arm, budget, { settings, share })),
              ),
        ),
      ),
    ),
  ];

  function pretraining(
    { data, words }: PretrainingSource,
    { seeds: _seeds, ...config }: PretextConfig,
    place: number,
  ): PlannedRun {
    return {
      kind: 'pretext',
      title: [config.task, words].filter(Boolean).join(' '),
      task: config.task,
      arm: null,
      budget: null,
      datasets: data.pretrain,
      checkpointId: config.startFrom ?? null,
      afterPretext: null,
      config: { data, ...common, pretext: { ...config, seed: config.seed + place } },
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

  /** Datasets whose labels the encoder learns from as well. */
  function besideOf(dataset: string, arm: Arm): string[] {
    if (finetune!.heads !== 'together' || !SHARING_ARMS.includes(arm)) return [];
    return downstreamOf(recipe).filter((name) => name !== dataset);
  }

  /** Heads that are trained at once are measured at once, where they start from the same weights. */
  function measuresAll(dataset: string, arm: Arm): boolean {
    return pretrainingOfArm(arm) === 'all' && besideOf(dataset, arm).length > 0;
  }

  function isMeasuredElsewhere(dataset: string, arm: Arm): boolean {
    return measuresAll(dataset, arm) && dataset !== finetuneDatasetOf(recipe);
  }

  function planned(
    dataset: string,
    arm: Arm,
    budget: LabelBudget,
    { settings, share }: { settings: CandidateSettings | null; share: Share },
  ): PlannedRun {
    const source = sources.findIndex(
      (one) => one.of === pretrainingOfArm(arm) && (one.of === 'all' || one.dataset === dataset),
    );
    return {
      kind: 'finetune',
      title: arm,
      task: null,
      arm,
      budget,
      datasets: [dataset, ...besideOf(dataset, arm)],
      checkpointId: needsCheckpoint(arm) ? (recipe.fromCheckpoint ?? null) : null,
      afterPretext: needsCheckpoint(arm) && pretrains ? source * pretrainings + (share?.place ?? 0) : null,
      config: {
        data: dataFor(recipe.data, dataset, measuresAll(dataset, arm) ? besideOf(dataset, arm) : []),
        ...common,
        arm,
        budget,
        finetune: withoutPlan(finetune!, settings),
        transfer: recipe.pretext?.checkpoint ?? 'last',
        ...(finetune!.heads === 'together' && { sparesCopiesOf: downstreamOf(recipe) }),
        ...(settings && { try: { settings } }),
        ...(share && { pretraining: share.place + 1, seeds: share.seeds }),
      },
    };
  }
}

interface PretrainingSource {
  of: PretrainingOf;
  /** For whom, where it is not for all. */
  dataset: string | null;
  data: Recipe['data'];
  words: string;
}

/** The pretraining of all datasets together, and where arms ask for them those of each alone and of all but each. */
function sourcesOf({ data, finetune, ...recipe }: Recipe): PretrainingSource[] {
  const wanted = new Set(finetune?.arms.filter(needsCheckpoint).map(pretrainingOfArm));
  const each = (of: 'own' | 'others', pretrain: (dataset: string) => string[]) =>
    wanted.has(of)
      ? downstreamOf({ data }).map((dataset): PretrainingSource => ({
          of,
          dataset,
          data: { ...dataFor(data, dataset), pretrain: pretrain(dataset) },
          words: of === 'own' ? `on ${dataset}` : `without ${dataset}`,
        }))
      : [];
  const all = wanted.has('all') || wanted.size === 0 || recipe.tournament !== undefined;
  return [
    ...(all ? [{ of: 'all' as const, dataset: null, data, words: '' }] : []),
    ...each('own', (dataset) => [dataset]),
    ...each('others', (dataset) => data.pretrain.filter((name) => name !== dataset)),
  ];
}

/**
 * What a run on one of several datasets is told: that one is meant, and which form all have.
 *
 * @param also that it measures as well
 */
function dataFor(data: Recipe['data'], dataset: string, also: string[] = []): Recipe['data'] {
  const together = togetherOf(data);
  if (!together) return data;
  const { alsoFinetune: _others, ...rest } = data;
  return { ...rest, finetune: dataset, ...(also.length > 0 && { alsoFinetune: also }), together };
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
