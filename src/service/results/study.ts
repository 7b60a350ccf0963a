/** The result document of a study: every seed's scores, means, deviations, and the paired difference. */
import type { Run } from '../../contract/entities.ts';
import { PretextError } from '../../contract/errors.ts';
import { defaultMetric } from '../../contract/results/metric.ts';
import { downstreamOf, finetuneDatasetOf, type Arm, type Recipe } from '../../contract/recipe/recipe.ts';
import type { ResultRow, StudyResult, SummaryRow, TestedDataset } from '../../contract/results/result.ts';
import { labelEfficiencyOf } from '../../learning/evaluation/intervals/label-efficiency.ts';
import { overfitGap, spread } from '../../learning/evaluation/intervals/statistics.ts';
import {
  getStudy,
  listAnswersOf,
  listResultsOfRun,
  listRunsOf,
  missingDataset,
  readSeenParts,
  type HeadResult,
  type ReadableProject,
  type StoredRun,
} from '../../project/index.ts';
import { cautionsOf, COMPARED, copiesElsewhere, heldOutSeen, PUT_TOGETHER } from './fairness.ts';
import { armInterval, differenceOf, type Measurement } from './intervals.ts';
import { factsOf, type Facts } from '../datasets/facts.ts';
import { tournamentResult } from '../tournament/result.ts';
import { foldOf, isMaking, pretrainingOf, triedBy } from '../recipes/tries.ts';
import type { Proof, StudyFolds } from '../../contract/results/folds.ts';
import { proofsOf, studyFolds } from './folds.ts';
import { tuningOf } from './tuning.ts';
import { unlikeMachines } from './unlike-machines.ts';

/** What a run found on one of the datasets that it measures. */
export interface RunResults {
  run: Run;
  dataset: string;
  /** The place of the dataset among those of the run. */
  head: number;
  rows: ResultRow[];
  /** By seed, what test samples contributed to its score. */
  influences: ReadonlyMap<number, Float64Array>;
}

/** What is known so far; complete once the study is done. */
export function studyResult(project: ReadableProject, studyId: string): StudyResult {
  const { study, importSeconds } = getStudy(project, studyId);
  const facts = factsOf(project, study);
  const stored = measuringRuns(project, studyId);
  const runs = stored.map(({ run }) => run);
  const tuning = tuningOf(study, stored, (run) => rowsOf(project, run));
  const cautions = [...cautionsOf(project, study.recipe, firstStart(runs), facts), ...unlikeMachines(stored)];
  const leftOut = copiesElsewhere(project, study.recipe, facts).leftOut;
  const transductive = heldOutSeen(project, study.recipe).length > 0 && { transductive: true as const };
  const results = resultsOf(project, stored, tuning);
  const seen = readSeenParts(project, studyId);
  const folds = studyFolds(project, study, stored, seen);
  const proofs = proofsOf(seen, stored);
  const divided = { folds, proofs, recipe: study.recipe };
  const [first, ...others] = downstreamOf(study.recipe).map((name) =>
    testedOn(facts, name, results, divided),
  ) as [TestedDataset, ...TestedDataset[]];
  const { dataset: _first, ...told } = first;
  const { target = 'classes' } = facts.dataset(first.dataset) ?? {};
  const tournament = tournamentResult(project, study, {
    validationSamples: told.split.validation,
    metric: defaultMetric(target),
  });
  return {
    study: study.id,
    project: project.folder,
    runs: runs.map(({ id }) => id),
    results: results.flatMap(({ rows }) => rows.map((row) => ({ ...row, ...transductive }))),
    summary: summarise(results).map((row) => ({ ...row, ...transductive })),
    seconds: importSeconds + runs.reduce((total, { seconds }) => total + seconds, 0),
    ...told,
    ...(others.length > 0 && { datasets: [first, ...others] }),
    findings: runs.flatMap(({ id, findings }) => findings.map((finding) => ({ run: id, ...finding }))),
    ...transductive,
    ...(cautions.length > 0 && { cautions }),
    ...(leftOut.length > 0 && {
      leftOutOfPretraining: leftOut.map(({ dataset, seen, heldOut, of }) => ({
        dataset,
        samples: seen,
        heldOut,
        ...(others.length > 0 && { of }),
      })),
    }),
    ...(tournament && { tournament }),
    ...(folds && { folds }),
    ...(proofs.length > 0 && { proofs }),
    ...(tuning && { tuning: tuning.result }),
  };
}

