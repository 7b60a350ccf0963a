/** Which labels fine-tuning may use: a budget drawn from the labeled training samples. */
import { PretextError } from '../../contract/errors.ts';
import { FEWEST_NUMBERS, shareCount } from '../../contract/recipe/label-budget.ts';
import type { LabelBudget } from '../../contract/recipe/recipe.ts';
import { randomStream, shuffled } from '../random.ts';

/**
 * Positions of the chosen samples, ascending.
 *
 * Selections are nested: with the same seed, a smaller budget of the same kind is part of a larger one, so a
 * curve over budgets shows the effect of more labels, not of other labels. A budget in all is stratified: it
 * is filled in the proportions of the classes, at least one of each while it lasts. A share is the budget in
 * all that it comes to, never less than one label for each class. A budget of groups takes all labels of so many whole
 * groups, drawn so that no class is left out as long as groups can help it. So many of each class from so many groups:
 * the groups are drawn so that no class falls short as long as they can help it, and in each class every group gives in
 * turn, as long as it has any. It is nested by labels where every draw of groups has enough, by groups always.
 *
 * @param classIds class of each sample; -1 (unlabeled) is never chosen
 * @param groups group of each sample, -1 for none; left out: there are no groups
 * @throws PretextError where nothing is labeled or a class has fewer labels than the budget asks for
 */
export function selectLabels(
  classIds: ArrayLike<number>,
  budget: LabelBudget,
  seed: number,
  classNames: readonly string[] = [],
  groups: ArrayLike<number> | null = null,
): number[] {
  const members = positionsByClass(classIds);
  if (members.size === 0) throw noLabels();
  const order = new Map([...members].map(([id, list]) => [id, drawOrder(list, seed, `labels/class/${id}`)]));
  if (budget === 'all') return ascending([...members.values()].flat());
  if ('groups' in budget) {
    const all = ascending([...members.values()].flat());
    const { groups: count, perClass } = budget;
    if (perClass === undefined) return ofGroups(all, count, { classIds, groups, seed });
    const among = ofGroups(all, count, { classIds, groups, seed, enough: perClass });
    return perClassOf(new Set(among), order, { perClass, groups: groups!, count, classNames });
  }
  if ('perClass' in budget) {
    for (const [id, list] of members)
      if (list.length < budget.perClass)
        throw tooFew(classNames[id] ?? `class ${id}`, list.length, budget.perClass);
    return ascending([...order.values()].flatMap((list) => list.slice(0, budget.perClass)));
  }
  const all = ascending([...members.values()].flat());
  const count = 'share' in budget ? shareCount(budget.share, all.length, members.size) : budget.total;
  if (count > all.length) throw tooFew('the training split', all.length, count);
  return ascending(stratifiedOrder(order).slice(0, count));
}

/** The same for numbers to predict: no classes to balance. NaN is unlabeled. */
export function selectNumbers(
  targets: ArrayLike<number>,
  budget: LabelBudget,
  seed: number,
  groups: ArrayLike<number> | null = null,
): number[] {
  const labeled = Array.from(targets, (_, i) => i).filter((i) => !Number.isNaN(targets[i]!));
  return selectWithoutClasses(labeled, budget, { seed, groups, found: 'numbers' }, () =>
    drawOrder(labeled, seed, 'labels/numbers'),
  );
}

/**
 * The same for several labels or numbers: samples of which none is known are never chosen. Of labels the first that are
 * drawn hold, as far as there are such samples, one with and one without each label.
 *
 * @param targets row-major [samples, width], NaN for unknown
 */
export function selectSeveral(
  targets: ArrayLike<number>,
  width: number,
  budget: LabelBudget,
  { seed, groups = null, ofLabels }: { seed: number; groups?: ArrayLike<number> | null; ofLabels: boolean },
): number[] {
  const labeled = Array.from({ length: targets.length / width }, (_, row) => row).filter((row) =>
    valuesOf(targets, width, row).some((value) => !Number.isNaN(value)),
  );
  return selectWithoutClasses(labeled, budget, { seed, groups, found: 'several at once' }, () => {
    const drawn = drawOrder(labeled, seed, 'labels/several');
    return ofLabels ? showingFirst(drawn, (row) => valuesOf(targets, width, row)) : drawn;
  });
}

