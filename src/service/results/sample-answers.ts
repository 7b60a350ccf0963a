/**
 * The test samples behind a number: what was answered on each, worst first.
 *
 * Of a million test samples only an order is kept; one seed's answers after the other are read, and of these only what
 * stands on the page.
 */
import {
  isSeveral,
  LABEL_THRESHOLD,
  numberText,
  targetsText,
  type Target,
} from '../../contract/data/target.ts';
import { PretextError } from '../../contract/errors.ts';
import type { AnswersWish, SampleAnswer, SampleAnswers } from '../../contract/results/sample-answers.ts';
import { downstreamOf, type Recipe } from '../../contract/recipe/recipe.ts';
import { budgetWords } from '../../contract/words.ts';
import { classLoss } from '../../learning/evaluation/metrics/sample-loss.ts';
import { severalLosses, type SeveralAnswers } from '../../learning/evaluation/metrics/several.ts';
import {
  findSample,
  getStudy,
  listAnswersOf,
  type ReadableProject,
  type StoredAnswers,
  type StoredDataset,
} from '../../project/index.ts';
import {
  groupNames,
  levelTested,
  noAnswers,
  readAnswers,
  testedDataset,
  type AnswerColumns,
} from './answers.ts';
import { measuredOn } from './study.ts';

interface Request {
  wish: AnswersWish;
  /** Of the seeds that are asked for. */
  kept: readonly StoredAnswers[];
  dataset: StoredDataset | null;
  /** What groups are taken by. */
  level: string;
}

interface Ranking {
  key: string;
  /** Test samples in all, of the group where one is asked for. */
  tested: number;
  target: Target;
  /** Samples that are asked for, worst first. */
  order: Int32Array;
}

/** The last ranking of each project: its pages are asked for one after the other. */
const latest = new WeakMap<ReadableProject, Ranking>();

/** Throws a PretextError `answers.none`, `answers.missing` or `answers.broken`. */
export async function sampleAnswers(project: ReadableProject, wish: AnswersWish): Promise<SampleAnswers> {
  const { study } = getStudy(project, wish.studyId);
  const tested = testedOf(study.recipe, wish.dataset);
  const measured = measuredOn(project, study.id, tested);
  const wanted = measured.filter(
    ({ run: { arm, budget } }) => arm === wish.arm && JSON.stringify(budget) === JSON.stringify(wish.budget),
  );
  const all = wanted
    .flatMap(({ run, head }) => listAnswersOf(project, run.id).filter((one) => one.head === head))
    .toSorted((a, b) => a.seed - b.seed);
  const kept = all.filter(({ seed }) => wish.seed === undefined || seed === wish.seed);
  if (kept.length === 0)
    throw noAnswers(
      study,
      describe(wish),
      measured.map(({ run }) => run),
    );
  const dataset = testedDataset(project, study, tested);
  const request = { wish, kept, dataset, level: levelTested(study, tested) };
  const { offset, limit, ...asked } = wish;
  const key = JSON.stringify([asked, kept.map(({ sha256 }) => sha256)]);
  const known = latest.get(project);
  const ranking = known?.key === key ? known : { key, ...(await rank(project, request)) };
  latest.set(project, ranking);
  return {
    total: ranking.order.length,
    tested: ranking.tested,
    target: ranking.target,
    datasetId: request.dataset?.dataset.id ?? null,
    seeds: [...new Set(all.map(({ seed }) => seed))],
    answers: await readPage(project, request, ranking.order.subarray(offset, offset + limit)),
  };
}

/** Throws `answers.no-dataset` where the study tests no such dataset. */
function testedOf(recipe: Recipe, asked: string | undefined): string {
  const names = downstreamOf(recipe);
  if (asked === undefined) return names[0]!;
  if (names.includes(asked)) return asked;
  throw new PretextError({
    code: 'answers.no-dataset',
    message: `The study tests no dataset “${asked}”.`,
    place: asked,
    remedy: `Choose one of: ${names.join(', ')}.`,
  });
}

/** Sums by sample, as long as its numbers go. */
interface Sums {
  loss: Float64Array;
  /** Seeds whose answer is as asked for. */
  count: Uint16Array;
  isTested: Uint8Array;
}

