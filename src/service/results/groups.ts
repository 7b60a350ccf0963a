/** Scores by group of test samples (subject, site, session): for whom a model fails. */
import type { GroupScores } from '../../contract/results/result.ts';
import { downstreamOf, type Arm } from '../../contract/recipe/recipe.ts';
import {
  asGain,
  defaultMetric,
  isShare,
  metricOf,
  needsProbabilities,
  type MetricName,
} from '../../contract/results/metric.ts';
import {
  effectiveCount,
  groupInterval,
  unanimousBound,
} from '../../learning/evaluation/intervals/group-interval.ts';
import { scoreOf, weightAt } from '../../learning/evaluation/metrics/metrics.ts';
import { influencesOf } from '../../learning/evaluation/intervals/several-influence.ts';
import {
  areSeveral,
  countOf,
  severalScore,
  type GivenAnswers,
  type SeveralAnswers,
  weightsOf,
} from '../../learning/evaluation/metrics/several.ts';
import { getStudy, listAnswersOf, type ReadableProject, type StoredDataset } from '../../project/index.ts';
import { groupNames, levelTested, readAnswers, testedDataset, type AnswerColumns } from './answers.ts';
import { COMPARED } from './fairness.ts';
import { differenceOf, scoreEnds, unitOf, type Measurement } from './intervals.ts';
import { measuredOn, type RunResults } from './study.ts';

/**
 * Within a group: R² compares with the group's own mean, and says little of how far off the answers are; and the
 * probabilities of all classes are not kept.
 */
function metricWithin(metric: MetricName, ofLabels: boolean): MetricName {
  if (metric === 'r2') return 'rmse';
  if (!needsProbabilities(metric)) return metric;
  // Many a group has no sample with some label, or none without: how it ranks them cannot be told there.
  return ofLabels ? 'accuracy' : defaultMetric('classes');
}

/**
 * One entry for each dataset that is tested and label budget; none where test samples belong to no groups, or their
 * dataset is gone.
 */
export async function groupScores(project: ReadableProject, studyId: string): Promise<GroupScores[]> {
  const { study } = getStudy(project, studyId);
  const scores: GroupScores[] = [];
  for (const name of downstreamOf(study.recipe)) {
    const dataset = testedDataset(project, study, name);
    if (!dataset || dataset.dataset.split.groups === 0) continue;
    const budgets = Map.groupBy(measuredOn(project, studyId, name), ({ run }) => JSON.stringify(run.budget));
    for (const own of budgets.values())
      scores.push(await scoresOf(project, dataset, own, levelTested(study, name)));
  }
  return scores.filter(({ groups }) => groups.length > 0);
}

/** What one arm's seeds did within one group. */
interface Within {
  samples: number;
  /** Samples of the rarest class that the group has; weighted ones count as so many of one weight. */
  rarest: number;
  measured: Measurement[];
}

async function scoresOf(
  project: ReadableProject,
  stored: StoredDataset,
  runs: readonly RunResults[],
  level: string,
): Promise<GroupScores> {
  const { dataset, labels, budget, metric: studied } = runs[0]!.rows[0]!;
  const metric = metricWithin(studied, stored.dataset.target === 'labels');
  const groups = new Map<string, Map<Arm, Within>>();
  for (const { run, head, rows } of runs) {
    for (const kept of listAnswersOf(project, run.id)) {
      const row = kept.head === head && rows.find(({ seed }) => seed === kept.seed);
      if (!row) continue;
      const columns = await readAnswers(project, kept);
      const names = groupNames(project, stored, columns, level);
      for (const [number, answers] of byGroup(columns)) {
        const name = names.get(number)!;
        const arms = groups.get(name) ?? new Map<Arm, Within>();
        groups.set(name, arms);
        const within = arms.get(row.arm) ?? {
          samples: countOf(answers),
          rarest: rarestOf(answers),
          measured: [],
        };
        arms.set(row.arm, within);
        within.measured.push(measure(metric, answers, row));
      }
    }
  }
  const [first] = runs.map(({ run }) => run.arm!);
  const worst = (arms: ReadonlyMap<Arm, Within>) => {
    const own = arms.get(first!)?.measured ?? [];
    return asGain(metric, meanScore(own));
  };
  return {
    dataset,
    labels,
    ...(budget && { budget }),
    metric,
    groups: [...groups]
      .sort(([a, one], [b, other]) => worst(one) - worst(other) || a.localeCompare(b))
      .map(([group, arms]) => summary(group, metric, arms)),
  };
}

