/** Columns that hold the same in every row: found by parting those that differ, which after a few rows are nearly all. */
import type { Cell } from './source.ts';

export class SameColumns {
  /** Sets of two or more columns that were alike in all rows so far. */
  private sets: number[][];

  constructor(count: number) {
    this.sets = count > 1 ? [Array.from({ length: count }, (_, at) => at)] : [];
  }

  /** @param cellAt the known cell of a column, null where nothing is known */
  add(cellAt: (column: number) => Cell | null): void {
    for (let at = 0; at < this.sets.length; at++) {
      const set = this.sets[at]!;
      const first = cellAt(set[0]!);
      if (set.every((column) => cellAt(column) === first)) continue;
      const parts = new Map<Cell | null, number[]>();
      for (const column of set) {
        const cell = cellAt(column);
        const part = parts.get(cell);
        if (part) part.push(column);
        else parts.set(cell, [column]);
      }
      const kept = [...parts.values()].filter(({ length }) => length > 1);
      this.sets.splice(at, 1, ...kept);
      at += kept.length - 1;
    }
  }

  get found(): readonly (readonly number[])[] {
    return this.sets;
  }
}
