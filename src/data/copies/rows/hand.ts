/** The work of a copy search among rows of tables, on a part of them: in a thread, or all in one. */
import { openShard, type ShardReader } from '../../shards/reader.ts';
import { chunksOf, sampleBytesOf } from '../chunks.ts';
import type { Buckets } from '../cuts.ts';
import { createPairList, type CopySource, type PairColumns, type Part } from '../pairs.ts';
import { valuesOf } from '../signature.ts';
import { placesOfCell, type KeyColumns } from './catalogue.ts';
import { createRowKeys } from './keys.ts';
import { likenessOfRows } from './likeness.ts';
import type { RowRule } from './rule.ts';

/** What all hands of a search share. */
export interface RowJob extends KeyColumns {
  known: CopySource;
  asked: CopySource;
  /** Both are one: each pair is found once. */
  same: boolean;
}

export interface RowHand {
  /** 1 for each column in which a row of the part has a number that is not whole. */
  survey(part: Part, of: 'known' | 'asked'): Promise<Uint8Array>;
  /** Writes the keys of known rows. */
  key(part: Part, rule: RowRule): Promise<void>;
  search(part: Part, rule: RowRule, byCell: Buckets): Promise<PairColumns>;
  close(): Promise<void>;
}

/** Rows that are the very same as one that is asked for, of which are told. */
export const MOST_EXACT = 8;
/** Rows in the cells of one that is asked for, of which are looked at; only where columns follow each other are there more. */
const MOST_NEAR = 256;

/** What lies between rows that are near in the file is read with them: so many rows at once bound it. */
const READ_AT_ONCE = 1024;

/** @throws PretextError `shard.missing` */
export async function createRowHand(job: RowJob): Promise<RowHand> {
  const { known, asked, same } = job;
  const knownShard = await openShard(known.shardFile, known.name);
  const askedShard = same ? knownShard : await openShard(asked.shardFile, asked.name);
  return {
    survey: (part, of) =>
      of === 'known' ? survey(known, knownShard, part) : survey(asked, askedShard, part),
    key: (part, rule) => writeKeys(job, knownShard, part, rule),
    search: (part, rule, byCell) => search(job, { knownShard, askedShard }, part, rule, byCell),
    async close() {
      await knownShard.close();
      if (!same) await askedShard.close();
    },
  };
}

/** Rows of a part, with their places. */
async function* rowsOf(source: CopySource, shard: ShardReader, { first, count }: Part) {
  const offsets = source.offsets.subarray(first, first + count);
  for await (const [from, rows] of chunksOf(source, shard, offsets)) yield [first + from, rows] as const;
}

async function survey(source: CopySource, shard: ShardReader, part: Part): Promise<Uint8Array> {
  const found = new Uint8Array(source.shape[0] ?? 0);
  for await (const [, rows] of rowsOf(source, shard, part))
    for (const bytes of rows) {
      const values = valuesOf(bytes, source.dtype);
      for (let column = 0; column < found.length; column++) {
        const value = values[column]!;
        if (value % 1 !== 0 && Number.isFinite(value)) found[column] = 1;
      }
    }
  return found;
}

async function writeKeys({ known, cells, exact }: RowJob, shard: ShardReader, part: Part, rule: RowRule) {
  const keys = createRowKeys(rule);
  for await (const [first, rows] of rowsOf(known, shard, part))
    for (const [at, bytes] of rows.entries()) {
      keys.read(valuesOf(bytes, known.dtype));
      cells[first + at] = keys.cells();
      exact[first + at] = keys.exact();
    }
}

/** Rows of a chunk are many, and so are their copies: what is kept of them stands in few arrays. */
async function search(
  job: RowJob,
  { knownShard, askedShard }: { knownShard: ShardReader; askedShard: ShardReader },
  part: Part,
  rule: RowRule,
  byCell: Buckets,
): Promise<PairColumns> {
  const { known, asked } = job;
  const candidatesOf = createCandidates(job, rule, byCell);
  const pairs = createPairList();
  for await (const [first, rows] of rowsOf(asked, askedShard, part)) {
    const [questions, places]: [number[], number[]] = [[], []];
    rows.forEach((bytes, at) => {
      for (const place of candidatesOf(valuesOf(bytes, asked.dtype), first + at)) {
        questions.push(at);
        places.push(place);
      }
    });
    const found = await readPlaces(known, knownShard, places);
    questions.forEach((at, number) => {
      const [one, other] = [rows[at]!, found(places[number]!)];
      const isExact = Buffer.compare(one, other) === 0;
      const likeness = isExact ? 1 : rule.isNear ? likenessOf(one, other) : null;
      if (likeness !== null) pairs.add(first + at, places[number]!, isExact, likeness);
    });
  }
  return pairs.columns();

  function likenessOf(one: Uint8Array, other: Uint8Array): number | null {
    return likenessOfRows(valuesOf(one, asked.dtype), valuesOf(other, known.dtype), rule.scales);
  }
}

/** Rows by their places, each read once and in the order of the file. */
async function readPlaces(source: CopySource, shard: ShardReader, places: readonly number[]) {
  const size = sampleBytesOf(source);
  const needed = Int32Array.from(places).sort();
  let count = 0;
  for (const place of needed) if (count === 0 || needed[count - 1] !== place) needed[count++] = place;
  const memory = new Uint8Array(count * size);
  for (let first = 0; first < count; first += READ_AT_ONCE) {
    const some = needed.subarray(first, Math.min(count, first + READ_AT_ONCE));
    const offsets = Float64Array.from(some, (place) => source.offsets[place]!);
    await shard.readInto(memory.subarray(first * size), offsets, size);
  }
  return (place: number): Uint8Array => {
    let [low, high] = [0, count - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (needed[middle]! < place) low = middle + 1;
      else high = middle;
    }
    return memory.subarray(low * size, (low + 1) * size);
  };
}

/** Known rows that are worth comparing with one that is asked for: the very same first, then what lies near. */
function createCandidates({ cells, exact, same }: RowJob, rule: RowRule, byCell: Buckets) {
  const keys = createRowKeys(rule);
  const columns = { cells, exact };
  return (values: ArrayLike<number>, place: number): number[] => {
    keys.read(values);
    const [own, end] = [keys.exact(), same ? place : cells.length];
    const equal: number[] = [];
    const near: number[] = [];
    for (const cell of rule.isNear ? keys.nearCells() : [keys.cells()])
      for (const other of placesOfCell(columns, byCell, cell, end)) {
        if (exact[other] === own) equal.push(other);
        else if (near.length < MOST_NEAR) near.push(other);
        // What a row is near to, the first of its copies is near to as well.
        if (same && equal.length > 0) return equal;
      }
    return [...equal, ...(rule.isNear ? near : [])];
  };
}
