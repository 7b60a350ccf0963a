/** Finds pairs of rows that are copies of each other, or nearly so. */
import { openShard } from '../../shards/reader.ts';
import { chunksOf } from '../chunks.ts';
import { createCrew, type Crew } from '../crew.ts';
import { joinPairs, partsOf, type CopySource, type PairColumns } from '../pairs.ts';
import { share, sharedArray } from '../shared.ts';
import { valuesOf } from '../signature.ts';
import { sortRows } from './catalogue.ts';
import { MOST_EXACT, type RowJob } from './hand.ts';
import { findRowRule, type RowRule } from './rule.ts';

/** Rows of one part: little enough to stop soon and to tell progress often. */
const PART_ROWS = 32_768;
/** Rows that tell how numbers of a column are spread. */
const SAMPLE_ROWS = 2048;

export interface RowWatch {
  signal: AbortSignal | undefined;
  describe(done: number, total: number): void;
  compare(done: number, total: number): void;
}

/** Memory grows by some 20 bytes a known row, and by some 20 for each pair that is found. */
export async function searchRows(
  known: CopySource,
  asked: CopySource,
  { signal, describe, compare }: RowWatch,
): Promise<PairColumns> {
  const job = createJob(known, asked);
  const count = job.known.offsets.length;
  const crew = await createCrew(job, signal);
  try {
    const rule = await learnRule(job, crew, (done, total) => describe(Math.floor(done / 2), total));
    let done = 0;
    await crew.share(
      partsOf(count, PART_ROWS).map((part) => ({ kind: 'key' as const, part, rule })),
      (_, part) => describe(Math.floor((count + (done += part.count)) / 2), count),
    );
    signal?.throwIfAborted();
    const byCell = sortRows(job, job.same ? 1 : MOST_EXACT);
    const parts = partsOf(job.asked.offsets.length, PART_ROWS);
    const found: PairColumns[] = [];
    done = 0;
    await crew.share(
      parts.map((part) => ({ kind: 'search-rows' as const, part, rule, byCell })),
      (pairs, part) => {
        found[part.first / PART_ROWS] = pairs;
        compare((done += part.count), job.asked.offsets.length);
      },
    );
    return joinPairs(found);
  } finally {
    await crew.close();
  }
}

function createJob(known: CopySource, asked: CopySource): RowJob {
  const count = known.offsets.length;
  const same = known === asked;
  const shared = { ...known, shape: [...known.shape], offsets: share(known.offsets) };
  return {
    known: shared,
    asked: same ? shared : { ...asked, shape: [...asked.shape], offsets: share(asked.offsets) },
    same,
    cells: sharedArray(Uint32Array, count),
    exact: sharedArray(Uint32Array, count),
  };
}

/** Looks at all rows once: a column is of whole numbers only where every row says so. */
async function learnRule(
  { known, asked, same }: RowJob,
  crew: Crew,
  tell: (done: number, total: number) => void,
): Promise<RowRule> {
  const hasFractions = new Uint8Array(known.shape[0] ?? 0);
  const requests = (same ? (['known'] as const) : (['known', 'asked'] as const)).flatMap((of) =>
    partsOf((of === 'known' ? known : asked).offsets.length, PART_ROWS).map((part) => ({
      kind: 'survey' as const,
      part,
      of,
    })),
  );
  let done = 0;
  await crew.share(requests, (found) => {
    found.forEach((has, column) => (hasFractions[column]! |= has));
    tell((++done / requests.length) * known.offsets.length, known.offsets.length);
  });
  return findRowRule(await sampleOf(known), hasFractions, known.offsets.length);
}

/** Rows at even distances, one after the other. */
async function sampleOf(source: CopySource): Promise<Float32Array> {
  const total = source.offsets.length;
  const count = Math.min(SAMPLE_ROWS, total);
  const width = source.shape[0] ?? 0;
  const offsets = Float64Array.from(
    { length: count },
    (_, at) => source.offsets[Math.floor((at * total) / count)]!,
  );
  const sample = new Float32Array(count * width);
  const shard = await openShard(source.shardFile, source.name);
  try {
    for await (const [first, rows] of chunksOf(source, shard, offsets))
      rows.forEach((bytes, at) => sample.set(valuesOf(bytes, source.dtype), (first + at) * width));
  } finally {
    await shard.close();
  }
  return sample;
}
