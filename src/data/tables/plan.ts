/** What each column of a table is taken as: found in its cells, or told by a person, and how its values are stored. */
import {
  DATE_PARTS,
  type ColumnKind,
  type ColumnOutline,
  type ColumnPlan,
  type DatePart,
} from '../../contract/data/columns.ts';
import type { Doubt } from '../../contract/messages/rpc.ts';
import { PretextError } from '../../contract/errors.ts';
import { naturalOrder } from '../reading/listing.ts';
import { YES_NO } from '../reading/yes-no.ts';
import { guessColumn, NUMBER } from './kinds.ts';
import type { TableOptions } from './options.ts';
import { cellNumber, type CellForm } from './source.ts';
import type { ColumnSurvey, OddCell } from './survey.ts';
import { concernsOf, dateOrder } from './concerns.ts';

/** A column with so large a share of numbers (or dates) is one of them with some odd cells. */
const MOSTLY = 0.9;
/** Values met after the first rows, by which a guess from these is checked. */
const LATER_VALUES = 100;
export const OTHERS = '(others)';

export interface FoundColumn extends ColumnPlan {
  rows: number;
  missing: number;
  /** Different values; at least so many where they are not all told apart. */
  distinct: number;
  isMoreDistinct: boolean;
  /** Cells that are not of the kind, which count as missing, and the first of them. */
  odd: { count: number; first: OddCell } | null;
  /** What is odd of it, or has to be asked. */
  concerns: Doubt[];
}

/** What columns are there for beside features, by name. */
export type Use = 'target' | 'group' | 'split' | 'weight';
export type Uses = ReadonlyMap<string, Use>;

export interface LookedAt {
  name: string;
  unit: string | null;
  survey: ColumnSurvey;
}

export function planColumn(
  { name, unit, survey }: LookedAt,
  own: TableOptions,
  uses: Uses,
  form: CellForm,
  targetByName = false,
): FoundColumn {
  const guess = checked(guessColumn({ name, cells: cellsToGuessBy(survey, form) }), survey, own);
  const told = own.kinds?.[name];
  const use = uses.get(name);
  const plan: ColumnPlan = {
    ...guess,
    ...(told !== undefined &&
      (told === 'left-out'
        ? { use: 'left-out', reason: 'As told.' }
        : { kind: told, use: told === 'text' ? 'left-out' : 'feature', reason: 'As told.' })),
    ...(use !== undefined && {
      use,
      reason: use === 'target' && targetByName ? 'The target, by its name.' : `The ${use}, as told.`,
    }),
  };
  if (isNumeric(plan.kind)) Object.assign(plan, unitOf(unit, survey));
  const odd = plan.use === 'feature' ? oddCells(plan.kind, survey) : null;
  const order =
    plan.kind === 'ordered-category' && plan.use === 'feature' ? orderOf(plan, survey, own, form) : undefined;
  return {
    ...plan,
    ...(order && { order }),
    ...(odd && told === undefined && { reason: oddWords(plan.kind, odd, survey) }),
    rows: survey.rows,
    missing: survey.rows - survey.known,
    distinct: survey.distinct,
    isMoreDistinct: survey.overflowed,
    odd,
    concerns: concernsOf(plan, survey, own),
  };
}

const isNumeric = (kind: ColumnKind): boolean => kind === 'number' || kind === 'whole-number';

/** What the file says of the column, or what stands beside nearly all its numbers: the odd cell without is told of. */
function unitOf(told: string | null, { units, numbers }: ColumnSurvey): { unit?: string } {
  const [met, ...others] = units;
  const unit = told ?? (met && others.length === 0 && met[1] >= MOSTLY * numbers ? met[0] : undefined);
  return unit === undefined ? {} : { unit };
}

/** Cells with numbers as the program writes them; values that only later rows hold come last. */
function cellsToGuessBy(survey: ColumnSurvey, form: CellForm): (string | null)[] {
  const plain = (cell: string | null) => {
    if (cell === null || NUMBER.test(cell)) return cell;
    const number = cellNumber(cell, form);
    return Number.isNaN(number) ? cell : String(number);
  };
  const first = new Set(survey.firstCells);
  const later: string[] = [];
  if (survey.rows > survey.firstCells.length)
    for (const cell of survey.counts.keys()) {
      if (later.length === LATER_VALUES) break;
      if (!first.has(cell)) later.push(cell);
    }
  return [...survey.firstCells, ...later].map(plain);
}

/** A guess from the first rows, held against all. */
function checked(guess: ColumnPlan, survey: ColumnSurvey, own: TableOptions): ColumnPlan {
  const { known, numbers, wholes, dates } = survey;
  const isOf = (count: number) => count < known && count >= MOSTLY * known;
  const isNumber = isNumeric(guess.kind);
  if (numbers > 0 && isOf(numbers)) {
    const kind = wholes === numbers ? 'whole-number' : 'number';
    return { ...guess, kind, use: 'feature', reason: 'Nearly all cells are numbers.' };
  }
  if (dates > 0 && isOf(dates))
    return { ...guess, kind: 'date', use: 'feature', reason: 'Nearly all cells are dates.' };
  if ((isNumber && numbers < known) || (guess.kind === 'date' && dates < known))
    return survey.overflowed || survey.distinct > own.mostCategories
      ? { ...guess, kind: 'text', use: 'left-out', reason: mixedWords(survey) }
      : { ...guess, kind: 'category', use: 'feature', reason: mixedWords(survey) };
  if (guess.kind === 'whole-number' && guess.use === 'feature' && wholes < known)
    return { ...guess, kind: 'number', reason: 'All cells are numbers.' };
  if ((guess.kind === 'category' && guess.use === 'feature' && survey.overflowed) || isTooMany(guess, survey))
    return {
      ...guess,
      kind: 'text',
      use: 'left-out',
      reason: `More than ${survey.distinct.toLocaleString('en')} different texts are too many categories.`,
    };
  return guess;
}