/** Its own split, weights, and what labels are worth on it. */
function testedOn(
  facts: Facts,
  dataset: string,
  results: readonly RunResults[],
  divided: Divided,
): TestedDataset {
  const split = splitOf(facts, dataset, divided);
  const weightedBy = facts.dataset(dataset)?.weightedBy;
  const labelEfficiency = labelEfficiencyOf(
    results.filter((one) => one.dataset === dataset).flatMap(measurements),
  );
  return {
    dataset,
    split,
    ...(weightedBy !== undefined && { weightedBy }),
    ...(labelEfficiency && { labelEfficiency }),
  };
}

/** Those that the study planned: what was made of them since is none of its measurements. */
export const measuringRuns = (project: ReadableProject, studyId: string): StoredRun[] =>
  listRunsOf(project, studyId).filter((stored) => !isMaking(stored));

/**
 * What was found on one of the datasets that are fine-tuned, by whichever head of a run, where its test scores count: of
 * settings that were tried, only those that were chosen. Runs without scores are none of them.
 */
export function measuredOn(project: ReadableProject, studyId: string, dataset: string): RunResults[] {
  const { study } = getStudy(project, studyId);
  const stored = measuringRuns(project, studyId).filter(({ run }) => run.datasets.includes(dataset));
  const tuning = tuningOf(study, stored, (run) => rowsOf(project, run));
  return resultsOf(project, stored, tuning).filter((one) => one.dataset === dataset && one.rows.length > 0);
}

/**
 * Runs on the first dataset that is fine-tuned, with each further dataset that they measure.
 *
 * @param dataset that the runs begin with; left out: the first that is fine-tuned
 */
export function measuredHeads(project: ReadableProject, studyId: string, dataset?: string): RunResults[] {
  const { study } = getStudy(project, studyId);
  const first = dataset ?? finetuneDatasetOf(study.recipe);
  const stored = measuringRuns(project, studyId).filter(
    ({ run }) => run.kind === 'pretext' || run.datasets[0] === first,
  );
  const tuning = tuningOf(study, stored, (run) => rowsOf(project, run));
  return resultsOf(project, stored, tuning);
}

function resultsOf(
  project: ReadableProject,
  stored: readonly StoredRun[],
  tuning: ReturnType<typeof tuningOf>,
): RunResults[] {
  return stored.flatMap((one): RunResults[] => {
    const tuned = tuning?.chosen.get(one.run.id);
    if (triedBy(one) !== null && !tuned) return [];
    const pretraining = pretrainingOf(one);
    const fold = foldOf(one);
    const byHead = Map.groupBy(headRowsOf(project, one.run), ({ head }) => head);
    const answers = listAnswersOf(project, one.run.id);
    return one.run.datasets.flatMap((dataset, head): RunResults[] => {
      const found = byHead.get(head);
      if (!found && head > 0) return [];
      const rows = (found ?? []).map(({ row }) => ({
        ...row,
        ...(tuned && { tuned }),
        ...(pretraining !== null && { pretraining }),
        ...(fold !== null && { fold }),
      }));
      const own = answers.filter((kept) => kept.head === head);
      const influences = new Map(own.map((kept) => [kept.seed, kept.influences]));
      return [{ run: one.run, dataset, head, rows, influences }];
    });
  });
}

function headRowsOf(project: ReadableProject, { id, budget }: Run): HeadResult[] {
  const found = listResultsOfRun(project, id);
  return budget ? found.map(({ head, row }) => ({ head, row: { ...row, budget } })) : found;
}

const rowsOf = (project: ReadableProject, run: Run): ResultRow[] =>
  headRowsOf(project, run).map(({ row }) => row);

const firstStart = (runs: readonly Run[]) =>
  runs.flatMap(({ startedAt }) => startedAt ?? []).sort()[0] ?? null;