/** The answers on each group's samples, by its number. */
function byGroup(columns: AnswerColumns): Map<number, GivenAnswers> {
  const { targets, answers, groups, classNames, several, weights } = columns;
  const rows = new Map<number, number[]>();
  groups?.forEach((group, row) => {
    const own = rows.get(group);
    if (own) own.push(row);
    else if (group >= 0) rows.set(group, [row]);
  });
  return new Map(
    [...rows].map(([group, own]): [number, GivenAnswers] => [
      group,
      several
        ? rowsOfSeveral(several, own)
        : {
            targets: own.map((row) => targets[row]!),
            predictions: own.map((row) => answers[row]!),
            classCount: classNames?.length ?? 0,
            ...(weights && { weights: own.map((row) => weights[row]!) }),
          },
    ]),
  );
}

function rowsOfSeveral(several: SeveralAnswers, rows: readonly number[]): SeveralAnswers {
  const { width, truths, answers, weights } = several;
  const taken = (list: ArrayLike<number>) =>
    rows.flatMap((row) => Array.from({ length: width }, (_, at) => list[row * width + at]!));
  return {
    ...several,
    truths: taken(truths),
    answers: taken(answers),
    weights: weightsOf(weights, rows),
  };
}

function rarestOf(answers: GivenAnswers): number {
  const { weights } = answers;
  const of = (rows: readonly number[]) => effectiveCount(rows.map((row) => weightAt(weights, row)));
  if (areSeveral(answers)) return of(Array.from({ length: countOf(answers) }, (_, row) => row));
  const rows = Map.groupBy(Array.from(answers.targets).keys(), (row) => answers.targets[row]!);
  return Math.min(...[...rows.values()].map(of));
}

/** Every sample of the group is a block of its own: what varies within it is what its score is unsure by. */
function measure(
  metric: MetricName,
  answers: GivenAnswers,
  { seed, pretraining }: RunResults['rows'][number],
): Measurement {
  const count = countOf(answers);
  return {
    row: {
      seed,
      metric,
      test: areSeveral(answers) ? severalScore(metric, answers) : scoreOf(metric, answers),
      ...(pretraining !== undefined && { pretraining }),
    },
    influences: influencesOf(metric, answers).map((value) => value / count),
  };
}

const meanScore = (measured: readonly Measurement[]) =>
  measured.reduce((sum, { row }) => sum + row.test, 0) / Math.max(1, measured.length);

function summary(
  group: string,
  metric: MetricName,
  arms: ReadonlyMap<Arm, Within>,
): GroupScores['groups'][number] {
  const [one, other] = COMPARED.map((arm) => arms.get(arm)?.measured ?? []);
  const difference = differenceOf(one!, other!, groupInterval);
  return {
    group,
    samples: Math.max(...[...arms.values()].map(({ samples }) => samples)),
    arms: Object.fromEntries(
      [...arms].map(([arm, { measured, rarest }]) => [
        arm,
        {
          mean: meanScore(measured),
          n: measured.length,
          interval: intervalWithin(metric, measured, rarest),
        },
      ]),
    ),
    // Where both arms answer alike throughout, nothing varies and nothing is known.
    difference: difference && difference.low < difference.high ? difference : null,
  };
}

function intervalWithin(
  metric: MetricName,
  measured: readonly Measurement[],
  rarest: number,
): { low: number; high: number } | null {
  const found = groupInterval(measured.map(unitOf));
  if (!found) return null;
  const ends = scoreEnds(metric, found);
  // An error in units of the target cannot fall below 0.
  if (metricOf(metric).better === 'lower') return { ...ends, low: Math.max(0, ends.low) };
  if (!isShare(metric)) return ends;
  if (measured.every(({ row }) => row.test === 1)) return { low: unanimousBound(rarest), high: 1 };
  if (measured.every(({ row }) => row.test === 0)) return { low: 0, high: 1 - unanimousBound(rarest) };
  return { low: Math.max(0, ends.low), high: Math.min(1, ends.high) };
}
