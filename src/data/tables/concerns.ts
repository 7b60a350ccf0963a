/** What of a column has to be asked or told before it is stored: dates, stand-ins for missing values, nearly nothing. */
import type { ColumnPlan } from '../../contract/data/columns.ts';
import { isSameUnit } from '../delimited/units.ts';
import type { Doubt } from '../../contract/messages/rpc.ts';
import type { DayOrder } from './dates.ts';
import type { TableOptions } from './options.ts';
import type { ColumnSurvey } from './survey.ts';

/** A column of which less is known tells of few rows. */
const FEWEST_KNOWN = 0.05;
/** Numbers that programs write where nothing is known. */
const STAND_INS = [-9, -99, -999, -9999, -99999, 999, 9999, 99999];
/** So much larger than all others a positive one has to be. */
const FAR = 5;

/** So large a share of numbers among texts may be what the column is about. */
const MANY_NUMBERS = 0.2;
/** What a spreadsheet computes: “=A2*2”, “=SUM(B:B)”, “=-C1”. */
const FORMULA = /^=\s*[-+(]*\s*[A-Za-z$'"(\d].*[A-Za-z(*/+-]/;

export function concernsOf(plan: ColumnPlan, survey: ColumnSurvey, own: TableOptions): Doubt[] {
  const isTold = own.kinds?.[plan.name] !== undefined;
  const guessed = [
    ...(isTold ? [] : [...formulas(plan, survey), ...mixed(plan, survey)]),
    ...(own.kinds?.[plan.name] === 'left-out' ? [] : nothings(plan, survey, own)),
  ];
  if (plan.use === 'left-out') return guessed;
  return [
    ...guessed,
    ...(plan.kind === 'date' ? dateConcerns(plan, survey, own) : []),
    ...(plan.kind === 'number' || plan.kind === 'whole-number'
      ? [...standIns(plan, survey), ...severalUnits(plan, survey, isTold), ...tooFine(plan, survey)]
      : []),
    ...(plan.kind === 'category' && plan.use === 'feature' ? allRare(plan, survey, own) : []),
    ...nearlyEmpty(plan, survey),
  ];
}

/** Text files keep what was typed, and nothing here computes it. */
function formulas({ name }: ColumnPlan, survey: ColumnSurvey): Doubt[] {
  const found = [...survey.counts].filter(([cell]) => cell.startsWith('=') && FORMULA.test(cell));
  if (found.length === 0) return [];
  const count = found.reduce((sum, [, value]) => sum + value.count, 0);
  const odd = survey.firstNoNumber;
  const row = odd && FORMULA.test(odd.text) ? ` in row ${odd.line}` : '';
  return [
    {
      code: 'table.formulas',
      message: `“${name}” holds formulas, not what they come to (${count.toLocaleString('en')} of ${survey.known.toLocaleString('en')} known cells): “${found[0]![0]}”${row} is the first.`,
      remedy: 'Open the file in a spreadsheet program and save it from there: that writes the values.',
      blocking: false,
    },
  ];
}

function mixed({ name, kind }: ColumnPlan, { numbers, known, distinct, firstNoNumber: odd }: ColumnSurvey) {
  const isText = kind === 'category' || kind === 'text';
  if (!isText || odd === null || numbers < MANY_NUMBERS * known) return [];
  return [
    {
      code: 'table.mixed',
      message: `“${name}” holds numbers (${numbers.toLocaleString('en')} of ${known.toLocaleString('en')} known cells) beside texts: “${odd.text}” in row ${odd.line} is the first. It is taken as ${kind === 'text' ? 'text, and left out' : `a category of ${distinct.toLocaleString('en')} values`}.`,
      remedy: 'If it is a number, say so (kinds: number): its texts then count as missing.',
      blocking: false,
    },
  ];
}

/**
 * Words that mean nothing, and in such a column may be a value like others: none beside mild and severe, − beside +, NA
 * (Namibia) among countries of two letters.
 */
function nothings({ name, kind }: ColumnPlan, survey: ColumnSurvey, own: TableOptions): Doubt[] {
  if (kind === 'number' || kind === 'whole-number' || kind === 'date') return [];
  const values = [...survey.counts.keys()];
  const isValueToo = (word: string) =>
    /^(none|nil)$/i.test(word) ||
    (/^-+$/.test(word) && values.some((value) => /^[+-]*\+$/.test(value))) ||
    (/^na$/i.test(word) && values.length > 1 && values.every((value) => /^[a-z]{2}$/i.test(value)));
  return [...survey.nothings]
    .filter(([word]) => isValueToo(word) && !own.missingWords?.includes(word))
    .map(([word, count]) => ({
      code: 'table.nothing-or-value',
      message: `“${word}” stands in ${count.toLocaleString('en')} of ${survey.rows.toLocaleString('en')} cells of “${name}”, and counts as missing.`,
      remedy: `If it is a value like the others, say so (options.knownWords: ${word}); if nothing is known there, options.missingWords: ${word}.`,
      blocking: false,
    }));
}

function allRare({ name }: ColumnPlan, survey: ColumnSurvey, own: TableOptions): Doubt[] {
  const { fewestOfCategory, mostCategories } = own;
  const kept = [...survey.counts.values()]
    .map(({ count }) => count)
    .filter((count) => count >= fewestOfCategory)
    .sort((one, other) => other - one)
    .slice(0, mostCategories)
    .reduce((sum, count) => sum + count, 0);
  if (survey.known === 0 || kept >= FEWEST_KNOWN * survey.known) return [];
  return [
    {
      code: 'table.all-rare',
      message: `The values of “${name}” are so many that “(others)” stands for ${(survey.known - kept).toLocaleString('en')} of ${survey.known.toLocaleString('en')} known cells: the column tells next to nothing.`,
      remedy: 'Leave it out (kinds: left-out), or keep more of them (fewestOfCategory, mostCategories).',
      blocking: false,
    },
  ];
}

/** What is kept with a date's parts: nothing where no cell needs it. */
export function dateOrder(survey: ColumnSurvey, { dateOrder: told }: TableOptions): { order?: DayOrder } {
  if (!survey.written.hasNumbers) return {};
  return { order: told ?? survey.written.decide().order ?? 'day-first' };
}

function dateConcerns({ name }: ColumnPlan, { written }: ColumnSurvey, own: TableOptions): Doubt[] {
  const concerns: Doubt[] = [];
  const { order, shown } = written.decide();
  if (written.hasNumbers && own.dateOrder === undefined && order === null)
    concerns.push({
      code: 'table.date-order',
      message: `Nothing tells whether the day or the month comes first in “${name}”: ${shown}.`,
      remedy: 'Say it (options.dateOrder: day-first or month-first).',
      blocking: true,
    });
  const years = written.twoYears();
  if (years)
    concerns.push({
      code: 'table.date-years',
      message: `Years in “${name}” are written in two digits: “${years.cell}” is read as of ${String(years.read)}${years.isToCome ? ', which is to come' : ''}${years.other ? `, and would be ${years.other} if the year came first` : ''}.`,
      remedy: 'If that is not what is meant, write dates as 2024-12-31.',
      blocking: false,
    });
  if (written.spellings.size > 1) {
    const ways = [...written.spellings].map(
      ([spelling, count]) => `${spelling} (${count.toLocaleString('en')})`,
    );
    const read = own.dateOrder ?? order;
    concerns.push({
      code: 'table.date-spellings',
      message: `Dates in “${name}” are written in ${written.spellings.size} ways, each read: as ${ways.join(', ')}${written.hasNumbers && read ? `; the ${read === 'day-first' ? 'day' : 'month'} comes first in numbers` : ''}.`,
      remedy: 'Look at some of them; write dates as 2024-12-31 to be sure.',
      blocking: false,
    });
  }
  return concerns;
}

/** Told of, and taken as numbers until somebody says otherwise. */
function standIns({ name }: ColumnPlan, survey: ColumnSurvey): Doubt[] {
  const values = [...survey.numbersMet()];
  return STAND_INS.filter((one) => {
    if (!values.includes(one)) return false;
    const others = values.filter((value) => value !== one);
    if (others.length < 3) return false;
    return one < 0
      ? others.every((value) => value >= 0)
      : others.every((value) => FAR * Math.abs(value) < one);
  }).map((one) => ({
    code: 'table.stand-in',
    message: `“${name}” holds ${one}, far from all other values: it is read as a number, and may mean that nothing is known.`,
    remedy: `If it does, say so (options.missingWords: ${one}).`,
    blocking: false,
  }));
}

/** Euros and dollars are not one scale; kilograms by the head of a column and pounds in its cells neither. */
function severalUnits(
  { name, unit }: ColumnPlan,
  { units, numbers }: ColumnSurvey,
  isTold: boolean,
): Doubt[] {
  const withUnits = [...units.values()].reduce((sum, count) => sum + count, 0);
  const without = numbers - withUnits;
  const others = [...units.keys()].filter((met) => unit === undefined || !isSameUnit(met, unit));
  const isOfHead = unit !== undefined && !units.has(unit) && others.length > 0;
  const isMixed = units.size > 1 || isOfHead;
  if (units.size === 0 || (!isMixed && without === 0)) return [];
  const ways = [...units].map(([unit, count]) => `in ${unit} (${count.toLocaleString('en')})`);
  const plain =
    without > 0
      ? [`without a unit (${without.toLocaleString('en')}${isOfHead ? `; ${unit} by the head` : ''})`]
      : isOfHead
        ? [`has ${unit} in its head`]
        : [];
  return [
    {
      code: 'table.units',
      message: `“${name}” holds numbers ${[...ways, ...plain].join(' and ')}: they are read as they stand, as if all were ${unit !== undefined && !isMixed ? `in ${unit}` : 'of one unit'}.`,
      remedy: isMixed
        ? 'Write them in one unit; or say its kind (kinds): number where they are of one all the same, left-out else.'
        : 'Look at some of them; write them in one way to be sure.',
      blocking: isMixed && !isTold,
    },
  ];
}

/** Numbers are kept as float32, to some seven digits. */
const FEWEST_STEPS = 1000;
/** So much of what they differ in, or so many of them, may be lost unheard. */
const LITTLE = 0.01;
const FEW = 0.9;

function tooFine({ name }: ColumnPlan, survey: ColumnSurvey): Doubt[] {
  const { least, greatest } = survey;
  const step = 2 ** (Math.floor(Math.log2(Math.max(Math.abs(least), Math.abs(greatest)))) - 23);
  const numbers = survey.numbersMet();
  if (numbers.size < 2 || !(greatest - least < FEWEST_STEPS * step)) return [];
  const kept = new Set([...numbers].map(Math.fround));
  const off = Math.max(...[...numbers].map((number) => Math.abs(Math.fround(number) - number)));
  if (kept.size > FEW * numbers.size && off <= LITTLE * (greatest - least)) return [];
  return [
    {
      code: 'table.too-fine',
      message: `“${name}” goes from ${String(least)} to ${String(greatest)}, and numbers of that size are kept in steps of ${String(step)}: what they differ in is lost, or nearly so.`,
      remedy:
        'Take away what all have in common, and import it again; or say its kind (kinds: category where they are codes).',
      blocking: false,
    },
  ];
}

function nearlyEmpty({ name }: ColumnPlan, { known, rows }: ColumnSurvey): Doubt[] {
  if (known === 0 || known >= FEWEST_KNOWN * rows) return [];
  return [
    {
      code: 'table.nearly-empty',
      message: `“${name}” is known in ${known.toLocaleString('en')} of ${rows.toLocaleString('en')} rows alone.`,
      remedy: 'Leave it out (kinds: left-out) if it tells too little.',
      blocking: false,
    },
  ];
}