async function rank(project: ReadableProject, request: Request): Promise<Omit<Ranking, 'key'>> {
  let sums: Sums = { loss: new Float64Array(0), count: new Uint16Array(0), isTested: new Uint8Array(0) };
  let target: Target = 'classes';
  for (const kept of request.kept) {
    const columns = await readAnswers(project, kept);
    target = columns.several?.target ?? (columns.classNames === null ? 'number' : 'classes');
    const { samples } = columns;
    sums = longEnough(sums, samples.reduce((most, sample) => Math.max(most, sample), -1) + 1);
    const { isTested, isWanted } = filterOf(project, columns, request);
    const lossOf = lossesOf(columns);
    for (let row = 0; row < samples.length; row++) {
      if (!isTested(row)) continue;
      const sample = samples[row]!;
      sums.isTested[sample] = 1;
      if (!isWanted(row)) continue;
      sums.loss[sample]! += lossOf(row).loss;
      sums.count[sample]! += 1;
    }
  }
  const { loss, count, isTested } = sums;
  const { group } = request.wish;
  if (group !== undefined && !isTested.includes(1)) throw noSuchGroup(group);
  const mean = loss.map((sum, sample) => sum / Math.max(1, count[sample]!));
  const order = Int32Array.from(count.keys()).filter((sample) => count[sample]! > 0);
  return {
    tested: isTested.reduce((sum, one) => sum + one, 0),
    target,
    order: order.sort((a, b) => mean[b]! - mean[a]! || a - b),
  };
}

function noSuchGroup(group: string): PretextError {
  return new PretextError({
    code: 'answers.no-group',
    message: `No test sample belongs to a group “${group}”.`,
    place: group,
    remedy: 'The comparison page lists the groups that were tested, and so does the study’s result.',
  });
}

function longEnough(sums: Sums, length: number): Sums {
  if (sums.loss.length >= length) return sums;
  const longer = {
    loss: new Float64Array(length),
    count: new Uint16Array(length),
    isTested: new Uint8Array(length),
  };
  longer.loss.set(sums.loss);
  longer.count.set(sums.count);
  longer.isTested.set(sums.isTested);
  return longer;
}

function filterOf(
  project: ReadableProject,
  columns: AnswerColumns,
  { wish: { truth, answer, group, outcome }, dataset, level }: Request,
) {
  const { classNames, targets, answers, groups, several } = columns;
  const names = group !== undefined && dataset ? groupNames(project, dataset, columns, level) : null;
  const [truthId, answerId] = [classId(classNames, truth), classId(classNames, answer)];
  return {
    isTested: (row: number) => group === undefined || names?.get(groups?.[row] ?? -1) === group,
    isWanted(row: number): boolean {
      if (several) return isWantedOf(several, row, { truthId, answerId, outcome });
      if (!classNames) return true;
      if (truthId !== undefined && targets[row] !== truthId) return false;
      if (answerId !== undefined && answers[row] !== answerId) return false;
      return outcome === 'all' || (targets[row] === answers[row]) === (outcome === 'right');
    },
  };
}

/** Throws `answers.no-class` where the study knew no such class. */
function classId(classNames: readonly string[] | null, name: string | undefined): number | undefined {
  if (name === undefined || !classNames) return undefined;
  const id = classNames.indexOf(name);
  if (id >= 0) return id;
  throw new PretextError({
    code: 'answers.no-class',
    message: `The study knew no class “${name}”.`,
    place: name,
    remedy: `Choose one of: ${classNames.join(', ')}.`,
  });
}

/** Of several labels those that have a label, or were given one, or of which any is answered wrongly. */
function isWantedOf(
  several: SeveralAnswers,
  row: number,
  wish: {
    truthId: number | undefined;
    answerId: number | undefined;
    outcome: AnswersWish['outcome'];
  },
): boolean {
  if (several.target === 'numbers') return true;
  const { truthId, answerId, outcome } = wish;
  const at = (list: ArrayLike<number>, id: number) => list[row * several.width + id]!;
  if (truthId !== undefined && at(several.truths, truthId) !== 1) return false;
  if (answerId !== undefined && at(several.answers, answerId) < LABEL_THRESHOLD) return false;
  if (outcome === 'all') return true;
  // Of one label that is asked for, whether that one is right.
  const asked = truthId ?? answerId;
  const ids = asked === undefined ? Array.from({ length: several.width }, (_, id) => id) : [asked];
  const isRight = ids.every((id) => {
    const truth = at(several.truths, id);
    return Number.isNaN(truth) || at(several.answers, id) >= LABEL_THRESHOLD === (truth === 1);
  });
  return isRight === (outcome === 'right');
}

type Loss = { loss: number; isBound: boolean };

