/** Folds in the form of fine-tuning: what there is to hold out, what it comes to, and what it costs, in words. */
import type { Dataset, Run } from '../../../src/contract/entities.ts';
import {
  foldCount,
  foldsSchema,
  foldsWords,
  OWN_GROUPS,
  type Folds,
} from '../../../src/contract/recipe/folds.ts';
import type { Recipe } from '../../../src/contract/recipe/recipe.ts';
import { formatCounted, formatDuration } from '../words/format.ts';

/** As the form keeps it; null parts: each group is a fold. */
export interface FoldDraft {
  by: string;
  parts: number | null;
  /** Names of groups that the study leaves out. */
  excluded: readonly string[];
}

export interface Level {
  name: string;
  groups: number;
}

/** What can be held out of a dataset; the columns that people know before the groups that were made of them. */
export function levelsOf(dataset: Pick<Dataset, 'split'> | undefined): Level[] {
  if (!dataset || dataset.split.groups === 0) return [];
  const { levels = [], groups } = dataset.split;
  return [...levels, { name: OWN_GROUPS, groups }];
}

/** What the recipe's data say of it. */
export function divisionOf(draft: FoldDraft | null): Pick<Recipe['data'], 'folds' | 'exclude'> {
  if (!draft) return {};
  const excluded = [...draft.excluded];
  return {
    folds: foldsSchema.parse({ by: draft.by, count: draft.parts ?? 'each' }),
    ...(excluded.length > 0 && { exclude: [{ by: draft.by, groups: excluded }] }),
  };
}

export interface FoldCost {
  folds: number;
  pretrainings: number;
  /** Runs of fine-tuning of one fold. */
  runs: number;
}

export function foldCost(
  draft: FoldDraft,
  level: Level,
  { pretrainings, runs }: Pick<FoldCost, 'pretrainings' | 'runs'>,
): FoldCost {
  const left = level.groups - draft.excluded.length;
  const count: Folds['count'] = draft.parts ?? 'each';
  return { folds: Math.max(0, foldCount({ count }, left)), pretrainings, runs };
}

/** Seconds by what earlier runs took; null where there were none of either kind. */
export function secondsOf(
  { folds, pretrainings, runs }: FoldCost,
  earlier: readonly Pick<Run, 'kind' | 'status' | 'seconds'>[],
): number | null {
  const mean = (kind: Run['kind']) => {
    const own = earlier.filter((run) => run.kind === kind && run.status === 'done');
    return own.length === 0 ? null : own.reduce((sum, { seconds }) => sum + seconds, 0) / own.length;
  };
  const [pretext, finetune] = [mean('pretext'), mean('finetune')];
  if (pretrainings > 0 && pretext === null) return null;
  return folds * (pretrainings * (pretext ?? 0) + runs * (finetune ?? 0));
}

/** "Leave one participant out: 5 folds, each with … = 20 runs, about 12 min." */
export function costWords(draft: FoldDraft, cost: FoldCost, seconds: number | null): string {
  const { folds, pretrainings, runs } = cost;
  const each = [
    ...(pretrainings > 0 ? [formatCounted(pretrainings, 'pretraining')] : []),
    formatCounted(runs, 'run of fine-tuning', 'runs of fine-tuning'),
  ].join(' and ');
  const what = foldsWords({ by: draft.by, count: draft.parts ?? 'each' });
  const all = formatCounted(folds * (pretrainings + runs), 'run');
  const time =
    seconds === null
      ? ''
      : `, about ${formatDuration(Math.max(60, Math.round(seconds / 60) * 60))} as earlier runs took`;
  return `${what[0]!.toUpperCase()}${what.slice(1)}: ${formatCounted(folds, 'fold')}, each with ${each} of its own: ${all}${time}. Pretraining never sees the groups that are tested.`;
}

/** Why it cannot be started; null where it can. */
export function foldProblem(draft: FoldDraft, cost: FoldCost): string | null {
  const LEAST = 3;
  if (draft.parts !== null && (!Number.isInteger(draft.parts) || draft.parts < 2 || draft.parts > 100))
    return 'Parts must be a whole number from 2 to 100.';
  if (draft.parts === null && cost.folds < LEAST)
    return `At least ${LEAST} groups are needed: some train, some validate, some are tested.`;
  return null;
}
