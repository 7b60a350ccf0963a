/** A study's result as a table that can be read in ten seconds. */
import {
  countWords,
  tellingPoint,
  uncountedLabels,
  worthIntervalWords,
  worthSentence,
} from '../../contract/results/label-worth.ts';
import {
  equalWords,
  judgedBy,
  PROBE_WORDS,
  reasonSentences,
  recommendationSentence,
} from '../../contract/results/tournament-words.ts';
import { settingsWords } from '../../contract/recipe/tuning-plan.ts';
import { datasetMark, resultsByDataset } from '../../contract/results/tested.ts';
import { targetMetric, targetRows } from '../../contract/results/rows.ts';
import { togetherRows, togetherSentence } from '../../contract/results/together-words.ts';
import { foldCopiesSentence, foldScores, testedWords } from '../../contract/results/folds.ts';
import { referenceWords } from '../../contract/results/answer.ts';
import { scopeWords, verdictOf, type Verdict } from '../../contract/results/verdict.ts';
import { metricOf } from '../../contract/results/metric.ts';
import type { Arm, LabelBudget } from '../../contract/recipe/recipe.ts';
import type {
  GroupScores,
  StudyResult,
  SummaryRow,
  TournamentResult,
  TuningResult,
} from '../../contract/results/result.ts';
import { findingText } from './finding-text.ts';
import { duration, indented, plural, score, signed, table } from './text.ts';

export function resultText(name: string, result: StudyResult): string {
  const { summary, seconds, project } = result;
  const stands = result.tournament ? tournamentText(result.tournament) : [];
  if (summary.length === 0)
    return stands.length > 0 ? [name, ...stands].join('\n') : `${name}: no results yet.`;
  const parts = resultsByDataset(result);
  const measured = parts.map(
    ({ summary: [row], split }) =>
      `${metricOf(row!.metric).word} on ${plural(split.test, 'test sample')} of ${row!.dataset} (split by ${split.by})`,
  );
  const cautions = (result.cautions ?? []).map(({ message }) => `Caution: ${message}`);
  const findings = (result.findings ?? []).map((finding) => `Caution: ${findingText(finding)}`);
  const several = parts.length > 1;
  return [
    `${name}: ${measured.join('; ')}`,
    ...cautions,
    ...findings,
    ...stands,
    ...summary.flatMap((row) => [
      ...summaryText(row, several),
      ...foldText(result, row),
      ...targetText(result, row),
    ]),
    ...togetherText(result),
    ...(result.tuning ? tuningText(result.tuning) : []),
    ...parts.flatMap((part) => worthText(part, datasetMark(result, part.summary[0]!))),
    ...(result.groups ?? []).flatMap((scores) =>
      groupText(scores, { ofSeveral: several, ofBudgets: summary.length > parts.length }),
    ),
    ...parts.flatMap((part) => tellingText(part, datasetMark(result, part.summary[0]!))),
    '',
    `${duration(seconds)}${reusedText(result)} · ${project}`,
  ].join('\n');
}

/** What every arm was tried with, and its validation scores: the chosen one in brackets. */
function tuningText({ candidates, triesPerArm, choices }: TuningResult): string[] {
  const rows = choices.map(({ arm, budget, tries, atEdge }) => [
    arm,
    budgetText(budget),
    ...tries.map(({ validation, outcome }) => {
      const found = validation ? score(validation.mean) : outcome;
      return outcome === 'chosen' ? `[${found}]${atEdge ? '*' : ''}` : found;
    }),
  ]);
  const heads = candidates.map((settings) => settingsWords(settings, candidates));
  const numbers = candidates.map((_, place) => place + 2);
  return [
    '',
    `Tuning: ${plural(triesPerArm, 'setting')} tried for every trained arm alike; mean validation score over the seeds, [chosen]`,
    ...indented(table(['arm', 'labels', ...heads], rows, numbers)),
    ...(choices.some(({ atEdge }) => atEdge)
      ? ['  * the lowest or highest learning rate tried: a better one may lie beyond']
      : []),
  ];
}

export function budgetText(budget: LabelBudget): string {
  if (budget === 'all') return 'all';
  if ('groups' in budget) {
    const groups = plural(budget.groups, 'group');
    return budget.perClass === undefined ? groups : `${budget.perClass} per class from ${groups}`;
  }
  if ('perClass' in budget) return `${budget.perClass} per class`;
  return 'total' in budget ? String(budget.total) : `${Number((budget.share * 100).toPrecision(4))} %`;
}

/** Groups in the table; the JSON document has all. */
const GROUPS_SHOWN = 12;