/** @param orderOf the order in which a budget takes the labeled samples */
function selectWithoutClasses(
  labeled: number[],
  budget: LabelBudget,
  { seed, groups, found }: { seed: number; groups: ArrayLike<number> | null; found: string },
  orderOf: () => readonly number[],
): number[] {
  if (labeled.length === 0) throw noLabels();
  if (budget === 'all') return labeled;
  if ('groups' in budget) {
    if (budget.perClass !== undefined) throw noClasses(budget.perClass, found);
    return ofGroups(labeled, budget.groups, { classIds: null, groups, seed });
  }
  if ('perClass' in budget) throw noClasses(budget.perClass, found);
  const count = 'share' in budget ? shareCount(budget.share, labeled.length, FEWEST_NUMBERS) : budget.total;
  if (count > labeled.length) throw tooFew('the training split', labeled.length, count);
  return ascending(orderOf().slice(0, count));
}

const valuesOf = (targets: ArrayLike<number>, width: number, row: number): number[] =>
  Array.from({ length: width }, (_, at) => targets[row * width + at]!);

/** As drawn, but first those that show a label, or its absence, that none before them did. */
function showingFirst(drawn: readonly number[], valuesAt: (row: number) => number[]): number[] {
  const shown = new Set<string>();
  const first: number[] = [];
  const rest: number[] = [];
  for (const row of drawn) {
    const known = valuesAt(row).flatMap((value, at) => (Number.isNaN(value) ? [] : `${at} ${value}`));
    const news = known.filter((one) => !shown.has(one));
    for (const one of news) shown.add(one);
    (news.length > 0 ? first : rest).push(row);
  }
  return [...first, ...rest];
}

function noClasses(perClass: number, found: string) {
  return new PretextError({
    code: 'labels.budget-kind',
    message: `A budget of ${perClass} labels per class needs classes, but the labels are ${found}.`,
    place: 'finetune.budgets',
    remedy: 'Give the budget in all: {"total": 50}, or "all".',
  });
}

interface GroupedLabels {
  /** Null for numbers. */
  classIds: ArrayLike<number> | null;
  groups: ArrayLike<number> | null;
  seed: number;
  /** Labels of a class from which on more of them add nothing. */
  enough?: number;
}

/** All labels of so many groups. @throws PretextError where there are no groups, or fewer */
function ofGroups(
  labeled: readonly number[],
  count: number,
  { classIds, groups, seed, enough = 1 }: GroupedLabels,
) {
  const members = Map.groupBy(labeled, (position) => groups?.[position] ?? -1);
  members.delete(-1);
  if (count > members.size) throw tooFewGroups(members.size, count);
  const drawn = drawOrder(
    [...members.keys()].sort((a, b) => a - b),
    seed,
    'labels/groups',
  );
  const countsOf = (group: number) => {
    const counts = new Map<number, number>();
    for (const position of members.get(group)!) {
      const id = classIds?.[position] ?? 0;
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    return counts;
  };
  const counts = new Map(drawn.map((group) => [group, countsOf(group)]));
  const chosen = coveringOrder(drawn, counts, enough).slice(0, count);
  return ascending(chosen.flatMap((group) => members.get(group)!));
}

/**
 * As drawn, but first those that add most of what classes lack, as long as one lacks any: so every beginning is nested.
 *
 * @param counts of each group, labels of each class
 */
function coveringOrder(
  drawn: readonly number[],
  counts: ReadonlyMap<number, ReadonlyMap<number, number>>,
  enough: number,
): number[] {
  const left = [...drawn];
  const order: number[] = [];
  const have = new Map<number, number>();
  const added = (group: number) =>
    [...counts.get(group)!].reduce(
      (sum, [id, count]) => sum + Math.min(count, Math.max(0, enough - (have.get(id) ?? 0))),
      0,
    );
  while (left.length > 0) {
    const gains = left.map(added);
    const most = Math.max(...gains);
    if (most === 0) return [...order, ...left];
    const [group] = left.splice(gains.indexOf(most), 1);
    order.push(group!);
    for (const [id, count] of counts.get(group!)!) have.set(id, (have.get(id) ?? 0) + count);
  }
  return order;
}

interface PerClassOfGroups {
  perClass: number;
  groups: ArrayLike<number>;
  /** How many groups were asked for. */
  count: number;
  classNames: readonly string[];
}

/** So many of each class from among the labels of some groups, which give in turn. @throws PretextError */
function perClassOf(
  among: ReadonlySet<number>,
  order: ReadonlyMap<number, readonly number[]>,
  { perClass, groups, count, classNames }: PerClassOfGroups,
): number[] {
  const chosen: number[] = [];
  for (const [id, drawn] of order) {
    const own = drawn.filter((position) => among.has(position));
    if (own.length < perClass)
      throw tooFewOfGroups(classNames[id] ?? `class ${id}`, own.length, perClass, count);
    chosen.push(...inTurn(own, (position) => groups[position]!).slice(0, perClass));
  }
  return ascending(chosen);
}

/** The first of each group, then the second of each that has one, and so on; groups in the order of their first. */
function inTurn(drawn: readonly number[], groupOf: (position: number) => number): number[] {
  const lists = [...Map.groupBy(drawn, groupOf).values()];
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, round) =>
    lists.flatMap((list) => list.slice(round, round + 1)),
  ).flat();
}

