/**
 * Folds: which groups train, validate and test in each. Every group that has labels is tested once; groups without any
 * train in all of them, as nothing could be measured on them.
 *
 * Parts are dealt as `StratifiedGroupKFold` of scikit-learn does it: groups whose classes are most unequal first, each
 * to the part where the shares of all classes then stay most alike. Groups that validate are drawn from the others as an
 * import draws them, so that no class is missing where groups can help it.
 */
import type { FoldCopies } from '../../contract/recipe/folds.ts';
import { LEFT_OUT_CODE, SPLIT_CODE } from '../../contract/data/splits/split.ts';
import { createRandom, shuffle } from '../shards/random.ts';
import { assignGroups } from './draw-groups.ts';

/** Labeled samples of each stratum in each group, by the number of the group. */
export type GroupCounts = ReadonlyMap<number, ReadonlyMap<number, number>>;

export interface FoldWish {
  counts: GroupCounts;
  /** Parts; left out: each group is one. */
  parts?: number;
  /** Share of the labels of all other groups that validate. */
  validation: number;
  seed: number;
}

/** Groups that validate and that are tested; all others train. */
export interface FoldParts {
  validation: Set<number>;
  test: Set<number>;
}

/** In the order of the groups where each is a fold of its own. At least three groups have labels, more than are held out at once. */
export function dealFolds({ counts, parts, validation, seed }: FoldWish): FoldParts[] {
  const groups = [...counts.keys()].sort((first, second) => first - second);
  const tested =
    parts === undefined || parts >= groups.length
      ? groups.map((group) => [group])
      : dealParts(counts, parts, shuffle(groups.slice(), createRandom(seed, 0)));
  return tested.map((test, place) => {
    const others = new Map([...counts].filter(([group]) => !test.includes(group)));
    const drawn = assignGroups({
      counts: others,
      shares: [1 - validation, validation, 0],
      random: createRandom(seed, place + 1),
    });
    const validates = [...drawn].filter(([, part]) => part === SPLIT_CODE.validation);
    return { test: new Set(test), validation: new Set(validates.map(([group]) => group)) };
  });
}

/**
 * The groups of each part.
 *
 * @param order of groups that are as good as each other
 */
export function dealParts(counts: GroupCounts, parts: number, order: readonly number[]): number[][] {
  const strata = [...new Set([...counts.values()].flatMap((own) => [...own.keys()]))].sort((a, b) => a - b);
  const rows = new Map(
    order.map((group) => [group, strata.map((stratum) => counts.get(group)?.get(stratum) ?? 0)]),
  );
  const rowOf = (group: number) => rows.get(group)!;
  const totals = strata.map((_, at) => order.reduce((sum, group) => sum + rowOf(group)[at]!, 0));
  const unequal = new Map(order.map((group) => [group, deviation(rowOf(group))]));
  const inOrder = order.toSorted((first, second) => unequal.get(second)! - unequal.get(first)!);
  const dealt = Array.from({ length: parts }, () => ({ groups: [] as number[], row: strata.map(() => 0) }));
  for (const [place, group] of inOrder.entries()) {
    const empty = dealt.filter(({ groups }) => groups.length === 0);
    // No part may stay empty.
    const open = inOrder.length - place <= empty.length ? empty : dealt;
    const row = rowOf(group);
    const best = bestPart(dealt, open, row, totals);
    best.groups.push(group);
    best.row = best.row.map((count, at) => count + row[at]!);
  }
  return dealt.map(({ groups }) => groups.toSorted((first, second) => first - second));
}

interface Part {
  groups: number[];
  row: number[];
}

/** Where classes then are most evenly spread over the parts; among equals the part with fewest samples. */
function bestPart(
  all: readonly Part[],
  open: readonly Part[],
  row: readonly number[],
  totals: number[],
): Part {
  let best = open[0]!;
  let [least, fewest] = [Infinity, Infinity];
  for (const part of open) {
    const uneven =
      totals.reduce((sum, total, at) => {
        const shares = all.map((one) => (one.row[at]! + (one === part ? row[at]! : 0)) / total);
        return sum + deviation(shares);
      }, 0) / totals.length;
    const samples = part.row.reduce((sum, count) => sum + count, 0);
    if (uneven < least || (isClose(uneven, least) && samples < fewest)) {
      [best, least, fewest] = [part, uneven, samples];
    }
  }
  return best;
}

/** As numpy.isclose. */
const isClose = (one: number, other: number) => Math.abs(one - other) <= 1e-8 + 1e-5 * Math.abs(other);

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

/**
 * The split of every sample in a fold, in place of that of the import. What was left out stays so, and so does a sample
 * of which it is not known what group it belongs to: it may be of any that is tested.
 *
 * @param codes of the import
 * @param groupOf number of each sample's group, -1 for none
 */
export function foldCodes(
  codes: Uint8Array,
  groupOf: Int32Array,
  { validation, test }: FoldParts,
): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(codes, (code, index) => {
    const group = groupOf[index]!;
    if (code === LEFT_OUT_CODE || group < 0) return LEFT_OUT_CODE;
    if (test.has(group)) return SPLIT_CODE.test;
    return validation.has(group) ? SPLIT_CODE.validation : SPLIT_CODE.train;
  });
}

/**
 * The same without training samples that are copies of held-out ones of the fold.
 *
 * @param sets places of samples that are copies of each other
 */
export function withoutFoldCopies(
  codes: Uint8Array<ArrayBuffer>,
  sets: readonly (readonly number[])[],
): { codes: Uint8Array<ArrayBuffer>; copies: FoldCopies } {
  const left = codes.slice();
  const copies = { leftOut: 0, heldOut: 0 };
  for (const places of sets) {
    const training = places.filter((place) => codes[place] === SPLIT_CODE.train);
    const heldOut = places.filter(
      (place) => codes[place] === SPLIT_CODE.validation || codes[place] === SPLIT_CODE.test,
    );
    if (training.length === 0 || heldOut.length === 0) continue;
    for (const place of training) left[place] = LEFT_OUT_CODE;
    copies.leftOut += training.length;
    copies.heldOut += heldOut.length;
  }
  return { codes: left, copies };
}

/** Labeled samples by group and stratum: of those that are not left out and belong to a group. */
export function countByGroup(
  codes: Uint8Array,
  groupOf: Int32Array,
  strata: Int32Array,
): Map<number, Map<number, number>> {
  const counts = new Map<number, Map<number, number>>();
  for (let index = 0; index < codes.length; index += 1) {
    const [group, stratum] = [groupOf[index]!, strata[index]!];
    if (codes[index] === LEFT_OUT_CODE || group < 0 || stratum < 0) continue;
    const own = counts.get(group) ?? new Map<number, number>();
    counts.set(group, own.set(stratum, (own.get(stratum) ?? 0) + 1));
  }
  return counts;
}
