/**
 * Whole groups into training, validation and test data.
 *
 * None of the three may be empty, and no class should be missing anywhere: first of all not in training, then not in the test, then not in validation
 * data; among such divisions, that one which comes nearest to the wanted shares of every class. A greedy start
 * (largest group first) is improved by moving groups and exchanging them, from several starts where groups are few.
 */
import { shuffle, type RandomSource } from '../shards/random.ts';

export interface GroupDraw {
  /** Samples of each stratum in each group. */
  counts: ReadonlyMap<number, ReadonlyMap<number, number>>;
  /** Of training, validation and test data. */
  shares: readonly number[];
  random: RandomSource;
}

const PARTS = [0, 1, 2] as const;
/** What a class costs that is missing in training, validation, test data; differences of its shares cost below 3. */
const MISSING = [1e5, 1e1, 1e3] as const;
/** What it costs if nothing at all is there. */
const EMPTY = [1e9, 1e7, 1e8] as const;
const MOST_PASSES = 40;
const FEW_GROUPS = 60;
const STARTS = 8;
/** Every pair is looked at: so many groups at most. */
const MOST_EXCHANGED = 400;

/** @returns the part of each group, by its id */
export function assignGroups({ counts, shares, random }: GroupDraw): Map<number, number> {
  const ids = shuffle(
    [...counts.keys()].sort((first, second) => first - second),
    random,
  );
  const problem = problemOf(ids, counts, shares);
  let best = improved(problem, greedy(problem), random);
  const starts = ids.length <= FEW_GROUPS ? STARTS : 0;
  for (let start = 0; start < starts; start += 1) {
    const drawn = Uint8Array.from(ids, () => problem.allowed[random.below(problem.allowed.length)]!);
    const other = improved(problem, drawn, random);
    if (other.cost < best.cost - 1e-9) best = other;
  }
  return new Map(ids.map((id, at) => [id, best.parts[at]!]));
}

interface Problem {
  /** Stratum and count by turns. The last stratum counts all samples. */
  groups: Float64Array[];
  totals: Float64Array;
  shares: readonly number[];
  /** Parts of which some is wanted. */
  allowed: number[];
}

function problemOf(ids: readonly number[], counts: GroupDraw['counts'], shares: readonly number[]): Problem {
  const places = new Map<number, number>();
  for (const id of ids)
    for (const stratum of counts.get(id)!.keys()) if (!places.has(stratum)) places.set(stratum, places.size);
  const whole = places.size;
  const totals = new Float64Array(whole + 1);
  const groups = ids.map((id) => {
    const own = [...counts.get(id)!];
    const entries = own.flatMap(([stratum, count]) => [places.get(stratum)!, count]);
    const group = Float64Array.from([...entries, whole, own.reduce((sum, [, count]) => sum + count, 0)]);
    for (let at = 0; at < group.length; at += 2) totals[group[at]!]! += group[at + 1]!;
    return group;
  });
  return { groups, totals, shares, allowed: PARTS.filter((part) => (shares[part] ?? 0) > 0) };
}

/** From the largest group to the smallest, each goes where it costs least. */
function greedy(problem: Problem): Uint8Array {
  const { groups, allowed } = problem;
  const sizeOf = (group: Float64Array) => group[group.length - 1]!;
  const order = groups
    .map((_, at) => at)
    .sort((first, second) => sizeOf(groups[second]!) - sizeOf(groups[first]!));
  const filled = emptyParts(problem);
  const parts = new Uint8Array(groups.length);
  for (const at of order) {
    const costs = allowed.map((part) => added(problem, filled, groups[at]!, part, 1, false));
    parts[at] = allowed[costs.indexOf(Math.min(...costs))]!;
    fill(filled, groups[at]!, parts[at]!, 1);
  }
  return parts;
}

type Filled = Float64Array[];

const emptyParts = ({ totals }: Problem): Filled => PARTS.map(() => new Float64Array(totals.length));

