/** Draws validation and test samples at random: stratified by label, groups whole, repeatable by seed. */
import { SPLIT_CODE } from '../../contract/trainer.ts';
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

const PARTS = [SPLIT_CODE.train, SPLIT_CODE.validation, SPLIT_CODE.test];

/** Writes the drawn splits of the candidates into `splits`. Samples without label stay in training. */
export function drawSplits(request: DrawRequest, splits: Uint8Array): void {
  for (const index of request.candidates) splits[index] = SPLIT_CODE.train;
  const random = createRandom(request.seed);
  if (request.groups) drawGroups(request, request.groups, random, splits);
  else drawSamples(request, random, splits);
}

function drawSamples(request: DrawRequest, random: RandomSource, splits: Uint8Array): void {
  const byStratum = new Map<number, number[]>();
  for (const index of request.candidates) {
    const stratum = request.strata[index] ?? -1;
    if (stratum < 0) continue;
    const members = byStratum.get(stratum);
    if (members) members.push(index);
    else byStratum.set(stratum, [index]);
  }
  for (const [, members] of [...byStratum].sort((first, second) => first[0] - second[0])) {
    shuffle(members, random);
    const test = shareOf(members.length, request.test);
    const validation = Math.min(shareOf(members.length, request.validation), members.length - test);
    members.slice(0, test).forEach((index) => (splits[index] = SPLIT_CODE.test));
    members.slice(test, test + validation).forEach((index) => (splits[index] = SPLIT_CODE.validation));
  }
}

/** The rounded share; from three members on, a wanted split gets at least one. */
function shareOf(count: number, share: number): number {
  const rounded = Math.round(count * share);
  return share > 0 && rounded === 0 && count >= 3 ? 1 : rounded;
}

/**
 * Whole groups, greedily: from the largest to the smallest, each goes where it brings the class counts of the
 * splits nearest to the wanted shares.
 */
function drawGroups(
  request: DrawRequest,
  groups: Int32Array,
  random: RandomSource,
  splits: Uint8Array,
): void {
  const counts = countByGroup(request, groups);
  const totals = new Map<number, number>();
  for (const group of counts.values()) {
    for (const [stratum, count] of group) totals.set(stratum, (totals.get(stratum) ?? 0) + count);
  }
  const shares = [1 - request.validation - request.test, request.validation, request.test];
  const filled = PARTS.map(() => new Map<number, number>());
  const sizeOf = (group: number) =>
    [...(counts.get(group)?.values() ?? [])].reduce((sum, count) => sum + count, 0);
  const order = shuffle(
    [...counts.keys()].sort((first, second) => first - second),
    random,
  );
  const sizes = new Map(order.map((group) => [group, sizeOf(group)]));
  order.sort((first, second) => (sizes.get(second) ?? 0) - (sizes.get(first) ?? 0));

  const cost = (part: number, group: number): number => {
    let sum = 0;
    for (const [stratum, count] of counts.get(group) ?? []) {
      const total = totals.get(stratum) ?? 1;
      const lack = (shares[part] ?? 0) - (filled[part]?.get(stratum) ?? 0) / total;
      sum += (lack - count / total) ** 2 - lack ** 2;
    }
    return sum;
  };
  const place = new Map<number, number>();
  for (const group of order) {
    const allowed = PARTS.filter((part) => (shares[part] ?? 0) > 0);
    const best = allowed.reduce((chosen, part) => (cost(part, group) < cost(chosen, group) ? part : chosen));
    place.set(group, best);
    for (const [stratum, count] of counts.get(group) ?? []) {
      filled[best]?.set(stratum, (filled[best]?.get(stratum) ?? 0) + count);
    }
  }
  fillEmptyParts(place, order, shares);
  for (const index of request.candidates) {
    splits[index] = place.get(groups[index] ?? -1) ?? SPLIT_CODE.train;
  }
}

/** A wanted split that got no group takes the smallest one of the split with the most groups. */
function fillEmptyParts(place: Map<number, number>, largestFirst: number[], shares: number[]): void {
  for (const part of [SPLIT_CODE.test, SPLIT_CODE.validation]) {
    const members = (of: number) => largestFirst.filter((group) => place.get(group) === of);
    if ((shares[part] ?? 0) === 0 || members(part).length > 0) continue;
    const donor = [...PARTS].sort((first, second) => members(second).length - members(first).length)[0] ?? 0;
    const candidates = members(donor);
    if (candidates.length < 2) continue;
    place.set(candidates[candidates.length - 1] ?? -1, part);
  }
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

/** Ten strata of equal size for target numbers; -1 where the number is missing. */
export function strataOfNumbers(numbers: Float32Array): Int32Array {
  const order = [...numbers.keys()].filter((index) => !Number.isNaN(numbers[index]));
  order.sort((first, second) => (numbers[first] ?? 0) - (numbers[second] ?? 0));
  const strata = new Int32Array(numbers.length).fill(-1);
  order.forEach((index, rank) => (strata[index] = Math.floor((rank * 10) / order.length)));
  return strata;
}