/** Texts that repeat, too many all the same: what all rows hold is said, not what the first do. */
const isTooMany = ({ kind }: ColumnPlan, { overflowed, firstCells }: ColumnSurvey): boolean =>
  kind === 'text' && overflowed && new Set(firstCells).size < firstCells.length;

const mixedWords = ({ numbers, known, firstNoNumber: odd }: ColumnSurvey): string =>
  `${numbers} of ${known} known cells are numbers, but “${odd?.text}” in row ${odd?.line} is none.`;

function oddCells(kind: ColumnKind, survey: ColumnSurvey): FoundColumn['odd'] {
  const [good, first] = isNumeric(kind)
    ? [survey.numbers, survey.firstNoNumber]
    : kind === 'date'
      ? [survey.dates, survey.firstNoDate]
      : [survey.known, null];
  return first === null ? null : { count: survey.known - good, first };
}

function oddWords(
  kind: ColumnKind,
  { count, first }: NonNullable<FoundColumn['odd']>,
  { known }: ColumnSurvey,
) {
  const what = kind === 'date' ? 'date' : 'number';
  const cells =
    count === 1
      ? `One of ${known} known cells is no ${what}`
      : `${count} of ${known} known cells are no ${what}s`;
  return `${cells}: “${first.text}” in row ${first.line}${count === 1 ? '' : ' is the first'}. ${count === 1 ? 'It counts' : 'They count'} as missing.`;
}

function orderOf({ name }: ColumnPlan, survey: ColumnSurvey, own: TableOptions, form: CellForm): string[] {
  const told = own.orders?.[name]?.split(/\s<\s/).map((value) => value.trim());
  const values = [...survey.counts.keys()];
  if (told) {
    const unknown = values.find((value) => !told.includes(value));
    if (unknown === undefined) return told;
    throw new PretextError({
      code: 'table.order',
      message: `The order of “${name}” (${told.join(' < ')}) lacks “${unknown}”, which occurs.`,
      place: `options.orders.${name}`,
      remedy: 'Name all values that occur, the lowest first, with “ < ” between.',
    });
  }
  const numbers = new Map(values.map((value) => [value, cellNumber(value, form)]));
  if (values.every((value) => !Number.isNaN(numbers.get(value))))
    return values.sort((one, other) => numbers.get(one)! - numbers.get(other)!);
  throw new PretextError({
    code: 'table.order',
    message: `“${name}” is told to be an ordered category, and nothing says the order of ${values.slice(0, 6).join(', ')}${values.length > 6 ? ', …' : ''}.`,
    place: `options.orders.${name}`,
    remedy: 'Name its values under “orders”, the lowest first, with “ < ” between.',
  });
}

/** The stored columns that a feature becomes. */
export function outlinesOf(plan: FoundColumn, survey: ColumnSurvey, own: TableOptions): ColumnOutline[] {
  const { name, kind, unit } = plan;
  switch (kind) {
    case 'number':
    case 'whole-number':
      return [{ name, kind, ...(unit !== undefined && { unit }) }];
    case 'date':
      return datePartsOf(survey).map((part) => ({
        name: `${name}, ${part}`,
        madeOf: { column: name, part, ...dateOrder(survey, own) },
        kind: part === 'days' ? 'number' : 'whole-number',
      }));
    case 'yes-no':
      return [{ name, kind, categories: yesNoOf(survey) }];
    case 'ordered-category':
      return [{ name, kind, categories: plan.order! }];
    default:
      return [{ name, kind: 'category', ...categoriesOf(survey, own) }];
  }
}

const datePartsOf = ({ written: { hasClock } }: ColumnSurvey): DatePart[] =>
  (Object.keys(DATE_PARTS) as DatePart[]).filter(
    (part) => hasClock || (part !== 'hour' && part !== 'minute'),
  );

/** The word for no and that for yes, each as it is written most often. */
function yesNoOf(survey: ColumnSurvey): string[] {
  const spellings = [...survey.counts].sort(([, one], [, other]) => other.count - one.count);
  const small = new Set(spellings.map(([cell]) => cell.toLowerCase()));
  const pair = YES_NO.find((words) => [...small].some((cell) => words.includes(cell))) ?? YES_NO[0]!;
  return pair.map((word) => spellings.find(([cell]) => cell.toLowerCase() === word)?.[0] ?? word);
}

/** Frequent ones in their natural order; the rare ones become one, the last. */
function categoriesOf(
  survey: ColumnSurvey,
  { fewestOfCategory, mostCategories }: TableOptions,
): { categories: string[]; othersLast?: true } {
  const frequent = [...survey.counts]
    .filter(([, { count }]) => count >= fewestOfCategory)
    .sort(([, one], [, other]) => other.count - one.count)
    .slice(0, mostCategories)
    .map(([cell]) => cell)
    .sort(naturalOrder);
  return frequent.length === survey.distinct && !survey.overflowed && frequent.length > 0
    ? { categories: frequent }
    : { categories: [...frequent, OTHERS], othersLast: true };
}