function fill(filled: Filled, group: Float64Array, part: number, sign: 1 | -1): void {
  const own = filled[part]!;
  for (let at = 0; at < group.length; at += 2) own[group[at]!]! += sign * group[at + 1]!;
}

/** What it costs to put a group into a part, or to take it out. */
function added(
  { totals, shares }: Problem,
  filled: Filled,
  group: Float64Array,
  part: number,
  sign: 1 | -1,
  missing = true,
): number {
  let sum = 0;
  for (let at = 0; at < group.length; at += 2) {
    const stratum = group[at]!;
    const before = filled[part]![stratum]!;
    const after = before + sign * group[at + 1]!;
    const total = totals[stratum]!;
    const share = shares[part]!;
    sum += (after / total - share) ** 2 - (before / total - share) ** 2;
    if (missing) sum += ((after === 0 ? 1 : 0) - (before === 0 ? 1 : 0)) * lack(totals, stratum, part);
  }
  return sum;
}

/** The last stratum is that of all samples. */
const lack = (totals: Float64Array, stratum: number, part: number) =>
  (stratum === totals.length - 1 ? EMPTY : MISSING)[part as 0 | 1 | 2];

function improved(
  problem: Problem,
  start: Uint8Array,
  random: RandomSource,
): { parts: Uint8Array; cost: number } {
  const parts = start.slice();
  const { groups, allowed } = problem;
  const filled = emptyParts(problem);
  groups.forEach((group, at) => fill(filled, group, parts[at]!, 1));
  const order = shuffle(
    groups.map((_, at) => at),
    random,
  );
  const move = (at: number, part: number) => {
    fill(filled, groups[at]!, parts[at]!, -1);
    parts[at] = part;
    fill(filled, groups[at]!, part, 1);
  };
  const tryMoves = () => {
    let moved = false;
    for (const at of order) {
      const leaving = added(problem, filled, groups[at]!, parts[at]!, -1);
      for (const part of allowed) {
        if (part === parts[at]) continue;
        if (leaving + added(problem, filled, groups[at]!, part, 1) > -1e-9) continue;
        move(at, part);
        moved = true;
        break;
      }
    }
    return moved;
  };
  const tryExchanges = () => {
    let moved = false;
    for (const one of order)
      for (const other of order) {
        const [from, to] = [parts[one]!, parts[other]!];
        if (from >= to) continue;
        const before = costOf(problem, filled, [groups[one]!, groups[other]!]);
        move(one, to);
        move(other, from);
        if (costOf(problem, filled, [groups[one]!, groups[other]!]) < before - 1e-9) moved = true;
        else {
          move(one, from);
          move(other, to);
        }
      }
    return moved;
  };
  for (let pass = 0; pass < MOST_PASSES; pass += 1) {
    if (tryMoves()) continue;
    if (groups.length > MOST_EXCHANGED || !tryExchanges()) break;
  }
  return { parts, cost: costOf(problem, filled) };
}

/** What a division costs: in all, or in the strata of these groups, the parts of which are changed. */
function costOf({ totals, shares, allowed }: Problem, filled: Filled, changed?: Float64Array[]): number {
  const strata = changed
    ? new Set(changed.flatMap((group) => [...group].filter((_, at) => at % 2 === 0)))
    : totals.keys();
  let sum = 0;
  for (const stratum of strata)
    for (const part of allowed) {
      const count = filled[part]![stratum]!;
      sum += (count / totals[stratum]! - shares[part]!) ** 2;
      if (count === 0) sum += lack(totals, stratum, part);
    }
  return sum;
}

/** What a given division costs, for comparison. */
export function costOfDivision(
  { counts, shares }: Omit<GroupDraw, 'random'>,
  parts: ReadonlyMap<number, number>,
): number {
  const ids = [...counts.keys()];
  const problem = problemOf(ids, counts, shares);
  const filled = emptyParts(problem);
  ids.forEach((id, at) => fill(filled, problem.groups[at]!, parts.get(id)!, 1));
  return costOf(problem, filled);
}
