/**
 * Keys of rows: one of the cells that a row lies in, one of all its values.
 *
 * Near copies lie in the same cells, or in cells beside each other where a number is near to a border: there a row is
 * looked for in both. So no near copy is missed, and a row has one key however many columns there are.
 */
import { createBend } from './bend.ts';
import { MOST_DIFFERENCE } from './likeness.ts';
import type { RowRule } from './rule.ts';

export interface RowKeys {
  /** Takes a row in; what is said below is of it. */
  read(values: ArrayLike<number>): void;
  /** Of all its values as they are. */
  exact(): number;
  /** Of its cells, and of its whole numbers. */
  cells(): number;
  /** Of all cells in which near copies of it may lie, its own first. */
  nearCells(): number[];
}

/** A little more than copies may differ: logarithms and float32 round. */
const NEAR_BORDER = MOST_DIFFERENCE * 1.01;
/** Numbers near to a border that both sides are looked at of: a row with more of them is one in many millions. */
const MOST_BORDERS = 12;

export function createRowKeys({ scales, whole, grid, isNear }: RowRule): RowKeys {
  const width = scales.length;
  const values = new Float32Array(width);
  const bits = new Int32Array(values.buffer);
  const gridded = [...grid.columns].map((column, at) => ({
    column,
    start: grid.starts[at]!,
    bend: createBend(scales[column]!),
  }));
  const codes = [...whole.keys()].filter((column) => whole[column] === 1);
  let own = 0;
  /** What a key changes by where the row lies in the cell beside. */
  const turns = new Int32Array(MOST_BORDERS);
  let borders = 0;

  const findCells = () => {
    [own, borders] = [0, 0];
    for (const column of codes) own ^= mixed(codeOf(values[column]!, bits[column]!), column);
    for (const { column, start, bend } of gridded) {
      const place = bend(values[column]!) / grid.width + start;
      const cell = Math.floor(place);
      const key = mixed(cell, column);
      own ^= key;
      const past = (place - cell) * grid.width;
      const beside = past <= NEAR_BORDER ? cell - 1 : grid.width - past <= NEAR_BORDER ? cell + 1 : null;
      if (beside !== null && borders < MOST_BORDERS) turns[borders++] = key ^ mixed(beside, column);
    }
  };
  return {
    read(row) {
      for (let column = 0; column < width; column++) values[column] = row[column]!;
      if (isNear) findCells();
      else own = hashOf(bits, 0x1b873593);
    },
    exact: () => hashOf(bits, 0x811c9dc5),
    cells: () => own >>> 0,
    nearCells() {
      const found = [own >>> 0];
      for (let border = 0; border < borders; border++)
        for (let at = found.length - 1; at >= 0; at--) found.push((found[at]! ^ turns[border]!) >>> 0);
      return found;
    },
  };
}

/** The bits of what is no number. */
const MISSING = 0x7fc00000;

/** Of 0 and -0 the bits differ, and of what is no number they may. */
const codeOf = (value: number, bits: number) => (value === 0 ? 0 : Number.isNaN(value) ? MISSING : bits);

/** A cell of a column as 32 bits (the finish of MurmurHash3). What is no number at all is a cell like others. */
function mixed(cell: number, column: number): number {
  let hash = Math.imul(cell ^ Math.imul(column + 1, 0x9e3779b1), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 16), 0x27d4eb2f);
  return hash ^ (hash >>> 15);
}

/** MurmurHash3 over words of 32 bits. */
function hashOf(words: Int32Array, seed: number): number {
  let hash = seed;
  for (let at = 0; at < words.length; at++) {
    let word = Math.imul(words[at]!, 0xcc9e2d51);
    word = Math.imul((word << 15) | (word >>> 17), 0x1b873593);
    hash ^= word;
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  }
  return mixed(hash, 0) >>> 0;
}
