/** Finds pairs of samples that are copies of each other, or nearly so, in one shard or between two. */
import { breathe } from '../breathe.ts';
import { threadCount } from '../threads.ts';
import { createRandom, permutation } from '../shards/random.ts';
import { createCrew, type Crew } from './crew.ts';
import { CUTS, planCutting, sortIntoBuckets } from './cuts.ts';
import type { Catalogue, SearchJob } from './hand.ts';
import { createSignatureMemory } from './kernel/kernel.ts';
import { sortKeys } from './keys.ts';
import { MOST_SEEN } from './neighbors.ts';
import { joinPairs, partsOf, type CopySource, type PairColumns } from './pairs.ts';
import { searchRows } from './rows/search.ts';
import { share, sharedArray } from './shared.ts';
import { isPicture, isRow, SIGNATURE_SIZE, type SampleForm } from './signature.ts';

export type { CopySource, PairColumns } from './pairs.ts';

/** Steps of a search; each tells its own progress, as their rates differ. */
export type SearchStep = 'describe' | 'compare';

/** What a person reads while a step goes on. */
export const SEARCH_PHASES: Readonly<Record<SearchStep, string>> = {
  describe: 'Preparing the search for copies',
  compare: 'Looking for copies',
};

export interface Watch {
  signal?: AbortSignal;
  onProgress?(step: SearchStep, done: number, total: number): void;
}

/** Samples of one part: little enough to stop soon and to tell progress often. */
const PART_SAMPLES = 512;
/** Pictures smaller than this say too little. */
const SMALLEST_SIDE = 8;

/** Whether samples of two forms can be compared at all: windows of different lengths or channels cannot. */
export function comparable(one: SampleForm, other: SampleForm): boolean {
  if (one.modality !== other.modality) return false;
  return isPicture(one) || one.shape.join() === other.shape.join();
}

/**
 * Pairs in the order of the samples that are asked for. Where both sources are one, each pair is found once, and no
 * sample with itself. All cores take part in a large search.
 *
 * Memory grows by some 100 bytes a known sample, of rows of tables by 20; the samples themselves are read a megabyte at a time.
 */
export async function searchCopies(
  known: CopySource,
  asked: CopySource,
  { signal, onProgress }: Watch = {},
): Promise<PairColumns> {
  signal?.throwIfAborted();
  if (known.offsets.length === 0 || asked.offsets.length === 0 || !comparable(known, asked))
    return joinPairs([]);
  if (isRow(known))
    return searchRows(known, asked, {
      signal,
      describe: (done, total) => onProgress?.('describe', done, total),
      compare: (done, total) => onProgress?.('compare', done, total),
    });
  const job = createJob(known, asked);
  const crew = await createCrew(job, signal);
  try {
    const catalogue = await describe(job, crew, (done, total) => onProgress?.('describe', done, total));
    signal?.throwIfAborted();
    return await compare(job, crew, catalogue, (done, total) => onProgress?.('compare', done, total));
  } finally {
    await crew.close();
  }
}

function createJob(known: CopySource, asked: CopySource): SearchJob {
  const count = known.offsets.length;
  const same = known === asked;
  const shared = { ...formOf(known), offsets: share(known.offsets) };
  return {
    known: shared,
    asked: same ? shared : { ...formOf(asked), offsets: share(asked.offsets) },
    same,
    nearToo: isLarge(known) && isLarge(asked),
    signatures: createSignatureMemory(count, threadCount(), MOST_SEEN),
    present: sharedArray(Uint8Array, count),
    keys: sharedArray(Float64Array, count),
    codes: sharedArray(Uint16Array, count * CUTS),
  };
}

/** Nothing but what a search needs: it goes to every thread. */
const formOf = ({ name, modality, shape, dtype, shardFile }: CopySource) => ({
  ...(name !== undefined && { name }),
  modality,
  shape: [...shape],
  dtype,
  shardFile,
});

async function describe(
  { keys, present: isPresent, codes }: SearchJob,
  crew: Crew,
  tell: (done: number, total: number) => void,
): Promise<Catalogue> {
  const count = keys.length;
  const parts = partsOf(count, PART_SAMPLES);
  const sums = new Float64Array(SIGNATURE_SIZE);
  let [present, done] = [0, 0];
  const described = parts.map((part) => ({ kind: 'describe' as const, part }));
  await crew.share(described, (answer, part) => {
    // Whole numbers: their sum does not depend on who is done first.
    answer.sums.forEach((sum, k) => (sums[k]! += sum));
    present += answer.present;
    tell((done += part.count), count);
  });
  const cutting = planCutting(sums, present, count);
  await crew.share(
    parts.map((part) => ({ kind: 'code' as const, part, cutting })),
    () => undefined,
  );
  const cuts = [];
  for (let cut = 0; cut < CUTS; cut++) {
    const begin = cut * count;
    const bucketOf = (place: number) => (isPresent[place] === 0 ? -1 : codes[begin + place]!);
    cuts.push(sortIntoBuckets(count, 1 << cutting.planes, bucketOf));
    await breathe();
  }
  return { cutting, cuts, byKey: sortKeys(keys) };
}

/** Parts come in a mixed order: where both sources are one, later samples have more to be compared with. */
async function compare(
  { asked }: SearchJob,
  crew: Crew,
  catalogue: Catalogue,
  tell: (done: number, total: number) => void,
): Promise<PairColumns> {
  const parts = partsOf(asked.offsets.length, PART_SAMPLES);
  const order = permutation(parts.length, createRandom(parts.length));
  const requests = Array.from(order, (at) => ({ kind: 'search' as const, part: parts[at]!, catalogue }));
  const found: PairColumns[] = [];
  let done = 0;
  await crew.share(requests, (pairs, part) => {
    found[part.first / PART_SAMPLES] = pairs;
    tell((done += part.count), asked.offsets.length);
  });
  return joinPairs(found);
}

const isLarge = (form: SampleForm) =>
  !isPicture(form) || Math.min(...form.shape.slice(0, 2)) >= SMALLEST_SIDE;
