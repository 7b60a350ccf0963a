/** Columns that give a target away, met row by row; each kind of evidence is a watch of its own, of bounded memory. */
import { cellNumber, type Cell, type CellForm } from './source.ts';

/** How a column tells the target: value by value, by the order of its numbers, or as a number beside a number. */
export type GivenAwayBy = 'value' | 'order' | 'number';

export interface GivenAway {
  name: string;
  target: string;
  by: GivenAwayBy;
}

export interface AnswerWatch {
  by: GivenAwayBy;
  /** It was seen not to tell. */
  readonly isOver: boolean;
  /** Both of a row, where both are known. */
  add(cell: Cell, target: Cell): void;
  readonly tells: boolean;
}

/** What to watch for in a column beside a target of classes, or of numbers. */
export const watchesFor = (target: 'classes' | 'numbers', form: CellForm): AnswerWatch[] =>
  target === 'numbers' ? [new NumberWatch(form)] : [new ValueWatch(), new OrderWatch(form)];

export const givesAwayWords = ({ name, target, by }: GivenAway): string =>
  `“${name}” gives the target away: ${
    {
      value: `each of its values stands with one value of “${target}” alone`,
      order: `put in its order, the rows of each value of “${target}” stand together`,
      number: `“${target}” rises or falls with it, on one straight line`,
    }[by]
  }.`;

/** Columns with more values are no copies of a target of classes. */
const MOST_VALUES = 1000;
/** So often a value stands there on average, else it fits by chance. */
const FEWEST_OF_VALUE = 5;

/** A copy of the target, or codes of it. */
class ValueWatch implements AnswerWatch {
  readonly by = 'value';
  isOver = false;
  private readonly classOf = new Map<Cell, Cell>();
  private rows = 0;

  add(cell: Cell, target: Cell): void {
    this.rows++;
    const known = this.classOf.get(cell);
    if (known === undefined) this.classOf.set(cell, target);
    if ((known !== undefined && known !== target) || this.classOf.size > MOST_VALUES) {
      this.isOver = true;
      this.classOf.clear();
    }
  }

  get tells(): boolean {
    const classes = new Set(this.classOf.values());
    return !this.isOver && classes.size > 1 && this.rows >= FEWEST_OF_VALUE * this.classOf.size;
  }
}

const MOST_CLASSES = 50;
/** Of 10 rows each, two classes lie apart by chance in one of 90,000 columns. */
const FEWEST_OF_CLASS = 10;

/** An identifier that was given out class by class, or a measurement of the target itself. */
class OrderWatch implements AnswerWatch {
  readonly by = 'order';
  isOver = false;
  private readonly ranges = new Map<Cell, { low: number; high: number; rows: number }>();
  private readonly form: CellForm;

  constructor(form: CellForm) {
    this.form = form;
  }

  add(cell: Cell, target: Cell): void {
    const number = cellNumber(cell, this.form);
    if (Number.isNaN(number)) return this.end();
    let own = this.ranges.get(target);
    if (!own) {
      if (this.ranges.size === MOST_CLASSES) return this.end();
      this.ranges.set(target, (own = { low: number, high: number, rows: 0 }));
    } else if (own.rows > 0 && number >= own.low && number <= own.high) {
      own.rows++;
      return;
    }
    own.rows++;
    own.low = Math.min(own.low, number);
    own.high = Math.max(own.high, number);
    // A range only grows: two that meet never part again.
    for (const other of this.ranges.values())
      if (other !== own && other.low <= own.high && own.low <= other.high) return this.end();
  }

  private end(): void {
    this.isOver = true;
    this.ranges.clear();
  }

  get tells(): boolean {
    const ranges = [...this.ranges.values()];
    return !this.isOver && ranges.length > 1 && ranges.every(({ rows }) => rows >= FEWEST_OF_CLASS);
  }
}

const FEWEST_NUMBERS = 20;
/** Short of a straight line by no more than rounding to four digits. */
const STRAIGHT = 1 - 1e-7;
/** Looked at again after so many rows: most columns are no copy, and are done with early. */
const LOOK_EVERY = 100;

/** A copy of a target that is a number, in any unit: sums of squares as Welford (1962) keeps them. */
class NumberWatch implements AnswerWatch {
  readonly by = 'number';
  isOver = false;
  private rows = 0;
  private means = [0, 0] as [number, number];
  private squares = [0, 0] as [number, number];
  private products = 0;
  private readonly form: CellForm;

  constructor(form: CellForm) {
    this.form = form;
  }

  add(cell: Cell, target: Cell): void {
    const [x, y] = [cellNumber(cell, this.form), cellNumber(target, this.form)];
    if (Number.isNaN(y)) return;
    if (Number.isNaN(x)) {
      this.isOver = true;
      return;
    }
    this.rows++;
    const [fromX, fromY] = [x - this.means[0], y - this.means[1]];
    this.means[0] += fromX / this.rows;
    this.means[1] += fromY / this.rows;
    this.squares[0] += fromX * (x - this.means[0]);
    this.squares[1] += fromY * (y - this.means[1]);
    this.products += fromX * (y - this.means[1]);
    const varies = this.squares.every((sum) => sum > 0);
    if (varies && this.rows % LOOK_EVERY === 0) this.isOver = !this.isStraight;
  }

  private get isStraight(): boolean {
    const [x, y] = this.squares;
    return x > 0 && y > 0 && this.products ** 2 >= STRAIGHT * x * y;
  }

  get tells(): boolean {
    return !this.isOver && this.rows >= FEWEST_NUMBERS && this.isStraight;
  }
}
