/** What a column of a table holds, met row by row: memory is bounded whatever the number of rows. */
import { isSameUnit } from '../delimited/units.ts';
import { DateWatch, readDate } from './dates.ts';
import { cellNumber, cellText, cellUnit, type Cell, type CellForm } from './source.ts';

/** Cells of the first rows are kept as they are, in their order. */
const FIRST_CELLS = 2000;
/** Different values beyond these are no longer told apart. */
const MOST_DISTINCT = 10_000;
/** A column of numbers alone with so many values is no column of codes: they are no longer counted. */
const MOST_CODES = 1000;

/** The first cell that is not of a kind. */
export interface OddCell {
  text: string;
  file: string;
  line: number;
}

interface Value {
  count: number;
  /** NaN where it is none. */
  number: number;
  isWhole: boolean;
  isDate: boolean;
  /** What stands beside its number. */
  unit: string | null;
}

export class ColumnSurvey {
  rows = 0;
  known = 0;
  numbers = 0;
  wholes = 0;
  dates = 0;
  least = Infinity;
  greatest = -Infinity;
  /** How dates are written. */
  readonly written = new DateWatch();
  firstNoNumber: OddCell | null = null;
  firstNoDate: OddCell | null = null;
  /** Null where nothing is known. */
  readonly firstCells: (string | null)[] = [];
  /** There are more different values than are told apart. */
  overflowed = false;
  /** It holds numbers, too many for codes: values are no longer told apart. */
  private isMeasured = false;
  private texts: Map<string, Value> | null = null;
  private readonly values = new Map<Cell, Value>();
  /** Cells with a number and a unit, by the unit as it is written first. */
  readonly units = new Map<string, number>();
  /** How each was written first, by all its spellings. */
  private readonly unitNames = new Map<string, string>();
  /** Words that mean nothing, as they are written, with their cells: there are few such words. */
  readonly nothings = new Map<string, number>();

  /** @param written what stands in the file where nothing is known */
  add(cell: Cell | null, form: CellForm, file: string, line: number, written?: Cell): void {
    this.rows++;
    if (this.firstCells.length < FIRST_CELLS)
      this.firstCells.push(cell === null ? null : ownText(cellText(cell)));
    if (cell === null) {
      if (typeof written === 'string' && written !== '')
        this.nothings.set(written, (this.nothings.get(written) ?? 0) + 1);
      return;
    }
    this.known++;
    if (this.isMeasured) {
      const number = cellNumber(cell, form);
      if (Number.isNaN(number)) this.firstNoNumber ??= { text: cellText(cell), file, line };
      else {
        this.numbers++;
        if (Number.isInteger(number)) this.wholes++;
        this.widen(number);
        // Units that came late, among plain numbers.
        if (typeof cell === 'string' && !isBare(cell)) this.countUnit(cellUnit(cell, form));
      }
      return;
    }
    const value = this.values.get(cell) ?? this.meet(cell, form);
    value.count++;
    if (value.unit !== null) this.countUnit(value.unit);
    if (!Number.isNaN(value.number)) this.numbers++;
    else this.firstNoNumber ??= { text: cellText(cell), file, line };
    if (value.isWhole) this.wholes++;
    if (value.isDate) this.dates++;
    else this.firstNoDate ??= { text: cellText(cell), file, line };
  }

  private widen(number: number): void {
    if (number < this.least) this.least = number;
    if (number > this.greatest) this.greatest = number;
  }

  private countUnit(unit: string | null): void {
    if (unit === null) return;
    let name = this.unitNames.get(unit);
    if (name === undefined) {
      name = [...this.units.keys()].find((met) => isSameUnit(met, unit)) ?? unit;
      this.unitNames.set(unit, name);
    }
    this.units.set(name, (this.units.get(name) ?? 0) + 1);
  }

  private meet(cell: Cell, form: CellForm): Value {
    const number = cellNumber(cell, form);
    const date = typeof cell === 'string' && Number.isNaN(number) ? readDate(cell) : null;
    const isDate = date !== null;
    if (date) this.written.add(date, cell as string);
    const isNumber = !Number.isNaN(number);
    const unit = isNumber ? cellUnit(cell, form) : null;
    if (isNumber) this.widen(number);
    const value = { count: 0, number, isWhole: Number.isInteger(number), isDate, unit };
    this.texts = null;
    const isCode = this.values.size < MOST_CODES || this.numbers + 1 < this.known || !isNumber;
    if (isCode && this.values.size < MOST_DISTINCT)
      this.values.set(typeof cell === 'string' ? ownText(cell) : cell, value);
    else this.overflowed = true;
    this.isMeasured = !isCode;
    return value;
  }

  get distinct(): number {
    return this.values.size;
  }

  /** Different numbers among the values that are told apart. */
  numbersMet(): Set<number> {
    const numbers = [...this.values.values()].map(({ number }) => number);
    return new Set(numbers.filter((number) => !Number.isNaN(number)));
  }

  /** Values with their rows, in the order in which they were met. */
  get counts(): ReadonlyMap<string, { count: number }> {
    this.texts ??= new Map([...this.values].map(([cell, value]) => [cellText(cell), value]));
    return this.texts;
  }
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57;
/** Whether it begins and ends with a digit, as nearly every number of millions does. */
const isBare = (cell: string): boolean =>
  isDigit(cell.charCodeAt(0)) && isDigit(cell.charCodeAt(cell.length - 1));

/** A cell is a part of a long text, which is kept as a whole for as long as the cell is. */
const ownText = (cell: string): string => Buffer.from(cell).toString();
