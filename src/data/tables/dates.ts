/** Dates as people write them: the year first, numbers in either order, or months in words. */
import type { DatePart } from '../../contract/data/columns.ts';

/** Which of two numbers before the year is the day. */
export type DayOrder = 'day-first' | 'month-first';

export interface WrittenDate {
  /** How it is written, as an example: “31/12/2024”. */
  spelling: string;
  year: number;
  /** The two numbers before the year where nothing else tells their order; null where the date is clear. */
  numbers: readonly [number, number] | null;
  month: number;
  day: number;
  hour: number;
  minute: number;
  hasClock: boolean;
  /** Its year is written in two digits. */
  isShort: boolean;
}

const CLOCK = String.raw`(?:,?[T ]\s*(\d{1,2}):(\d{2})(?::\d{2}(?:[.,]\d+)?)?\s?([ap]m)?\s?(?:z|utc|[+-]\d{2}:?\d{2})?)?`;
const pattern = (date: string): RegExp => new RegExp(`^${date}${CLOCK}$`, 'i');
const YEAR_FIRST = pattern(String.raw`(\d{4})([-/.])(\d{1,2})\2(\d{1,2})`);
const NUMBERS = pattern(String.raw`(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})`);
const DAY_WORD = pattern(String.raw`(\d{1,2})(?:st|nd|rd|th|\.)?[ -]?([a-z]{3,9})\.?,?[ -]?(\d{4}|\d{2})`);
const WORD_DAY = pattern(String.raw`([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})`);
const MONTHS = 'january february march april may june july august september october november december'.split(
  ' ',
);
/** Two digits below it are years of this century, as POSIX has it. */
const LAST_CENTURY = 69;

/** Null for what is no date, as the 30th of February. */
export function readDate(cell: string): WrittenDate | null {
  if (cell.length < 6 || cell.length > 40) return null;
  let found = YEAR_FIRST.exec(cell);
  if (found) {
    const [, year, sign, month, day] = found;
    return checked(
      `2024${sign}12${sign}31`,
      Number(year),
      null,
      [Number(month), Number(day)],
      found.slice(5),
    );
  }
  found = NUMBERS.exec(cell);
  if (found) {
    const [, first, sign, second, written = ''] = found;
    const spelling = `31${sign}12${sign}${written.length === 4 ? '2024' : '24'}`;
    return checked(spelling, yearOf(written), [Number(first), Number(second)], null, found.slice(5));
  }
  found = DAY_WORD.exec(cell);
  const byWord = found ?? WORD_DAY.exec(cell);
  if (!byWord) return null;
  const [day, word] = found ? [byWord[1], byWord[2]] : [byWord[2], byWord[1]];
  const month = monthOf(word!);
  if (month === 0) return null;
  const year = byWord[3]!;
  const spelling = found ? `31 December ${year.length === 4 ? '2024' : '24'}` : 'December 31, 2024';
  return checked(spelling, yearOf(year), null, [month, Number(day)], byWord.slice(4));
}

const yearOf = (written: string): number =>
  Number(written) + (written.length === 4 ? 0 : Number(written) < LAST_CENTURY ? 2000 : 1900);

/** 0 for what is none. */
const monthOf = (word: string): number => MONTHS.findIndex((name) => isMonth(name, word.toLowerCase())) + 1;

const isMonth = (name: string, word: string): boolean =>
  name.startsWith(word) || (word === 'sept' && name === 'september');

function checked(
  spelling: string,
  year: number,
  numbers: readonly [number, number] | null,
  known: readonly [number, number] | null,
  [hours, minutes, half]: (string | undefined)[],
): WrittenDate | null {
  const [month, day] = known ?? [0, 0];
  if (numbers && !exists(year, numbers[1], numbers[0]) && !exists(year, numbers[0], numbers[1])) return null;
  if (known && !exists(year, month, day)) return null;
  const isAfternoon = half?.toLowerCase() === 'pm';
  const hour = half === undefined ? Number(hours ?? 0) : (Number(hours) % 12) + (isAfternoon ? 12 : 0);
  const minute = Number(minutes ?? 0);
  if (hour > 23 || minute > 59) return null;
  const isShort = spelling.endsWith('24') && !spelling.endsWith('2024');
  return { spelling, year, numbers, month, day, hour, minute, hasClock: hours !== undefined, isShort };
}

const exists = (year: number, month: number, day: number): boolean =>
  month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();

