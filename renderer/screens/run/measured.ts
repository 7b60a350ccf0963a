/** Which scores of a comparison are a run's own. */
import {
  isPretextConfig,
  type FinetuneRunConfig,
  type RunConfig,
} from '../../../src/contract/recipe/run-config.ts';
import { downstreamOf } from '../../../src/contract/recipe/recipe.ts';
import type { Run } from '../../../src/contract/entities.ts';
import type { ResultRow } from '../../../src/contract/results/result.ts';
import { sameBudget } from '../../lib/forms/finetune-plan.ts';

export interface Measured {
  dataset: string;
  /** One a seed. */
  rows: ResultRow[];
}

/**
 * Of each dataset that the run measures, the first even before it has scores. From labels of others the encoder may have
 * learned, and another run of the arm measures them: which ones says the run's own configuration.
 *
 * @param config null while it is not known
 * @param results of the run's study
 */
export function measuredBy(run: Run, config: RunConfig | null, results: readonly ResultRow[]): Measured[] {
  const [first, ...others] = run.datasets;
  if (first === undefined) return [];
  if (!config || isPretextConfig(config)) return [{ dataset: first, rows: [] }];
  const measured = downstreamOf(config);
  const own = results.filter((row) => isOf(run, config, row));
  const rowsOn = (dataset: string): Measured => ({
    dataset,
    rows: own.filter((row) => row.dataset === dataset),
  });
  return [
    rowsOn(first),
    ...others
      .filter((name) => measured.includes(name))
      .map(rowsOn)
      .filter(({ rows }) => rows.length > 0),
  ];
}

/** A final model is none of the seeds that the study measured, at all labels either; an ensemble is of all of them. */
function isOf(run: Run, { fold, pretraining, try: tried }: FinetuneRunConfig, row: ResultRow): boolean {
  if (run.making === 'final' || row.arm !== run.arm || !sameBudget(row.budget, run.budget)) return false;
  if (fold && row.fold !== fold.number) return false;
  if (pretraining !== undefined && row.pretraining !== pretraining) return false;
  return !tried || isSame(tried.settings, row.tuned);
}

type Settings = NonNullable<ResultRow['tuned']>;
const isSame = (one: Settings, other: Settings | undefined): boolean =>
  one.learningRate === other?.learningRate &&
  one.weightDecay === other.weightDecay &&
  one.frozenEpochs === other.frozenEpochs;
