/**
 * A share of a batch: where several processes train one network together, each computes some samples of every step.
 *
 * Within `asShare` random numbers are those that the whole batch would get, of which each process takes its own, and
 * what looks across the samples of a batch finds them all (kernels/across.ts): the step computes what one process
 * would compute on the whole batch.
 */

export interface Share {
  /** How many processes there are, and which of them this is, from 0. */
  processes: number;
  rank: number;
  /** Samples of a call that this process computes; the whole batch has `processes` times as many, in their order. */
  samples: number;
}

let current: Share | null = null;
let rowsOfSample = 1;

/** The share that is computed at present; null where the batch is whole. */
export const presentShare = (): Share | null => current;

/** Runs `body`, which computes a share of a batch. */
export function asShare<Result>(share: Share | null, body: () => Result): Result {
  const before = [current, rowsOfSample] as const;
  [current, rowsOfSample] = [share, 1];
  try {
    return body();
  } finally {
    [current, rowsOfSample] = before;
  }
}

/**
 * Runs `body`, in which a sample has several rows one after the other (its patches, its channels). Otherwise rows are
 * all samples once, then perhaps all of them again (another view), and so on.
 */
export function withRowsOfSample<Result>(rows: number, body: () => Result): Result {
  const before = rowsOfSample;
  rowsOfSample *= rows;
  try {
    return body();
  } finally {
    rowsOfSample = before;
  }
}

/** How rows of a share lie in those of the whole batch: `blocks` times `rows` of this process among `wholeRows`. */
export interface RowLayout {
  blocks: number;
  rows: number;
  wholeRows: number;
  /** First of this process's rows in a block. */
  first: number;
}

/** The layout of so many rows; null where they are no rows of samples, or the batch is whole. */
export function layoutOf(count: number): RowLayout | null {
  if (!current) return null;
  const rows = current.samples * rowsOfSample;
  if (count === 0 || count % rows !== 0) return null;
  return {
    blocks: count / rows,
    rows,
    wholeRows: rows * current.processes,
    first: rows * current.rank,
  };
}
