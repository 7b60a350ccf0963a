/** One regression tree on binned rows, grown leaf by leaf: always the leaf whose split gains most. */
import type { BinnedRows } from './bins.ts';
import {
  bestSplit,
  buildHistogram,
  subtract,
  type Gradients,
  type Histogram,
  type Split,
  type SplitRules,
  type Sums,
} from './splits.ts';

export interface Tree {
  /** Of every node: the column it asks, -1 for a leaf. */
  columns: Int32Array;
  /** Of every node that asks: which of the 256 bins go left. */
  sides: (Uint8Array | null)[];
  lefts: Int32Array;
  rights: Int32Array;
  /** Of every leaf, shrunken. */
  values: Float64Array;
}

export interface TreeRules extends SplitRules {
  leaves: number;
  /** What leaf values are multiplied by. */
  learningRate: number;
}

interface Leaf {
  node: number;
  members: Int32Array;
  sums: Sums;
  histogram: Histogram;
  split: Split | null;
}

/** @returns the tree, and the leaf value of every row */
export function growTree(
  rows: BinnedRows,
  gradients: Gradients,
  rules: TreeRules,
): { tree: Tree; answers: Float64Array } {
  const nodes: { column: number; side: Uint8Array | null; left: number; right: number; value: number }[] = [];
  const addNode = () => nodes.push({ column: -1, side: null, left: -1, right: -1, value: 0 }) - 1;
  const withSplit = (leaf: Omit<Leaf, 'split'>): Leaf => ({
    ...leaf,
    split:
      leaf.members.length >= 2 * rules.leastSamples
        ? bestSplit(leaf.histogram, rows.bins, leaf.sums, rules)
        : null,
  });
  const members = Int32Array.from({ length: rows.rows }, (_, row) => row);
  const root = { node: addNode(), members, sums: sumOf(gradients, members) };
  const leaves: Leaf[] = [withSplit({ ...root, histogram: buildHistogram(rows, gradients, members) })];
  while (leaves.length < rules.leaves) {
    const place = leaves.reduce((best, { split }, at) => {
      const gain = split?.gain ?? 0;
      return gain > (leaves[best]?.split?.gain ?? 0) ? at : best;
    }, 0);
    const leaf = leaves[place]!;
    if (!leaf.split) break;
    const { column, left: side, leftSums } = leaf.split;
    const bins = rows.columns[column]!;
    const parts = [
      leaf.members.filter((row) => side[bins[row]!] === 1),
      leaf.members.filter((row) => side[bins[row]!] === 0),
    ] as const;
    // The smaller half is counted, the larger follows from it.
    const small = parts[0].length <= parts[1].length ? 0 : 1;
    const counted = buildHistogram(rows, gradients, parts[small]);
    const rest = subtract(leaf.histogram, counted);
    const sums = [leftSums, minus(leaf.sums, leftSums)] as const;
    const halves = ([0, 1] as const).map((half) =>
      withSplit({
        node: addNode(),
        members: parts[half],
        sums: sums[half],
        histogram: half === small ? counted : rest,
      }),
    ) as [Leaf, Leaf];
    Object.assign(nodes[leaf.node]!, { column, side, left: halves[0].node, right: halves[1].node });
    leaves.splice(place, 1, ...halves);
  }
  const answers = new Float64Array(rows.rows);
  for (const { node, sums, members: own } of leaves) {
    const value = (-rules.learningRate * sums.gradient) / (sums.hessian + rules.penalty + 1e-12);
    nodes[node]!.value = value;
    for (const row of own) answers[row] = value;
  }
  const tree: Tree = {
    columns: Int32Array.from(nodes, ({ column }) => column),
    sides: nodes.map(({ side }) => side),
    lefts: Int32Array.from(nodes, ({ left }) => left),
    rights: Int32Array.from(nodes, ({ right }) => right),
    values: Float64Array.from(nodes, ({ value }) => value),
  };
  return { tree, answers };
}

const minus = (whole: Sums, part: Sums): Sums => ({
  gradient: whole.gradient - part.gradient,
  hessian: whole.hessian - part.hessian,
  count: whole.count - part.count,
});

function sumOf({ first, second }: Gradients, members: Int32Array): Sums {
  const sums = { gradient: 0, hessian: 0, count: members.length };
  for (const row of members) {
    sums.gradient += first[row]!;
    sums.hessian += second[row]!;
  }
  return sums;
}

/** Adds the tree's value for every row to `totals`, `stride` apart. */
export function addTree(
  { columns, sides, lefts, rights, values }: Tree,
  rows: BinnedRows,
  totals: Float64Array,
  { start, stride }: { start: number; stride: number },
): void {
  for (let row = 0; row < rows.rows; row++) {
    let node = 0;
    while (columns[node]! >= 0) {
      const goesLeft = sides[node]![rows.columns[columns[node]!]![row]!] === 1;
      node = goesLeft ? lefts[node]! : rights[node]!;
    }
    totals[start + row * stride]! += values[node]!;
  }
}
