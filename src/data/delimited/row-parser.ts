/** Turns delimited text into rows of numbers, chunk by chunk, straight from the bytes. */
import { cellText, Runs } from './runs.ts';
import type { ClockWatch } from './clock-watch.ts';
import type { Delimiter } from './lines.ts';
import { isMissing, toNumber, type NumberFormat } from './numbers.ts';
import { parseTime } from './time.ts';

/** Rows that cannot be used, one after the other: left out are the windows that touch them. */
export interface BadRows {
  /** Rows of the recording from 0; `end` is the first good one again. */
  start: number;
  end: number;
  /** Line in the file from 1. */
  line: number;
  lastLine: number;
  /** Column number from 0, -1 for a wrong number of columns. */
  column: number;
  text: string;
}

export interface ParserPlan {
  delimiter: Delimiter;
  format: NumberFormat;
  /** Line of the first row, from 0; what stands above is no data. */
  dataLine: number;
  columnCount: number;
  channelColumns: readonly number[];
  labelColumn: number | null;
  /** Labels are numbers to predict: every row's value is kept. */
  numberLabels: boolean;
  groupColumns: readonly (number | null)[];
  clock: { column: number; secondsPerOne: number; watch: ClockWatch } | null;
  /** A missing value is the last known one of its channel. */
  holdMissing: boolean;
}

const NEWLINE = 10;
const RETURN = 13;
const SPACE = 32;
const TAB = 9;
const QUOTE = 34;
const HASH = 35;
const PERCENT = 37;
const COMMA = 44;
const POINT = 46;

/** What a column is besides a channel. */
const OTHER = -1;
const LABEL = -2;
const CLOCK = -3;
const GROUP = -4;

export class RowParser {
  rowCount = 0;
  readonly badRows: BadRows[] = [];
  readonly labels = new Runs();
  readonly groups: Runs[];
  /** One number a row where labels are numbers. */
  numbers = new Float32Array(0);
  /** The last known value of each channel. */
  private readonly last: Float32Array;
  /** Missing values that were filled with the last known one. */
  heldCount = 0;

  private readonly plan: ParserPlan;
  /** Channel of a column, or one of the codes above; groups count down. */
  private readonly useOf: Int32Array;
  private readonly channels: number;
  private readonly delimiter: number;
  private readonly decimal: number;
  /** No decimals were seen before: the other sign is one, too. */
  private readonly otherDecimal: number;
  private rest: Buffer = Buffer.alloc(0);
  private line = 0;
  /** The last value of each channel; empty where none is held. */
  private readonly held: Float32Array;
  private output = new Float32Array(0);
  private readonly groupStarts: Int32Array;
  private readonly groupEnds: Int32Array;

  constructor(plan: ParserPlan) {
    this.plan = plan;
    this.channels = plan.channelColumns.length;
    this.useOf = new Int32Array(plan.columnCount).fill(OTHER);
    if (plan.clock) this.useOf[plan.clock.column] = CLOCK;
    plan.groupColumns.forEach((column, index) => column !== null && (this.useOf[column] = GROUP - index));
    if (plan.labelColumn !== null) this.useOf[plan.labelColumn] = LABEL;
    plan.channelColumns.forEach((column, channel) => (this.useOf[column] = channel));
    this.delimiter = plan.delimiter === 'whitespace' ? -1 : plan.delimiter.charCodeAt(0);
    const { decimal } = plan.format;
    this.decimal = decimal === ',' ? COMMA : POINT;
    this.otherDecimal = decimal === null && plan.delimiter !== ',' ? COMMA : -1;
    this.last = new Float32Array(this.channels);
    this.held = new Float32Array(plan.holdMissing ? this.channels : 0).fill(NaN);
    this.groups = plan.groupColumns.map(() => new Runs());
    this.groupStarts = new Int32Array(this.groups.length);
    this.groupEnds = new Int32Array(this.groups.length);
  }

  /** Parses what is complete. @returns rows × channels values, valid until the next call */
  push(chunk: Buffer): Float32Array {
    const data = this.rest.length ? Buffer.concat([this.rest, chunk]) : chunk;
    const end = data.lastIndexOf(NEWLINE) + 1;
    this.rest = Buffer.from(data.subarray(end));
    return this.parse(data, end);
  }