/** Who was tested in each fold, and what came of it. */
function foldText(result: StudyResult, row: SummaryRow): string[] {
  const folds = foldScores(result, row);
  if (folds.length === 0) return [];
  const arms = Object.keys(row.arms) as Arm[];
  const { by } = result.folds!;
  const rows = folds.map((fold) => [
    String(fold.number),
    testedWords(fold, by),
    String(fold.samples?.test ?? '–'),
    ...arms.map((arm) => (fold.arms[arm] === undefined ? '–' : score(fold.arms[arm]))),
    fold.difference === null ? '–' : signed(fold.difference),
    testedWords({ test: fold.validation }, by),
  ]);
  const checked = folds.every(({ disjoint }) => disjoint !== null);
  return [
    '',
    ...indented(
      table(['fold', 'tested', 'test samples', ...arms, 'difference', 'validated'], rows, [
        0,
        2,
        ...arms.map((_, at) => at + 3),
        arms.length + 3,
      ]),
    ),
    checked
      ? '  No group is in two of pretraining or training, validation and test data of a fold: counted in every run.'
      : '  Not every fold has begun.',
    `  ${foldCopiesSentence(folds)}`,
  ];
}

/** For whom the models fail: the worst groups first, by the first arm. */
function groupText(
  { dataset, metric, budget, groups }: GroupScores,
  { ofSeveral, ofBudgets }: { ofSeveral: boolean; ofBudgets: boolean },
): string[] {
  const arms = [...new Set(groups.flatMap((one) => Object.keys(one.arms) as Arm[]))];
  const rows = groups.slice(0, GROUPS_SHOWN).map(({ group, samples, arms: scores }) => [
    group,
    String(samples),
    ...arms.flatMap((arm) => {
      const found = scores[arm];
      if (!found) return ['–', ''];
      const { mean, interval } = found;
      return [score(mean), interval ? `${score(interval.low)} to ${score(interval.high)}` : ''];
    }),
  ]);
  const more = groups.length - rows.length;
  return [
    '',
    `By group${ofSeveral ? ` of ${dataset}` : ''}, worst first: ${metricOf(metric).word} with its 95 % interval${ofBudgets && budget ? `, with ${budgetText(budget)}` : ''}`,
    ...indented(table(['group', 'test samples', ...arms.flatMap((arm) => [arm, ''])], rows, [1, 2, 4])),
    ...(more > 0 ? [`  and ${plural(more, 'more group')}: --json has them all`] : []),
  ];
}

/** In one sentence what pretraining is worth in labels. */
function tellingText(result: StudyResult, mark: string): string[] {
  const telling = tellingPoint(result);
  const uncounted = uncountedLabels(result);
  if (!telling) return [];
  return ['', `${mark}${worthSentence(telling)}`, ...(uncounted ? [uncounted] : [])];
}

/** Every arm at every budget against the baseline's curve. */
function worthText({ labelEfficiency }: StudyResult, mark: string): string[] {
  if (!labelEfficiency) return [];
  const { points, seeds } = labelEfficiency;
  const rows = points.map(({ arm, labels, score: test, worth, interval }) => [
    arm,
    labels.toLocaleString('en'),
    score(test),
    countWords(worth),
    interval ? worthIntervalWords(interval) : '–',
  ]);
  return [
    '',
    `${mark}${mark ? 'what' : 'What'} labels are worth after pretraining (read off the baseline’s curve, ${plural(seeds, 'seed')})`,
    ...indented(table(['arm', 'labels', 'test', 'from scratch', '95 % interval'], rows, [1, 2, 3])),
  ];
}

/** The rounds of a tournament, the best first, and what follows from them. */
function tournamentText(tournament: TournamentResult): string[] {
  const rounds = tournament.rounds.flatMap(({ round, candidates }) => [
    '',
    round === 0 ? 'Pacing: one epoch of each' : `Round ${round}`,
    ...indented(
      table(
        [
          'candidate',
          'epochs',
          'time',
          `${metricOf(judgedBy(tournament)).title} by ${PROBE_WORDS[tournament.probe]}, validation`,
          '95 % interval',
          '',
        ],
        candidates.map(({ candidate, epochs, seconds, score: found, interval, outcome }) => [
          candidate,
          String(epochs),
          duration(seconds),
          found === null ? '–' : score(found),
          interval ? `${score(interval.low)} to ${score(interval.high)}` : '',
          round === 0 && outcome === 'kept' ? '' : outcome,
        ]),
        [1, 2, 3],
      ),
    ),
  ]);
  const sentence = recommendationSentence(tournament);
  return [
    '',
    'Tournament of pretext tasks',
    equalWords(tournament),
    ...rounds,
    ...(sentence ? ['', sentence, ...reasonSentences(tournament)] : []),
  ];
}

