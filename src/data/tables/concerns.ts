/** What of a column has to be asked or told before it is stored: dates, stand-ins for missing values, nearly nothing. */
import type { ColumnPlan } from '../../contract/data/columns.ts';
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

export const concernsOf = (plan: ColumnPlan, survey: ColumnSurvey, own: TableOptions): Doubt[] => [
  ...(plan.kind === 'date' ? dateConcerns(plan, survey, own) : []),
  ...(plan.kind === 'number' || plan.kind === 'whole-number' ? standIns(plan, survey) : []),
  ...nearlyEmpty(plan, survey),
];

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
  const values = [...survey.counts.keys()].map(Number).filter((value) => !Number.isNaN(value));
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