function positionsByClass(classIds: ArrayLike<number>): Map<number, number[]> {
  const members = new Map<number, number[]>();
  for (let i = 0; i < classIds.length; i++) {
    const id = classIds[i]!;
    if (id < 0) continue;
    const list = members.get(id);
    if (list) list.push(i);
    else members.set(id, [i]);
  }
  return new Map([...members].sort(([a], [b]) => a - b));
}

/**
 * One order of all samples in which every beginning is stratified: first one of each class, then always the
 * class that lags furthest behind its share (the method of largest remainders, one sample at a time).
 */
function stratifiedOrder(order: Map<number, number[]>): number[] {
  const lists = [...order.values()];
  const total = lists.reduce((count, list) => count + list.length, 0);
  const taken = lists.map(() => 0);
  const result: number[] = [];
  while (result.length < total) {
    let best = -1;
    let bestLag = -Infinity;
    for (const [i, list] of lists.entries()) {
      if (taken[i] === list.length) continue;
      const first = taken[i] === 0 ? total : 0;
      const lag = first + (list.length / total) * (result.length + 1) - taken[i]!;
      if (lag > bestLag + 1e-12) [best, bestLag] = [i, lag];
    }
    result.push(lists[best]![taken[best]!]!);
    taken[best]!++;
  }
  return result;
}

const drawOrder = (positions: readonly number[], seed: number, name: string) =>
  shuffled(positions, randomStream(seed, name));
const ascending = (values: number[]) => values.sort((a, b) => a - b);

function noLabels() {
  return new PretextError({
    code: 'labels.none',
    message: 'No training sample has a label.',
    remedy: 'Import labels, or put labeled samples into the training split.',
  });
}

function tooFewGroups(available: number, asked: number) {
  return new PretextError({
    code: 'labels.too-few-groups',
    message:
      available === 0
        ? `The label budget asks for ${asked} groups, but the samples belong to none.`
        : `The label budget asks for ${asked} groups, but ${available} have labeled training samples.`,
    place: 'finetune.budgets',
    remedy:
      available === 0
        ? 'Import the dataset again and say what groups are, or give the budget in labels.'
        : `Choose a budget of at most ${available} groups, or "all".`,
  });
}

function tooFewOfGroups(name: string, available: number, asked: number, groups: number) {
  return new PretextError({
    code: 'labels.too-few',
    message: `The label budget asks for ${asked} of each class from ${groups} ${groups === 1 ? 'group' : 'groups'}, but the groups that were drawn have ${available} labeled training ${available === 1 ? 'sample' : 'samples'} of “${name}”.`,
    place: 'finetune.budgets',
    remedy: 'Ask for more groups or for fewer labels of each class.',
  });
}

function tooFew(where: string, available: number, asked: number) {
  return new PretextError({
    code: 'labels.too-few',
    message: `The label budget asks for ${asked}, but ${where} has ${available} labeled training samples.`,
    place: 'finetune.budgets',
    remedy: `Choose a budget of at most ${available}, or "all".`,
  });
}
