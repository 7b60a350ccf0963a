/** Copies across the splits of a dataset, and among all its samples. */
import { SPLIT_CODE } from '../../contract/data/splits/split.ts';
import { searchCopies, type CopySource, type PairColumns, type Watch } from './search.ts';
import { sharedArray } from './shared.ts';

export interface CopyPair {
  /** Index of the validation or test sample, and of the training sample. */
  heldOut: number;
  training: number;
  /** Every stored value is the same. */
  exact: boolean;
  /** Correlation, 1 for exact copies. */
  likeness: number;
}

export interface CopySearch extends CopySource, Watch {
  /** Split code of each sample. */
  splits: Uint8Array;
}

/** Samples of validation and test data that are copies, or nearly so, of training samples. */
export async function findCopies(request: CopySearch): Promise<CopyPair[]> {
  const training = placesOf(request.splits, [SPLIT_CODE.train]);
  const heldOut = placesOf(request.splits, [SPLIT_CODE.validation, SPLIT_CODE.test]);
  const pairs = await searchCopies(sourceOf(request, training), sourceOf(request, heldOut), request);
  return pairsOf(pairs, heldOut, training);
}

/** Held-out samples of one dataset that are copies of samples of another: of those that pretraining would see. */
export async function findCopiesBetween(
  heldOut: Omit<CopySearch, keyof Watch>,
  seen: Omit<CopySearch, keyof Watch>,
  watch: Watch = {},
): Promise<CopyPair[]> {
  const asked = placesOf(heldOut.splits, [SPLIT_CODE.validation, SPLIT_CODE.test]);
  const known = placesOf(seen.splits, [SPLIT_CODE.train]);
  const pairs = await searchCopies(sourceOf(seen, known), sourceOf(heldOut, asked), watch);
  return pairsOf(pairs, asked, known);
}

/** Groups of samples that are copies of each other, directly or by way of others: for each sample the first of them. */
export async function groupCopies(source: CopySource, watch: Watch = {}): Promise<Int32Array> {
  const first = Int32Array.from({ length: source.offsets.length }, (_, place) => place);
  const rootOf = (place: number): number => {
    let root = place;
    while (first[root] !== root) root = first[root]!;
    for (let at = place; at !== root;) [at, first[at]] = [first[at]!, root];
    return root;
  };
  const { asked, known } = await searchCopies(source, source, watch);
  asked.forEach((place, at) => {
    const [one, other] = [rootOf(place), rootOf(known[at]!)];
    first[Math.max(one, other)] = Math.min(one, other);
  });
  return first.map((_, place) => rootOf(place));
}

function pairsOf(pairs: PairColumns, heldOut: Int32Array, training: Int32Array): CopyPair[] {
  return Array.from(pairs.asked, (asked, at) => ({
    heldOut: heldOut[asked]!,
    training: training[pairs.known[at]!]!,
    exact: pairs.exact[at] === 1,
    likeness: pairs.likeness[at]!,
  }));
}

const sourceOf = (
  { offsets, name, modality, shape, dtype, shardFile }: CopySource,
  places: Int32Array,
): CopySource => {
  // Where all threads see them at once: a second copy of millions of places is as large as the search itself.
  const own = sharedArray(Float64Array, places.length);
  for (let at = 0; at < places.length; at++) own[at] = offsets[places[at]!]!;
  return { ...(name !== undefined && { name }), modality, shape, dtype, shardFile, offsets: own };
};

function placesOf(splits: Uint8Array, codes: readonly number[]): Int32Array {
  let count = 0;
  for (const code of splits) if (codes.includes(code)) count++;
  const places = new Int32Array(count);
  let at = 0;
  splits.forEach((code, place) => {
    if (codes.includes(code)) places[at++] = place;
  });
  return places;
}
