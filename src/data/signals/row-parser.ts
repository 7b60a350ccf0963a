/** Turns delimited text into rows of numbers, chunk by chunk, straight from the bytes. */
import { isMissing, type Dialect } from './dialect.ts';

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
  dialect: Dialect;
  channelColumns: number[];
  labelColumn: number | null;
  /** Labels are numbers to predict: every row's value is kept. */
  numberLabels: boolean;
}

const NEWLINE = 10;
const RETURN = 13;
const SPACE = 32;
const TAB = 9;
const QUOTE = 34;
const HASH = 35;

export class RowParser {
  rowCount = 0;
  readonly badRows: BadRows[] = [];
  /** Runs of equal labels: the row each begins at, and its place in `labelValues` (-1: no label). */
  readonly runStarts: number[] = [];
  readonly runLabels: number[] = [];
  readonly labelValues: string[] = [];
  /** One number a row where labels are numbers. */
  numbers = new Float32Array(0);

  private readonly plan: ParserPlan;
  private readonly channelOf: Int32Array;
  private readonly channels: number;
  private readonly delimiter: number;
  private readonly decimal: number;
  private readonly labelIds = new Map<string, number>();
  private rest: Buffer = Buffer.alloc(0);
  private line = 0;
  private headerSeen: boolean;
  private lastLabel: Buffer | null = null;
  private lastLabelId = -1;
  private output = new Float32Array(0);

  constructor(plan: ParserPlan) {
    const { dialect, channelColumns } = plan;
    this.plan = plan;
    this.channels = channelColumns.length;
    this.channelOf = new Int32Array(dialect.columnCount).fill(-1);
    channelColumns.forEach((column, channel) => (this.channelOf[column] = channel));
    this.delimiter = dialect.delimiter === 'whitespace' ? -1 : dialect.delimiter.charCodeAt(0);
    this.decimal = dialect.decimalComma ? 44 : 46;
    this.headerSeen = dialect.header === null;
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
    let at = start;
    while (at < end && (data[at] === SPACE || data[at] === TAB)) at += 1;
    if (at === end || data[start] === HASH) return;
    if (!this.headerSeen) {
      this.headerSeen = true;
      return;
    }
    const { delimiter, output, channelOf } = this;
    const { labelColumn } = this.plan;
    if (delimiter !== -1) at = start;
    let column = 0;
    let badColumn = -2;
    let badStart = 0;
    let badEnd = 0;
    let labelStart = 0;
    let labelEnd = 0;
    for (;;) {
      let stop = at;
      if (delimiter === -1) while (stop < end && data[stop] !== SPACE && data[stop] !== TAB) stop += 1;
      else while (stop < end && data[stop] !== delimiter) stop += 1;
      const channel = column < channelOf.length ? channelOf[column]! : -1;
      if (channel >= 0) {
        const value = this.parseNumber(data, at, stop);
        // NaN is the only value that differs from itself.
        if (value !== value && badColumn === -2) {
          badColumn = column;
          badStart = at;
          badEnd = stop;
        }
        output[target + channel] = value === value ? value : 0;
      } else if (column === labelColumn) {
        labelStart = at;
        labelEnd = stop;
      }
      column += 1;
      if (stop >= end) break;
      at = stop + 1;
      if (delimiter === -1) {
        while (at < end && (data[at] === SPACE || data[at] === TAB)) at += 1;
        if (at >= end) break;
      }
    }
    if (column !== channelOf.length) {
      // A row of fewer columns leaves what the row before wrote: the row counts as bad as a whole.
      output.fill(0, target, target + this.channels);
      this.addBadRow(-1, `${column}`);
    } else if (badColumn >= 0) {
      this.addBadRow(badColumn, data.toString('utf8', badStart, badEnd).trim());
    }
    if (labelColumn !== null)
      this.addLabel(column === channelOf.length ? data.subarray(labelStart, labelEnd) : null);
    this.rowCount += 1;
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
      } else if (code === this.decimal && !point) {
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
    const text = data.toString('latin1', start, end);
    const plain = this.plan.dialect.decimalComma ? text.replace(',', '.') : text;
    return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? finite(Number(plain)) : NaN;
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
    const known = bytes !== null && this.lastLabel !== null && bytes.equals(this.lastLabel);
    const id = known ? this.lastLabelId : this.labelId(bytes);
    if (!known && bytes !== null) {
      this.lastLabel = Buffer.from(bytes);
      this.lastLabelId = id;
    }
    if (this.runLabels.length === 0 || this.runLabels[this.runLabels.length - 1] !== id) {
      this.runStarts.push(this.rowCount);
      this.runLabels.push(id);
    }
  }

  private labelId(bytes: Buffer | null): number {
    const text =
      bytes
        ?.toString('utf8')
        .trim()
        .replace(/^"(.*)"$/, '$1')
        .trim() ?? '';
    if (isMissing(text)) return -1;
    // 1 and 1.0 are one class.
    const name = /^[+-]?\d+\.0+$/.test(text) ? String(Number(text)) : text;
    let id = this.labelIds.get(name);
    if (id === undefined) {
      id = this.labelValues.push(name) - 1;
      this.labelIds.set(name, id);
    }
    return id;
  }
}

function countLines(data: Buffer, end: number): number {
  let count = 0;
  for (let at = data.indexOf(NEWLINE); at !== -1 && at < end; at = data.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}

const finite = (value: number): number => (Number.isFinite(Math.fround(value)) ? value : NaN);
