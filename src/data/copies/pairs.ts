/** What a search for copies is asked, and what it finds. */
import type { SampleForm } from './signature.ts';

/** Samples of one shard. */
export interface CopySource extends SampleForm {
  /** Name of the dataset, for what may have to be said of it. */
  name?: string;
  shardFile: string;
  /** Byte offset of each sample. */
  offsets: Float64Array;
}

/** Samples from `first` on. */
export interface Part {
  first: number;
  count: number;
}

/** Pairs by the places of their samples, in the order of the asked ones. */
export interface PairColumns {
  asked: Int32Array;
  known: Int32Array;
  /** 1 for the very same. */
  exact: Uint8Array;
  likeness: Float64Array;
}

export function createPairList() {
  const columns = {
    asked: [] as number[],
    known: [] as number[],
    exact: [] as number[],
    likeness: [] as number[],
  };
  return {
    add(asked: number, known: number, exact: boolean, likeness: number): void {
      columns.asked.push(asked);
      columns.known.push(known);
      columns.exact.push(exact ? 1 : 0);
      columns.likeness.push(likeness);
    },
    columns: (): PairColumns => ({
      asked: Int32Array.from(columns.asked),
      known: Int32Array.from(columns.known),
      exact: Uint8Array.from(columns.exact),
      likeness: Float64Array.from(columns.likeness),
    }),
  };
}

export function partsOf(count: number, size: number): Part[] {
  return Array.from({ length: Math.ceil(count / size) }, (_, at) => ({
    first: at * size,
    count: Math.min(size, count - at * size),
  }));
}

/** The pairs of all parts, in their order. */
export function joinPairs(parts: readonly PairColumns[]): PairColumns {
  const count = parts.reduce((sum, { asked }) => sum + asked.length, 0);
  const all: PairColumns = {
    asked: new Int32Array(count),
    known: new Int32Array(count),
    exact: new Uint8Array(count),
    likeness: new Float64Array(count),
  };
  let at = 0;
  for (const part of parts) {
    all.asked.set(part.asked, at);
    all.known.set(part.known, at);
    all.exact.set(part.exact, at);
    all.likeness.set(part.likeness, at);
    at += part.asked.length;
  }
  return all;
}