function lossesOf(columns: AnswerColumns): (row: number) => Loss {
  const { targets, answers, probabilities, truthProbabilities, classNames, several } = columns;
  if (several) {
    const of = severalLosses(several);
    return (row) => ({ loss: of(row), isBound: false });
  }
  return (row) => {
    const [truth, answer] = [targets[row]!, answers[row]!];
    if (!classNames) return { loss: Math.abs(answer - truth), isBound: false };
    return classLoss({
      isRight: truth === answer,
      probability: probabilities?.[row] ?? 0,
      truthProbability: truthProbabilities?.[row] ?? null,
    });
  };
}

/** What all seeds together say of one sample of the page. */
interface Tally {
  truth: number;
  loss: number;
  isBound: boolean;
  probability: number;
  seeds: number[];
  /** Of each seed; class ids, or numbers. */
  answers: number[];
  /** Of several labels or numbers: the truths, and the sums of the seeds' answers. */
  truths: Float32Array | null;
  sums: Float64Array | null;
}

async function readPage(
  project: ReadableProject,
  request: Request,
  page: Int32Array,
): Promise<SampleAnswer[]> {
  const tallies = new Map(
    Array.from(page, (sample): [number, Tally] => [
      sample,
      {
        truth: 0,
        loss: 0,
        isBound: false,
        probability: 0,
        seeds: [],
        answers: [],
        truths: null,
        sums: null,
      },
    ]),
  );
  let classNames: readonly string[] | null = null;
  let target: Target = 'classes';
  for (const kept of request.kept) {
    const columns = await readAnswers(project, kept);
    ({ classNames } = columns);
    target = columns.several?.target ?? (classNames ? 'classes' : 'number');
    const lossOf = lossesOf(columns);
    const { isWanted } = filterOf(project, columns, request);
    columns.samples.forEach((sample, row) => {
      const tally = tallies.get(sample);
      if (tally && isWanted(row)) count(tally, columns, row, { seed: kept.seed, ...lossOf(row) });
    });
  }
  return [...tallies].map(([sample, tally]) =>
    shown(project, request.dataset, { target, classNames }, sample, tally),
  );
}

function count(
  tally: Tally,
  columns: AnswerColumns,
  row: number,
  { seed, loss, isBound }: Loss & { seed: number },
): void {
  tally.loss += loss;
  tally.isBound ||= isBound;
  tally.seeds.push(seed);
  const { several } = columns;
  if (several) {
    const own = (list: ArrayLike<number>, at: number) => list[row * several.width + at]!;
    tally.truths ??= Float32Array.from({ length: several.width }, (_, at) => own(several.truths, at));
    tally.sums ??= new Float64Array(several.width);
    for (let at = 0; at < several.width; at++) tally.sums[at]! += own(several.answers, at);
    return;
  }
  tally.truth = columns.targets[row]!;
  tally.probability += columns.probabilities?.[row] ?? 0;
  tally.answers.push(columns.answers[row]!);
}

function shown(
  project: ReadableProject,
  stored: StoredDataset | null,
  { target, classNames }: { target: Target; classNames: readonly string[] | null },
  sample: number,
  { truth, loss, isBound, probability, seeds, answers, truths, sums }: Tally,
): SampleAnswer {
  const named = (value: number, digits?: number) =>
    classNames ? (classNames[value] ?? String(value)) : numberText(value, digits);
  const present = stored?.dataset.classes.map(({ name }) => name) ?? [];
  return {
    index: sample,
    ...(truths && sums
      ? {
          truth: targetsText(truths, classNames!, target) ?? '?',
          answer:
            targetsText(
              sums.map((sum) => sum / seeds.length),
              classNames!,
              target,
              ANSWER_DIGITS,
            ) ?? '?',
        }
      : {
          truth: named(truth),
          answer: named(classNames ? mostFrequent(answers) : mean(answers), ANSWER_DIGITS),
        }),
    seeds,
    ...(isSeveral(target) && { several: target }),
    probability: target === 'classes' ? probability / seeds.length : null,
    loss: loss / seeds.length,
    ...(isBound && { lossIsBound: true }),
    sample: stored && findSample(project, stored.key, sample, present),
  };
}

/** No model knows its answers to more; what was measured is told as it was read. */
const ANSWER_DIGITS = 4;

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The first of those that come equally often. */
function mostFrequent(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((best, one) => (one[1] > best[1] ? one : best))[0];
}

const describe = ({ arm, budget, seed, dataset }: AnswersWish): string =>
  `${arm} with ${budgetWords(budget)}${seed === undefined ? '' : ` and seed ${seed}`}${dataset === undefined ? '' : ` on ${dataset}`}`;
