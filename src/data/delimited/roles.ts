/** What each column of a table of signals is, and what else it could be. */
import type { ColumnRole } from '../../contract/recipe/recipe.ts';
import type { Dialect } from './dialect.ts';
import { factsOf, looksLikeLabels, MOST_VALUES, paceOf, type ColumnFacts, type Pace } from './facts.ts';
import type { NumberFormat } from './numbers.ts';
import { epochUnit, unitSeconds } from './time.ts';

export interface Column {
  /** In the file, from 0. */
  index: number;
  /** As in the header, made different where names repeat; "channel 3" where there is none. */
  name: string;
  /** The header's own word; null without a header. */
  title: string | null;
  unit: string | null;
  role: ColumnRole;
  /** Why: shown beside the role. */
  why: string;
  /** It may as well be something else. */
  isDoubtful: boolean;
  /** Nothing tells which: the user has to say. */
  isQuestion: boolean;
  facts: ColumnFacts;
  /** Of a column that may be the clock. */
  pace: Pace | null;
  /** Seconds that a one in this column stands for, times of day and dates being seconds already. */
  secondsPerOne: number;
}

export interface RoleContext {
  /** The label file, the path pattern or class folders give labels. */
  hasOtherLabels: boolean;
  /** Only folders give labels, which may as well be subjects. */
  foldersAlone: boolean;
  /** Name of a label column, as the user gave it. */
  labelColumn: string | undefined;
  labelNumber: number | undefined;
  labelFrom: 'auto' | 'column' | 'file' | 'none';
  isNumberTarget: boolean;
}

const TIME =
  /^(time|times|time ?stamps?|date ?times?|date|clock|t|sec|secs|seconds?|ms|msec|millis(econds)?|elapsed.*|unix.*|epoch.*|datum|zeit|uhrzeit|local ?time|utc)$/i;
