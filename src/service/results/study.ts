/** The result document of a study: every seed's scores, means, deviations, and the paired difference. */
import type { Run } from '../../contract/entities.ts';
import { PretextError } from '../../contract/errors.ts';
import { asGain } from '../../contract/metric.ts';
import type { Arm } from '../../contract/recipe.ts';
import type { ResultRow, StudyResult, SummaryRow } from '../../contract/result.ts';
import { labelEfficiencyOf } from '../../learning/evaluation/label-efficiency.ts';
import { overfitGap, pairedDifference, spread } from '../../learning/evaluation/statistics.ts';
import {
  countPartedGroups,
  findDataset,
  getStudy,
  listResultsOfRun,
  listRunsOf,
  missingDataset,
  type ReadableProject,
} from '../../project/index.ts';
import { cautionsOf, COMPARED, copiesElsewhere, heldOutSeen } from './fairness.ts';
import { tournamentResult } from '../tournament/result.ts';
import { finetuneDatasetOf } from '../recipes/plan.ts';
import { triedBy } from '../recipes/tries.ts';
import { tuningOf } from './tuning.ts';

interface RunResults {
  run: Run;
  rows: ResultRow[];
}

/** What is known so far; complete once the study is done. */
export function studyResult(project: ReadableProject, studyId: string): StudyResult {
  const { study, importSeconds } = getStudy(project, studyId);
  const stored = listRunsOf(project, studyId);
  const runs = stored.map(({ run }) => run);
  const tuning = tuningOf(study, stored, (run) => rowsOf(project, run));
  const cautions = cautionsOf(project, study.recipe, firstStart(runs));
  const leftOut = copiesElsewhere(project, study.recipe).leftOut;
  const transductive = heldOutSeen(project, study.recipe).length > 0 && { transductive: true as const };
  const results = stored.flatMap(({ run, config }) => {
    if (triedBy({ config }) === null) return [{ run, rows: rowsOf(project, run) }];
    const tuned = tuning?.chosen.get(run.id);
    return tuned ? [{ run, rows: rowsOf(project, run).map((row) => ({ ...row, tuned })) }] : [];
  });
  const labelEfficiency = labelEfficiencyOf(results.flatMap(({ rows }) => rows));
  const split = splitOf(project, finetuneDatasetOf(study.recipe));
  const tournament = tournamentResult(project, study, split.validation);
  return {
    study: study.id,
    project: project.folder,
    runs: runs.map(({ id }) => id),
    results: results.flatMap(({ rows }) => rows.map((row) => ({ ...row, ...transductive }))),
    summary: summarise(results).map((row) => ({ ...row, ...transductive })),
    seconds: importSeconds + runs.reduce((total, { seconds }) => total + seconds, 0),
    split,
    findings: runs.flatMap(({ id, findings }) => findings.map((finding) => ({ run: id, ...finding }))),
    ...transductive,
    ...(cautions.length > 0 && { cautions }),
    ...(leftOut.length > 0 && {
      leftOutOfPretraining: leftOut.map(({ dataset, seen, heldOut }) => ({
        dataset,
        samples: seen,
        heldOut,
      })),
    }),
    ...(labelEfficiency && { labelEfficiency }),
    ...(tournament && { tournament }),
    ...(tuning && { tuning: tuning.result }),
  };
}

function rowsOf(project: ReadableProject, { id, budget }: Run): ResultRow[] {
  const rows = listResultsOfRun(project, id);
  return budget ? rows.map((row) => ({ ...row, budget })) : rows;
}

const firstStart = (runs: readonly Run[]) =>
  runs.flatMap(({ startedAt }) => startedAt ?? []).sort()[0] ?? null;

/** One row for each label budget, in the order of the recipe. */
export function summarise(results: readonly RunResults[]): SummaryRow[] {
  const byBudget = Map.groupBy(
    results.filter(({ rows }) => rows.length > 0),
    ({ run }) => JSON.stringify(run.budget),
  );
  return [...byBudget.values()].map(summariseBudget);
}

function summariseBudget(results: readonly RunResults[]): SummaryRow {
  const { dataset, labels, labelsPerClass, budget, metric } = results[0]!.rows[0]!;
  const rowsOf = (arm: Arm) => results.filter(({ run }) => run.arm === arm).flatMap(({ rows }) => rows);
  const arms = [...new Set(results.map(({ run }) => run.arm!))];
  return {
    dataset,
    labels,
    labelsPerClass,
    ...(budget && { budget }),
    metric,
    arms: Object.fromEntries(arms.map((arm) => [arm, summariseArm(rowsOf(arm))])),
    difference: differenceOf(rowsOf(COMPARED[0]), rowsOf(COMPARED[1])),
  };
}

function summariseArm(rows: readonly ResultRow[]) {
  const calibration = meanCalibration(rows);
  return {
    ...spread(rows.map(({ test }) => test)),
    overfitGap: overfitGap(rows),
    ...(calibration && { calibration }),
  };
}

/** Means over the seeds; null where no row has any, as for numbers. */
function meanCalibration(rows: readonly ResultRow[]) {
  const found = rows.flatMap(({ calibration }) => calibration ?? []);
  if (found.length === 0) return null;
  const mean = (values: (number | null | undefined)[]) =>
    values.some((value) => value == null) ? null : spread(values as number[]).mean;
  return {
    before: spread(found.map(({ before }) => before.expectedCalibrationError)).mean,
    after: mean(found.map(({ after }) => after?.expectedCalibrationError)),
    temperature: mean(found.map(({ temperature }) => temperature)),
  };
}

/** How much better pretrained is than baseline over the seeds that both have: positive is better. */
function differenceOf(
  pretrained: readonly ResultRow[],
  baseline: readonly ResultRow[],
): SummaryRow['difference'] {
  const gain = ({ metric, test }: ResultRow) => asGain(metric, test);
  const other = new Map(baseline.map((row) => [row.seed, gain(row)]));
  const pairs = pretrained.filter(({ seed }) => other.has(seed));
  const difference = pairedDifference(
    pairs.map(gain),
    pairs.map(({ seed }) => other.get(seed)!),
  );
  return difference && { of: COMPARED, mean: difference.mean, low: difference.low, high: difference.high };
}

/** Throws `split.not-disjoint` when a group stands in two splits: no score would mean anything then. */
function splitOf(project: ReadableProject, datasetName: string): StudyResult['split'] {
  const stored = findDataset(project, datasetName);
  if (!stored) throw missingDataset(datasetName);
  const { by, train, validation, test } = stored.dataset.split;
  const parted = countPartedGroups(project, stored.key);
  if (parted > 0)
    throw new PretextError({
      code: 'split.not-disjoint',
      message: `${parted} groups of ${datasetName} stand in more than one split, so its test scores mean nothing.`,
      place: datasetName,
      remedy: 'Import the dataset again with a split that keeps groups together.',
    });
  return { by, train, validation, test, disjoint: true };
}