  /** The last line, which may lack its line end. */
  finish(): Float32Array {
    const data = Buffer.concat([this.rest, Buffer.from('\n')]);
    this.rest = Buffer.alloc(0);
    return this.parse(data, data.length);
  }

  private parse(data: Buffer, end: number): Float32Array {
    const first = this.rowCount;
    const capacity = countLines(data, end) * this.channels;
    if (this.output.length < capacity) this.output = new Float32Array(capacity);
    let start = 0;
    if (this.line === 0 && data[0] === 0xef && data[1] === 0xbb && data[2] === 0xbf) start = 3;
    while (start < end) {
      const stop = data.indexOf(NEWLINE, start);
      this.line += 1;
      this.parseLine(
        data,
        start,
        stop > start && data[stop - 1] === RETURN ? stop - 1 : stop,
        (this.rowCount - first) * this.channels,
      );
      start = stop + 1;
    }
    return this.output.subarray(0, (this.rowCount - first) * this.channels);
  }

  private parseLine(data: Buffer, start: number, end: number, target: number): void {
    if (this.line <= this.plan.dataLine) return;
    let at = start;
    while (at < end && (data[at] === SPACE || data[at] === TAB)) at += 1;
    if (at === end || data[at] === HASH || data[at] === PERCENT) return;
    const { delimiter, output, useOf, held, groupStarts, groupEnds } = this;
    if (delimiter !== -1) at = start;
    let column = 0;
    let badColumn = -2;
    let badStart = 0;
    let badEnd = 0;
    let labelStart = 0;
    let labelEnd = 0;
    let clockStart = 0;
    let clockEnd = 0;
    for (;;) {
      let stop = this.skipQuoted(data, at, end);
      if (delimiter === -1) while (stop < end && data[stop] !== SPACE && data[stop] !== TAB) stop += 1;
      else while (stop < end && data[stop] !== delimiter) stop += 1;
      const use = column < useOf.length ? useOf[column]! : OTHER;
      if (use >= 0) {
        let value = this.parseNumber(data, at, stop);
        if (held.length > 0) value = this.hold(data, at, stop, use, value);
        // NaN is the only value that differs from itself.
        if (value !== value && badColumn === -2) {
          badColumn = column;
          badStart = at;
          badEnd = stop;
        }
        // No step of a preparation shall see a jump where nothing is known.
        if (value === value) this.last[use] = value;
        output[target + use] = this.last[use]!;
      } else if (use === LABEL) {
        labelStart = at;
        labelEnd = stop;
      } else if (use === CLOCK) {
        clockStart = at;
        clockEnd = stop;
      } else if (use <= GROUP) {
        groupStarts[GROUP - use] = at;
        groupEnds[GROUP - use] = stop;
      }
      column += 1;
      if (stop >= end) break;
      at = stop + 1;
      if (delimiter === -1) {
        while (at < end && (data[at] === SPACE || data[at] === TAB)) at += 1;
        if (at >= end) break;
      }
    }
    const fits = column === useOf.length || this.lacksOnlyUnused(column);
    if (!fits) {
      // A row of fewer columns leaves what the row before wrote: the row counts as bad as a whole.
      output.set(this.last, target);
      this.addBadRow(-1, `${column}`);
    } else if (badColumn >= 0) {
      this.addBadRow(badColumn, data.toString('utf8', badStart, badEnd).trim());
    }
    if (this.plan.clock) this.addTime(fits ? data.subarray(clockStart, clockEnd) : null);
    if (this.plan.labelColumn !== null) this.addLabel(fits ? data.subarray(labelStart, labelEnd) : null);
    for (let index = 0; index < this.groups.length; index += 1) {
      const cell = fits ? data.subarray(groupStarts[index]!, groupEnds[index]!) : null;
      this.groups[index]!.add(this.rowCount, cell);
    }
    this.rowCount += 1;
  }

