/**
 * Occlusion: parts of a sample are covered one after the other, and what that does to an answer says how much hangs on
 * them (Zeiler and Fergus 2014, Visualizing and Understanding Convolutional Networks). Pure numbers, no tensors.
 */

/** A part that is covered: from and to (exclusive) along each side of the sample. */
export interface Cover {
  from: readonly number[];
  to: readonly number[];
  /** Cells of the grid that it lies over. */
  cells: readonly number[];
}

export interface OcclusionPlan {
  /** Cells along each side that is looked at: [rows, columns] of images, [stretches, channels] of signals, [columns] of rows. */
  grid: number[];
  covers: Cover[];
}

/** Cells along a side, each of which is covered by two covers. */
const CELLS = 12;
const MOST_STRETCHES = 24;
const FEWEST_STRETCHES = 4;
/** Answers that one explanation may take. */
const MOST_COVERS = 400;

/** @param shape [height, width, channels], [length, channels] or [columns] */
export function planOcclusion(shape: readonly number[]): OcclusionPlan {
  const [first = 1, second = 1, third = 1] = shape;
  if (shape.length === 3) {
    const [rows, columns] = [stretches(first, CELLS), stretches(second, CELLS)];
    const covers = pairs(rows).flatMap((row) =>
      pairs(columns).map((column) => ({
        from: [row.from, column.from, 0],
        to: [row.to, column.to, third],
        cells: row.cells.flatMap((r) => column.cells.map((c) => r * columns.length + c)),
      })),
    );
    return { grid: [rows.length, columns.length], covers };
  }
  if (shape.length === 2) {
    const wanted = Math.floor(MOST_COVERS / second);
    const times = stretches(first, Math.max(FEWEST_STRETCHES, Math.min(MOST_STRETCHES, wanted)));
    const covers = pairs(times).flatMap((time) =>
      Array.from({ length: second }, (_, channel) => ({
        from: [time.from, channel],
        to: [time.to, channel + 1],
        cells: time.cells.map((t) => t * second + channel),
      })),
    );
    return { grid: [times.length, second], covers };
  }
  return {
    grid: [first],
    covers: Array.from({ length: first }, (_, column) => ({
      from: [column],
      to: [column + 1],
      cells: [column],
    })),
  };
}

interface Stretch {
  from: number;
  to: number;
}

function stretches(length: number, wanted: number): Stretch[] {
  const count = Math.min(length, wanted);
  return Array.from({ length: count }, (_, at) => ({
    from: Math.floor((at * length) / count),
    to: Math.floor(((at + 1) * length) / count),
  }));
}

/** Two neighbours together, so that covers overlap by half; the ends are covered alone as well. */
function pairs(parts: readonly Stretch[]): (Stretch & { cells: number[] })[] {
  return Array.from({ length: parts.length + 1 }, (_, at) => {
    const cells = [at - 1, at].filter((cell) => cell >= 0 && cell < parts.length);
    return { from: parts[cells[0]!]!.from, to: parts[cells.at(-1)!]!.to, cells };
  });
}

/**
 * A copy of the sample with one part covered.
 *
 * @param fill a value for each number of the last side: what says nothing, such as the mean of the training data
 */
export function covered(
  sample: Float32Array,
  shape: readonly number[],
  { from, to }: Cover,
  fill: ArrayLike<number>,
): Float32Array {
  const copy = sample.slice();
  const last = shape.length - 1;
  const visit = (side: number, offset: number) => {
    for (let at = from[side]!; at < to[side]!; at += 1) {
      const place = offset * shape[side]! + at;
      if (side === last) copy[place] = fill[at]!;
      else visit(side + 1, place);
    }
  };
  visit(0, 0);
  return copy;
}

/** What hangs on each cell of the grid, row-major: the mean over the covers that lie on it. */
export function byCell({ grid, covers }: OcclusionPlan, drops: ArrayLike<number>): Float32Array {
  const count = grid.reduce((product, side) => product * side, 1);
  const sums = new Float32Array(count);
  const times = new Float32Array(count);
  covers.forEach(({ cells }, at) => {
    for (const cell of cells) {
      sums[cell]! += drops[at]!;
      times[cell]! += 1;
    }
  });
  return sums.map((sum, cell) => sum / Math.max(1, times[cell]!));
}