/** One row for each dataset that is fine-tuned and label budget, in the order of the recipe. */
export function summarise(results: readonly RunResults[]): SummaryRow[] {
  const byBudget = Map.groupBy(
    results.filter(({ rows }) => rows.length > 0),
    ({ dataset, run }) => JSON.stringify([dataset, run.budget]),
  );
  return [...byBudget.values()].map(summariseBudget);
}

function summariseBudget(results: readonly RunResults[]): SummaryRow {
  const { dataset, labelsPerClass, budget, metric } = results[0]!.rows[0]!;
  const drawn = results.flatMap(({ rows }) => rows.map(({ labels }) => labels));
  // Whole groups come to other counts with each seed.
  const labels = Math.round(drawn.reduce((sum, count) => sum + count, 0) / drawn.length);
  const measuredOf = (arm: Arm) => results.filter(({ run }) => run.arm === arm).flatMap(measurements);
  const arms = [...new Set(results.map(({ run }) => run.arm!))];
  return {
    dataset,
    labels,
    labelsPerClass,
    ...(budget && { budget }),
    metric,
    ...(results.some(({ rows }) => rows.some(({ perTarget }) => perTarget)) && { several: true as const }),
    arms: Object.fromEntries(arms.map((arm) => [arm, summariseArm(measuredOf(arm))])),
    difference: differenceOf(measuredOf(COMPARED[0]), measuredOf(COMPARED[1])),
    ...differencesOf(measuredOf),
  };
}

/** What the datasets beside a study's own add, and what it would be with its own, or without. */
function differencesOf(measuredOf: (arm: Arm) => Measurement<ResultRow>[]): Pick<SummaryRow, 'differences'> {
  const found = PUT_TOGETHER.flatMap((of) => {
    const [one, other] = of.map(measuredOf);
    return differenceOf(one!, other!, undefined, of) ?? [];
  });
  return found.length > 0 ? { differences: found } : {};
}

/** Folds are tested on samples of their own: what these vary by stands in the spread of the folds. */
const measurements = ({ rows, influences }: RunResults): Measurement<ResultRow>[] =>
  rows.map((row) => ({
    row,
    influences: row.fold === undefined ? (influences.get(row.seed) ?? null) : null,
  }));

function summariseArm(measured: readonly Measurement<ResultRow>[]) {
  const rows = measured.map(({ row }) => row);
  const calibration = meanCalibration(rows);
  return {
    ...spread(rows.map(({ test }) => test)),
    interval: armInterval(measured),
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

interface Divided {
  folds: StudyFolds | null;
  proofs: readonly Proof[];
  recipe: Recipe;
}

/** Throws `split.not-disjoint` when a group stands in two splits: no score would mean anything then. */
function splitOf(facts: Facts, datasetName: string, divided: Divided): StudyResult['split'] {
  const dataset = facts.dataset(datasetName);
  if (!dataset) throw missingDataset(datasetName);
  if (divided.folds && datasetName === finetuneDatasetOf(divided.recipe)) return foldedSplit(divided.folds);
  const { by } = dataset.split;
  const parted = facts.partedGroups(datasetName);
  if (parted > 0)
    throw new PretextError({
      code: 'split.not-disjoint',
      message: `${parted} groups of ${datasetName} stand in more than one split, so its test scores mean nothing.`,
      place: datasetName,
      remedy: 'Import the dataset again with a split that keeps groups together.',
    });
  const counted = divided.recipe.data.exclude && divided.proofs.find((one) => one.dataset === datasetName);
  const samples = counted
    ? {
        train: counted.parts.train.samples,
        validation: counted.parts.validation.samples,
        test: counted.parts.test.samples,
      }
    : dataset.split;
  const { train, validation, test } = samples;
  return { by, train, validation, test, disjoint: true };
}

/** Each sample is tested once; what trains and validates is told as the mean over folds. */
function foldedSplit({ words, folds }: StudyFolds): StudyResult['split'] {
  const known = folds.flatMap(({ samples }) => samples ?? []);
  const sum = (part: 'train' | 'validation' | 'test') => known.reduce((total, one) => total + one[part], 0);
  const mean = (part: 'train' | 'validation') => Math.round(sum(part) / Math.max(1, known.length));
  return {
    by: words,
    train: mean('train'),
    validation: mean('validation'),
    test: sum('test'),
    disjoint: true,
  };
}