  /** Where the cell's quotes end, or its own beginning: a delimiter inside of them parts nothing. */
  private skipQuoted(data: Buffer, start: number, end: number): number {
    let at = start;
    while (data[at] === SPACE && at < end) at += 1;
    if (data[at] !== QUOTE || at >= end) return start;
    for (at += 1; at < end; at += 1) {
      if (data[at] !== QUOTE) continue;
      if (data[at + 1] !== QUOTE) return at + 1;
      at += 1;
    }
    // An open quote: the cell ends where the next delimiter is.
    return start;
  }

  /** A last column that is used for nothing may be missing, as where a line ends with a delimiter or not. */
  private lacksOnlyUnused(count: number): boolean {
    const { useOf } = this;
    if (count === useOf.length - 1) return useOf[count] === OTHER;
    return false;
  }

  /** The value, or the last known one of its channel where it is missing. */
  private hold(data: Buffer, start: number, end: number, channel: number, value: number): number {
    if (value === value) {
      this.held[channel] = value;
      return value;
    }
    const before = this.held[channel]!;
    if (before !== before || !isMissing(cellText(data.subarray(start, end)))) return NaN;
    this.heldCount += 1;
    return before;
  }

  private addTime(bytes: Buffer | null): void {
    const { secondsPerOne, watch } = this.plan.clock!;
    let time = NaN;
    if (bytes !== null) {
      const number = this.parseNumber(bytes, 0, bytes.length);
      time = number === number ? number * secondsPerOne : parseTime(cellText(bytes));
    }
    watch.add(time, this.rowCount, this.line);
  }

  /** NaN for anything that is no number. */
  private parseNumber(data: Buffer, from: number, to: number): number {
    let at = from;
    let end = to;
    while (at < end && (data[at] === SPACE || data[at] === QUOTE)) at += 1;
    while (end > at && (data[end - 1] === SPACE || data[end - 1] === QUOTE)) end -= 1;
    if (at === end) return NaN;
    const start = at;
    const negative = data[at] === 45;
    if (negative || data[at] === 43) at += 1;
    let mantissa = 0;
    let digits = 0;
    let decimals = 0;
    let point = false;
    for (; at < end; at += 1) {
      const code = data[at]!;
      if (code >= 48 && code <= 57) {
        mantissa = mantissa * 10 + (code - 48);
        digits += 1;
        if (point) decimals += 1;
      } else if ((code === this.decimal || code === this.otherDecimal) && !point) {
        point = true;
      } else {
        return this.parseSlowly(data, start, end);
      }
    }
    if (digits === 0) return NaN;
    // Up to 15 digits and powers up to 10^22 are exact, so that one division rounds once.
    if (digits > 15) return this.parseSlowly(data, start, end);
    const value = decimals === 0 ? mantissa : mantissa / 10 ** decimals;
    return negative ? -value : value;
  }

  private parseSlowly(data: Buffer, start: number, end: number): number {
    return finite(toNumber(data.toString('utf8', start, end), this.plan.format));
  }

  private addBadRow(column: number, text: string): void {
    const last = this.badRows[this.badRows.length - 1];
    if (last && last.end === this.rowCount && last.column === column) {
      last.end += 1;
      last.lastLine = this.line;
      return;
    }
    const row = this.rowCount;
    this.badRows.push({ start: row, end: row + 1, line: this.line, lastLine: this.line, column, text });
  }

  private addLabel(bytes: Buffer | null): void {
    if (this.plan.numberLabels) {
      if (this.rowCount >= this.numbers.length) {
        const larger = new Float32Array(Math.max(1024, this.numbers.length * 2));
        larger.set(this.numbers);
        this.numbers = larger;
      }
      this.numbers[this.rowCount] = bytes === null ? NaN : this.parseNumber(bytes, 0, bytes.length);
      return;
    }
    this.labels.add(this.rowCount, bytes);
  }
}

function countLines(data: Buffer, end: number): number {
  let count = 0;
  for (let at = data.indexOf(NEWLINE); at !== -1 && at < end; at = data.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}

const finite = (value: number): number => (Number.isFinite(Math.fround(value)) ? value : NaN);