function reusedText({ results }: StudyResult): string {
  const reused = results.filter(({ reusedFrom }) => reusedFrom !== undefined).length;
  return reused > 0 ? `, ${reused} of ${results.length} measurements reused from earlier studies` : '';
}

/** Of each of several labels or numbers, the score of every arm. */
function targetText(result: StudyResult, row: SummaryRow): string[] {
  const lines = targetRows(result, row);
  if (lines.length === 0) return [];
  const arms = Object.keys(row.arms) as Arm[];
  const ofLabels = lines.some(({ positives }) => positives !== undefined);
  const rows = lines.map(({ name, samples, positives, scores }) => [
    name,
    String(samples),
    ...(ofLabels ? [String(positives ?? 0)] : []),
    ...arms.map((arm) => (scores[arm] === undefined ? '–' : score(scores[arm]))),
  ]);
  const heads = [ofLabels ? 'label' : 'number', 'test samples', ...(ofLabels ? ['with it'] : []), ...arms];
  return [
    `  ${metricOf(targetMetric(row.metric)).title} of each:`,
    ...indented(
      table(
        heads,
        rows,
        heads.map((_, at) => at).filter((at) => at > 0),
      ),
      '    ',
    ),
  ];
}

/** What putting datasets together bought, pair by pair, and the sentence. */
function togetherText(result: StudyResult): string[] {
  const rows = togetherRows(result);
  const sentence = togetherSentence(result);
  if (rows.length === 0) return [];
  const metrics = new Set(rows.map(({ row }) => row.metric));
  const cells = rows.map(({ dataset, labels, pair, difference: { mean, low, high }, row }) => [
    metrics.size > 1 ? `${dataset} (${metricOf(row.metric).word})` : dataset,
    labels,
    pair,
    signed(mean),
    `${signed(low)} to ${signed(high)}`,
  ]);
  return [
    '',
    'What putting the datasets together bought: paired differences, positive is better',
    ...indented(table(['dataset', 'labels', '', 'difference', '95 % interval'], cells, [3, 4])),
    ...(sentence ? ['', sentence] : []),
  ];
}

function summaryText(row: SummaryRow, several: boolean): string[] {
  const ofGroups = typeof row.budget === 'object' && 'groups' in row.budget ? row.budget : null;
  const perClass = row.labelsPerClass
    ? ` (${ofGroups ? budgetText(ofGroups) : `${row.labelsPerClass} per class`})`
    : '';
  const reference = referenceWords(row);
  const labels =
    ofGroups && ofGroups.perClass === undefined
      ? `all labels of ${budgetText(ofGroups)}, about ${row.labels.toLocaleString('en')}`
      : `${plural(row.labels, 'label')}${perClass}`;
  const rows = Object.entries(row.arms).map(([arm, { mean, sd, n, overfitGap }]) => [
    arm,
    score(mean),
    `± ${score(sd)}`,
    signed(overfitGap),
    String(n),
  ]);
  return [
    '',
    `${several ? `${row.dataset}, with` : 'With'} ${labels}${row.transductive ? ', transductive' : ''}`,
    ...indented(table(['arm', 'test', '', 'overfit gap', 'seeds'], rows, [1, 3, 4])),
    ...calibrationText(row),
    ...(row.difference ? [`  ${differenceText(row, row.difference)}`] : []),
    ...(reference ? [`  ${reference}`] : []),
  ];
}

/** Calibration error before and after the temperature, one line for all arms. */
function calibrationText({ arms }: SummaryRow): string[] {
  const parts = Object.entries(arms).flatMap(([arm, { calibration }]) => {
    if (!calibration) return [];
    const { before, after } = calibration;
    return [`${arm} ${score(before)}${after === null ? '' : ` → ${score(after)}`}`];
  });
  if (parts.length === 0) return [];
  return [`  calibration error, as trained → with a temperature from validation data: ${parts.join(', ')}`];
}

const VERDICTS: Record<Verdict, string> = {
  better: 'pretraining helps',
  worse: 'pretraining harms',
  same: 'no clear difference',
  unknown: 'nobody can tell how sure that is',
};

function differenceText(row: SummaryRow, difference: NonNullable<SummaryRow['difference']>): string {
  const { of, mean, low, high } = difference;
  const { better, word } = metricOf(row.metric);
  const what =
    better === 'lower' ? `${of[1]} − ${of[0]}, as a lower ${word} is better` : `${of[0]} − ${of[1]}`;
  return `${what}: ${signed(mean)}, 95 % interval ${signed(low)} to ${signed(high)} ${scopeWords(difference)}: ${VERDICTS[verdictOf(row)]}`;
}
