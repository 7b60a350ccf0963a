/** Draws validation and test samples at random: stratified by label, groups whole, repeatable by seed. */
import { SPLIT_CODE } from '../../contract/data/splits/split.ts';
import { assignGroups } from './draw-groups.ts';
import { kept } from '../shards/kept.ts';
import { createRandom, shuffle, type RandomSource } from '../shards/random.ts';

export interface DrawRequest {
  /** Class (or stratum) of each sample, -1 for unlabeled. */
  strata: Int32Array;
  /** Group of each sample; null when every sample stands for itself. */
  groups: Int32Array | null;
  /** Samples that may be drawn; the others keep their split and count for nothing. */
  candidates: Int32Array;
  /** Shares of the labeled candidates. */
  validation: number;
  test: number;
  seed: number;
}

/** Writes the drawn splits of the candidates into `splits`. Samples without label stay in training. */
export function drawSplits(request: DrawRequest, splits: Uint8Array): void {
  for (const index of request.candidates) splits[index] = SPLIT_CODE.train;
  const random = createRandom(request.seed);
  const { groups } = request;
  if (!groups) drawSamples(request, random, splits);
  else if (countOf(groups) > MOST_WEIGHED) drawManyGroups(request, groups, random, splits);
  else drawGroups(request, groups, random, splits);
}

/** Groups beyond these are not weighed against each other one by one: it would take a kilobyte and long for each. */
const MOST_WEIGHED = 200_000;

/** Groups whose numbers go from 0 on; -1 is none. */
export const countOf = (groups: Int32Array): number => groups.reduce((most, id) => Math.max(most, id + 1), 0);

/** The largest groups as ever; each of the others, small as they are, as the first labeled sample of it falls by chance. */
function drawManyGroups(request: DrawRequest, groups: Int32Array, random: RandomSource, splits: Uint8Array) {
  const { candidates, strata } = request;
  const sizes = new Int32Array(countOf(groups));
  for (const index of candidates) sizes[groups[index]!]! += 1;
  const least = leastWeighed(sizes);
  const large = kept(candidates, (index) => sizes[groups[index]!]! >= least);
  if (large.length > 0) drawGroups({ ...request, candidates: large }, groups, random, splits);
  const firsts = new Int32Array(sizes.length).fill(-1);
  for (const index of candidates) {
    const group = groups[index]!;
    if (sizes[group]! >= least) continue;
    const first = firsts[group]!;
    if (first < 0 || (strata[first]! < 0 && strata[index]! >= 0)) firsts[group] = index;
  }
  const drawn = kept(candidates, (index) => firsts[groups[index]!] === index);
  drawSamples({ ...request, candidates: drawn }, random, splits);
  for (const index of candidates) {
    const first = firsts[groups[index]!]!;
    if (first >= 0) splits[index] = splits[first]!;
  }
}

/** The size from which groups are weighed: of several samples, and so large that no more than the most are. */
const leastWeighed = (sizes: Int32Array) =>
  Math.max(2, sizes.toSorted()[sizes.length - 1 - MOST_WEIGHED]! + 1);

function drawSamples(request: DrawRequest, random: RandomSource, splits: Uint8Array): void {
  for (const [, members] of [...membersOf(request)].sort((first, second) => first[0] - second[0])) {
    shuffle(members, random);
    // Of two, one trains and one tests; a class that never trains could not be answered.
    const test = Math.min(shareOf(members.length, request.test, 2), members.length - 1);
    const validation = Math.min(
      shareOf(members.length, request.validation, request.test > 0 ? 3 : 2),
      members.length - test - 1,
    );
    members.subarray(0, test).forEach((index) => (splits[index] = SPLIT_CODE.test));
    members.subarray(test, test + validation).forEach((index) => (splits[index] = SPLIT_CODE.validation));
  }
}

/** The candidates of each stratum, in their order: there may be millions. */
function membersOf({ candidates, strata }: DrawRequest): Map<number, Int32Array> {
  const counts = new Map<number, number>();
  for (const index of candidates) {
    const stratum = strata[index] ?? -1;
    if (stratum >= 0) counts.set(stratum, (counts.get(stratum) ?? 0) + 1);
  }
  const members = new Map([...counts].map(([stratum, count]) => [stratum, new Int32Array(count)]));
  // Filled from behind, so that what is left of a count is where the next one goes.
  for (let at = candidates.length - 1; at >= 0; at--) {
    const index = candidates[at]!;
    const stratum = strata[index] ?? -1;
    if (stratum < 0) continue;
    const left = counts.get(stratum)! - 1;
    members.get(stratum)![left] = index;
    counts.set(stratum, left);
  }
  return members;
}

/** The rounded share; a wanted split gets at least one where there are enough members for it. */
function shareOf(count: number, share: number, enough: number): number {
  const rounded = Math.round(count * share);
  return share > 0 && rounded === 0 && count >= enough ? 1 : rounded;
}

function drawGroups(
  request: DrawRequest,
  groups: Int32Array,
  random: RandomSource,
  splits: Uint8Array,
): void {
  const { validation, test, candidates } = request;
  const shares = [1 - validation - test, validation, test];
  const place = assignGroups({ counts: countByGroup(request, groups), shares, random });
  for (const index of candidates) splits[index] = place.get(groups[index] ?? -1) ?? SPLIT_CODE.train;
}

function countByGroup(request: DrawRequest, groups: Int32Array): Map<number, Map<number, number>> {
  const counts = new Map<number, Map<number, number>>();
  for (const index of request.candidates) {
    const stratum = request.strata[index] ?? -1;
    if (stratum < 0) continue;
    const group = groups[index] ?? -1;
    let strata = counts.get(group);
    if (!strata) counts.set(group, (strata = new Map()));
    strata.set(stratum, (strata.get(stratum) ?? 0) + 1);
  }
  return counts;
}

const MOST_STRATA = 10;
const NUMBERS_IN_STRATUM = 10;

/**
 * Up to ten strata of equal size for target numbers, each of ten numbers or more; -1 where the number is missing. Equal
 * numbers that do not all fit one stratum go to it in their order.
 */
export function strataOfNumbers(numbers: Float32Array): Int32Array {
  const sorted = knownAscending(numbers);
  const count = Math.min(MOST_STRATA, Math.max(1, Math.round(sorted.length / NUMBERS_IN_STRATUM)));
  // Where each stratum but the first begins: its least number, and how many of those equal to it still lie below.
  const begins = Array.from({ length: count - 1 }, (_, at) => {
    const rank = Math.ceil(((at + 1) * sorted.length) / count);
    const least = sorted[rank]!;
    return { least, below: rank - sorted.indexOf(least) };
  });
  const met = new Map(begins.map(({ least }) => [least, 0]));
  const strata = new Int32Array(numbers.length).fill(-1);
  numbers.forEach((number, index) => {
    if (Number.isNaN(number)) return;
    const before = met.get(number) ?? 0;
    if (met.has(number)) met.set(number, before + 1);
    let stratum = 0;
    for (const { least, below } of begins)
      if (least < number || (least === number && below <= before)) stratum++;
    strata[index] = stratum;
  });
  return strata;
}

/** All numbers but those that are missing: there may be millions, so in one block of memory. */
function knownAscending(numbers: Float32Array): Float32Array {
  const known = new Float32Array(numbers.length);
  let count = 0;
  for (const number of numbers) if (!Number.isNaN(number)) known[count++] = number;
  return known.subarray(0, count).sort();
}