const COUNTER =
  /^(|#|n|no|nr|num|idx|index|row|rownum|id|frame|counter|sample|samples|unnamed: 0|(sample|row|frame|packet|record|scan)[ _-]?(index|idx|number|num|no|nr|id|counter|count)?|#.*)$/i;
const TRIGGER =
  /^(trigger|trig|triggers|stim|sti.*014|marker|markers|event|events|status|ttl|sync|annotation.*|code|sti)$/i;
const LABEL =
  /^(label|labels|class|target|y|activity|activity ?id|gesture|state|category|condition|phase|stage|movement|annotation)$/i;
const PLAIN_LABEL = /^(label|class|target)$/i;
const GROUP =
  /^(subject|participant|patient|person|proband|animal|session|trial|recording|user|site|subj|sub|pid)([ _-]?(id|nr|no|number|code|name))?$/i;
const MOSTLY_MISSING = 0.2;

/** "Time (s)", "time_ms", "Time [s]" without their units. */
const stem = (title: string): string =>
  title
    .replace(/[([{].*$/, '')
    .replace(/,.*$/, '')
    .replace(/[ _](ns|us|ms|s|sec|seconds|utc)$/i, '')
    .replace(/[_.]/g, ' ')
    .trim();

/** @param files Rows of the files that have these columns. */
export function findRoles(
  dialect: Dialect,
  files: readonly Dialect[],
  format: NumberFormat,
  context: RoleContext,
): Column[] {
  const names = uniqueNames(dialect.header, dialect.columnCount);
  const most = Math.max(200, Math.floor(8000 / Math.max(1, files.length)));
  const heads = files.map(({ rows, laterRows }) => ({ rows: rows.slice(0, most), laterRows }));
  const columns = Array.from({ length: dialect.columnCount }, (_, index): Column => {
    const facts = factsOf(heads, index, format);
    const title = dialect.header?.[index] ?? null;
    const unit = dialect.units?.[index] || null;
    return {
      index,
      name: names[index]!,
      title,
      unit,
      facts,
      ...firstRole(title, facts),
      pace: null,
      isQuestion: false,
      secondsPerOne: 1,
    };
  });
  chooseClock(columns);
  chooseLabel(columns, context);
  return columns;
}

function firstRole(title: string | null, facts: ColumnFacts): Pick<Column, 'role' | 'why' | 'isDoubtful'> {
  const name = stem(title ?? '');
  const is = (role: ColumnRole, why: string, isDoubtful = false) => ({ role, why, isDoubtful });
  if (facts.missing === 1) return is('ignored', 'empty', title !== null && title !== '');
  if (facts.times > 0.9) return is('ignored', 'dates or times');
  if (title !== null && GROUP.test(name) && (facts.constantInFiles || facts.changes <= facts.cells / 16)) {
    return is('group', 'named as what recordings belong to');
  }
  if (facts.numbers < 0.5) return is('ignored', 'text');
  if (facts.counts) {
    if (title !== null && COUNTER.test(name)) return is('ignored', 'counts rows');
    // A measured value never rises by one throughout; a name says that it is measured.
    return title ? is('channel', 'rises by one in every row', true) : is('ignored', 'counts rows', true);
  }
  if (title !== null && TRIGGER.test(name) && facts.wholes > 0.99 && facts.values.size <= 64) {
    return is('ignored', 'a trigger or marker');
  }
  if (title !== null && COUNTER.test(name) && name !== '' && facts.wholes > 0.99 && facts.rises) {
    return is('ignored', 'counts rows', true);
  }
  if (/^other/i.test(name) && facts.values.size < 2) return is('ignored', 'always the same');
  if (facts.missing > MOSTLY_MISSING) {
    return is('ignored', `${Math.round(facts.missing * 100)} % of its cells are missing`, true);
  }
  if (facts.values.size < 2 && facts.cells > 1) return is('channel', 'always the same value', true);
  return is('channel', 'numbers');
}

/** The clock: named so or counting evenly, and never going back. The finest of several. */
function chooseClock(columns: Column[]): void {
  const candidates = columns.flatMap((column) => {
    const named = column.title !== null && TIME.test(stem(column.title));
    const { facts } = column;
    const isTime = facts.times > 0.9;
    if (facts.missing > 0.1 || !facts.rises || (facts.numbers < 0.9 && !isTime)) return [];
    const first = epochUnit(facts.firstNumber);
    const counted = facts.counts && !named && first === null;
    // Without a name only what looks like a clock and like nothing else: the first column, or times of 1970.
    const unnamed = !isTime && !named && (counted || (first === null && column.index > 0));
    if (unnamed) return [];
    const hasNoName = !named && !isTime;
    if (hasNoName && first === null && (column.title !== null || !isStrictlyRising(facts))) return [];
    return [{ column, named, isTime, first }];
  });
  const ranked = candidates.map((candidate) => ({ ...candidate, ...paceFor(candidate) }));
  for (const { column, pace, why } of ranked) {
    column.role = 'ignored';
    column.why = pace === null ? `${why}: rows, seconds or milliseconds?` : 'another clock';
    column.isDoubtful = pace === null;
  }
  const best = ranked
    .filter(({ pace }) => pace !== null)
    .sort((one, other) => other.rank - one.rank || one.column.index - other.column.index)[0];
  if (!best) return;
  const { column } = best;
  column.role = 'time';
  column.why = best.why;
  column.isDoubtful = best.isDoubtful;
  column.pace = best.pace;
  column.secondsPerOne = best.unit;
}

/** A column that somebody says is the clock: its unit and pace are found as for one that was recognised. */
export function takeAsClock(column: Column): void {
  const { facts } = column;
  const { pace, unit } = paceFor({
    column,
    named: true,
    isTime: facts.times > 0.9,
    first: epochUnit(facts.firstNumber),
  });
  column.pace = pace;
  column.secondsPerOne = unit;
}

const isStrictlyRising = ({ steps }: ColumnFacts): boolean =>
  steps.filter((step) => step > 0).length >= steps.length * 0.999;

interface Guess {
  pace: Pace | null;
  unit: number;
  why: string;
  isDoubtful: boolean;
  rank: number;
}

function paceFor({
  column,
  named,
  isTime,
  first,
}: {
  column: Column;
  named: boolean;
  isTime: boolean;
  first: number | null;
}): Guess {
  const { facts, title } = column;
  const make = (unit: number, why: string, isDoubtful: boolean, rank: number): Guess => ({
    unit,
    why,
    isDoubtful,
    rank,
    pace: paceOf(facts.steps, unit),
  });
  if (isTime) return make(1, 'dates or times', false, 1);
  const stated = unitSeconds(column.unit ?? '') ?? unitSeconds(title ?? '');
  if (stated !== null && named) return make(stated, 'time, its unit in the header', false, 4);
  if (first !== null) return make(first, 'seconds since 1970', false, 3);
  const fractions = facts.wholes < 0.99;
  if (fractions)
    return make(1, named ? 'time, taken as seconds' : 'rises evenly: time in seconds', !named, named ? 3 : 2);
  // Whole numbers that rise by one count rows, seconds or milliseconds alike: no rate is made of that.
  if (facts.counts) return { pace: null, unit: 1, why: 'counts rows', isDoubtful: true, rank: 0 };
  return make(1e-3, 'time, taken as milliseconds', true, named ? 3 : 2);
}

function chooseLabel(columns: Column[], context: RoleContext): void {
  if (context.labelFrom === 'none' || context.labelFrom === 'file') {
    for (const column of columns) {
      if (column.title !== null && LABEL.test(stem(column.title)) && looksLikeLabels(column.facts)) {
        Object.assign(column, { role: 'ignored', why: 'labels, which are not asked for', isDoubtful: false });
      }
    }
    return;
  }
  const label = (column: Column | undefined, why: string, isDoubtful: boolean) => {
    if (column) Object.assign(column, { role: 'label', why, isDoubtful });
  };
  const wanted = context.labelColumn?.trim().toLowerCase();
  if (context.labelNumber !== undefined) return label(columns[context.labelNumber - 1], 'chosen', false);
  if (wanted !== undefined) {
    const found = columns.find(({ title }) => title?.toLowerCase() === wanted);
    if (found) return label(found, 'chosen', false);
  }
  const free = columns.filter(
    ({ role, why }) => role === 'channel' || (role === 'ignored' && why === 'text'),
  );
  const named = free.filter(({ title }) => title !== null && LABEL.test(stem(title)));
  // One value in all that was looked at may be a long rest: the plain words are taken at their word.
  const isFit = ({ facts, title }: Column) =>
    context.isNumberTarget ||
    looksLikeLabels(facts) ||
    (facts.values.size <= MOST_VALUES && (facts.constantInFiles || PLAIN_LABEL.test(title ?? '')));
  const byName = wanted === undefined ? named.find(isFit) : undefined;
  if (byName) {
    return label(
      byName,
      context.hasOtherLabels ? 'named as a label; files have labels too' : 'named as a label',
      context.hasOtherLabels,
    );
  }
  const last = columns.at(-1)!;
  if (context.labelFrom === 'column' && wanted === undefined) return label(last, 'the last column', true);
  if (context.hasOtherLabels || wanted !== undefined) {
    if (free.includes(last) && looksLikeLabels(last.facts)) {
      const why = 'it looks like labels, but files or folders give labels, too';
      Object.assign(last, { role: 'ignored', why, isDoubtful: true, isQuestion: context.foldersAlone });
    }
    return;
  }
  const likely = free.filter(({ facts }) => looksLikeLabels(facts));
  const texts = likely.filter(({ why }) => why === 'text');
  const best = texts.length === 1 ? texts[0] : likely.find(({ index }) => index === last.index);
  const trigger = columns.filter(({ why, facts }) => why === 'a trigger or marker' && looksLikeLabels(facts));
  for (const column of likely) {
    if (column !== best)
      Object.assign(column, { why: 'few values that stay the same for long: labels?', isDoubtful: true });
  }
  if (best) label(best, 'few values that stay the same for long', true);
  else if (trigger.length === 1) label(trigger[0], 'a marker whose values stay the same for long', true);
}

/** Names as they are where they differ: "acc", "acc (2)", "acc (3)". */
export function uniqueNames(header: string[] | null, count: number): string[] {
  const taken = new Set<string>();
  return Array.from({ length: count }, (_, index) => {
    const title = header?.[index]?.trim() || `channel ${index + 1}`;
    let name = title;
    for (let copy = 2; taken.has(name); copy += 1) name = `${title} (${copy})`;
    taken.add(name);
    return name;
  });
}
