/** Columns that give the target away: each of their values stands with one class alone. */
import type { Cell } from './source.ts';

/** Columns with more values are no copies of a target of classes. */
const MOST_VALUES = 1000;
/** So often a value stands there on average, else it fits by chance. */
const FEWEST_OF_VALUE = 5;

/** Whether one column tells the target, met row by row; memory is bounded. */
export class AnswerWatch {
  private readonly classOf = new Map<Cell, Cell>();
  private rows = 0;
  /** It was seen not to tell. */
  isOver = false;

  /** Rows in which either is not known say nothing. */
  add(cell: Cell | null, target: Cell | null): void {
    if (this.isOver || cell === null || target === null) return;
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