/** Of what may begin with a year of two digits: 24-Dec-31, 24-12-31. */
const SHORT_FIRST = /^(\d{2})([ -]?)(\d{2}|[a-z]{3,9})\2(\d{2})(?!\d)/i;

/** The day that is meant where the year stands first, as 2024-12-31; null where it cannot. */
function yearFirst(cell: string): string | null {
  const [, first = '', sign, middle = '', day = ''] = SHORT_FIRST.exec(cell) ?? [];
  const isNumber = /^\d/.test(middle);
  if (first === '' || (isNumber && sign !== '-')) return null;
  const month = isNumber ? Number(middle) : monthOf(middle);
  const year = yearOf(first);
  if (!exists(year, month, Number(day))) return null;
  return `${year}-${String(month).padStart(2, '0')}-${day}`;
}

const DAY_MS = 86_400_000;

/** As the clock stood where it was written: zones are left out. Null for what is no date in that order. */
export function datePartsOf(cell: string, order: DayOrder = 'day-first'): Record<DatePart, number> | null {
  const date = readDate(cell);
  if (!date) return null;
  const { year, numbers, hour, minute } = date;
  const [day, month] = numbers
    ? order === 'day-first'
      ? numbers
      : [numbers[1], numbers[0]]
    : [date.day, date.month];
  if (!exists(year, month, day)) return null;
  const moment = new Date(Date.UTC(year, month - 1, day, hour, minute));
  return {
    year,
    month,
    day,
    weekday: ((moment.getUTCDay() + 6) % 7) + 1,
    hour,
    minute,
    days: moment.getTime() / DAY_MS,
  };
}

/** What the dates of a column say of the order of day and month; memory is bounded. */
export class DateWatch {
  /** Cells by how they are written. */
  readonly spellings = new Map<string, number>();
  hasClock = false;
  /** Cells of which the day must come first, the month must, or either may; and the first of each. */
  private readonly orders = { 'day-first': '', 'month-first': '', either: '' };

  /** Dates whose year has two digits, and those of them that the year may begin; the first, and the first to come. */
  private readonly short = { count: 0, yearFirst: 0, first: '', toCome: '' };

  private readonly now: number;

  /** @param now milliseconds since 1970 */
  constructor(now = Date.now()) {
    this.now = now;
  }

  add(date: WrittenDate, cell: string): void {
    const { spelling, numbers, hasClock } = date;
    if (date.isShort) this.addShort(date, cell);
    this.spellings.set(spelling, (this.spellings.get(spelling) ?? 0) + 1);
    if (hasClock) this.hasClock = true;
    if (!numbers) return;
    const [first, second] = numbers;
    // With points between, the day comes first wherever it is written.
    const order = second > 12 ? 'month-first' : first > 12 || spelling.includes('.') ? 'day-first' : 'either';
    this.orders[order] ||= cell;
  }

  private addShort({ year, month, numbers }: WrittenDate, cell: string): void {
    const { short } = this;
    short.count++;
    short.first ||= cell;
    if (Date.UTC(year, numbers ? 0 : month - 1) > this.now) short.toCome ||= cell;
    if (yearFirst(cell) !== null) short.yearFirst++;
  }

  /** A cell with a year of two digits that is read in one of two ways, and the ways; null where there is none. */
  twoYears(): { cell: string; read: number; other: string | null; isToCome: boolean } | null {
    const { count, yearFirst: fit, first, toCome } = this.short;
    if (count === 0 || (fit < count && toCome === '')) return null;
    const cell = toCome || first;
    const other = fit === count ? yearFirst(cell) : null;
    return { cell, read: readDate(cell)!.year, other, isToCome: toCome !== '' };
  }

  /** Whether day and month are told by their order alone in some cell. */
  get hasNumbers(): boolean {
    return Object.values(this.orders).some((cell) => cell !== '');
  }

  /** The order that all cells allow; null, with cells that show it, where there are two or none. */
  decide(): { order: DayOrder | null; shown: string } {
    const { 'day-first': day, 'month-first': month, either } = this.orders;
    if (day !== '' && month !== '') return { order: null, shown: `“${day}” and “${month}”` };
    if (day !== '' || month !== '')
      return { order: day === '' ? 'month-first' : 'day-first', shown: day || month };
    return { order: either === '' ? 'day-first' : null, shown: `“${either}”` };
  }
}
