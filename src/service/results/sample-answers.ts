/** The test samples behind a number: what was answered on each, worst first. */
import type { AnswersWish, SampleAnswer, SampleAnswers } from '../../contract/results/sample-answers.ts';
import { classLoss } from '../../learning/evaluation/sample-loss.ts';
import {
  findSample,
  getStudy,
  listAnswersOf,
  type ReadableProject,
  type StoredAnswers,
  type StoredDataset,
} from '../../project/index.ts';
import { groupNames, noAnswers, readAnswers, testedDataset, type AnswerColumns } from './answers.ts';
import { measuredRuns } from './study.ts';

/** What all seeds together say of one test sample. */
interface Tally {
  sample: number;
  truth: number;
  loss: number;
  isBound: boolean;
  probability: number;
  seeds: number[];
  /** Of each seed; class ids, or numbers. */
  answers: number[];
}

interface Ranking {
  key: string;
  tested: number;
  classNames: readonly string[] | null;
  /** Those asked for, worst first. */
  tallies: Tally[];
}

/** The last ranking of each project: its pages are asked for one after the other. */
const latest = new WeakMap<ReadableProject, Ranking>();

/** Throws a PretextError `answers.none`, `answers.missing` or `answers.broken`. */
export async function sampleAnswers(project: ReadableProject, wish: AnswersWish): Promise<SampleAnswers> {
  const { study } = getStudy(project, wish.studyId);
  const runs = measuredRuns(project, study.id)
    .filter(({ rows }) => rows.length > 0)
    .map(({ run }) => run);
  const wanted = runs.filter(
    ({ arm, budget }) => arm === wish.arm && JSON.stringify(budget) === JSON.stringify(wish.budget),
  );
  const all = wanted.flatMap(({ id }) => listAnswersOf(project, id)).toSorted((a, b) => a.seed - b.seed);
  const kept = all.filter(({ seed }) => wish.seed === undefined || seed === wish.seed);
  if (kept.length === 0) throw noAnswers(study, describe(wish), runs);
  const dataset = testedDataset(project, study);
  const { offset, limit, ...asked } = wish;
  const key = JSON.stringify([asked, kept.map(({ sha256 }) => sha256)]);
  const known = latest.get(project);
  const ranking = known?.key === key ? known : await rank(project, { key, kept, wish, dataset });
  latest.set(project, ranking);
  return {
    total: ranking.tallies.length,
    tested: ranking.tested,
    target: ranking.classNames ? 'classes' : 'number',
    datasetId: dataset?.dataset.id ?? null,
    seeds: all.map(({ seed }) => seed),
    answers: ranking.tallies
      .slice(offset, offset + limit)
      .map((tally) => shown(project, dataset, ranking.classNames, tally)),
  };
}

interface Request {
  key: string;
  kept: readonly StoredAnswers[];
  wish: AnswersWish;
  dataset: StoredDataset | null;
}

/** Reads one seed's answers after the other. */
async function rank(project: ReadableProject, { key, kept, wish, dataset }: Request): Promise<Ranking> {
  const tallies = new Map<number, Tally>();
  let classNames: readonly string[] | null = null;
  const tested = new Set<number>();
  for (const one of kept) {
    const columns = await readAnswers(project, one);
    ({ classNames } = columns);
    const isWanted = filterOf(project, columns, wish, dataset);
    for (let row = 0; row < columns.samples.length; row++) {
      if (!isWanted.group(row)) continue;
      tested.add(columns.samples[row]!);
      if (isWanted.answer(row)) count(tallies, columns, row, one.seed);
    }
  }
  const mean = ({ loss, seeds }: Tally) => loss / seeds.length;
  return {
    key,
    tested: tested.size,
    classNames,
    tallies: [...tallies.values()].sort((a, b) => mean(b) - mean(a) || a.sample - b.sample),
  };
}

function filterOf(
  project: ReadableProject,
  columns: AnswerColumns,
  { truth, answer, group, outcome }: AnswersWish,
  dataset: StoredDataset | null,
) {
  const { classNames, targets, answers, groups } = columns;
  const names = group !== undefined && dataset ? groupNames(project, dataset, columns) : null;
  const classOf = (ids: ArrayLike<number>, row: number) => classNames?.[ids[row]!];
  return {
    group: (row: number) => group === undefined || names?.get(groups?.[row] ?? -1) === group,
    answer(row: number): boolean {
      if (!classNames) return true;
      if (truth !== undefined && classOf(targets, row) !== truth) return false;
      if (answer !== undefined && classOf(answers, row) !== answer) return false;
      return outcome === 'all' || (targets[row] === answers[row]) === (outcome === 'right');
    },
  };
}

function count(tallies: Map<number, Tally>, columns: AnswerColumns, row: number, seed: number): void {
  const { samples, targets, answers, probabilities, truthProbabilities, classNames } = columns;
  const [sample, truth, answer] = [samples[row]!, targets[row]!, answers[row]!];
  const probability = probabilities?.[row] ?? 0;
  const { loss, isBound } = classNames
    ? classLoss({
        isRight: truth === answer,
        probability,
        truthProbability: truthProbabilities?.[row] ?? null,
      })
    : { loss: Math.abs(answer - truth), isBound: false };
  const tally = tallies.get(sample) ?? {
    sample,
    truth,
    loss: 0,
    isBound: false,
    probability: 0,
    seeds: [],
    answers: [],
  };
  tallies.set(sample, tally);
  tally.loss += loss;
  tally.isBound ||= isBound;
  tally.probability += probability;
  tally.seeds.push(seed);
  tally.answers.push(answer);
}

function shown(
  project: ReadableProject,
  stored: StoredDataset | null,
  classNames: readonly string[] | null,
  { sample, truth, loss, isBound, probability, seeds, answers }: Tally,
): SampleAnswer {
  const named = (value: number) => (classNames ? (classNames[value] ?? String(value)) : text(value));
  const present = stored?.dataset.classes.map(({ name }) => name) ?? [];
  return {
    index: sample,
    truth: named(truth),
    answer: named(classNames ? mostFrequent(answers) : mean(answers)),
    seeds,
    probability: classNames ? probability / seeds.length : null,
    loss: loss / seeds.length,
    ...(isBound && { lossIsBound: true }),
    sample: stored && findSample(project, stored.key, sample, present),
  };
}

/** Numbers were kept as float32: further digits are made up. */
const text = (value: number) => String(Number(value.toPrecision(7)));

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The first of those that come equally often. */
function mostFrequent(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((best, one) => (one[1] > best[1] ? one : best))[0];
}

const describe = ({ arm, budget, seed }: AnswersWish): string =>
  `${arm} with the label budget ${JSON.stringify(budget)}${seed === undefined ? '' : ` and seed ${seed}`}`;
