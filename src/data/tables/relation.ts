/** How the numbers of a column of a table lie, and how much it has to do with the target: measured over training rows. */
import { endsOfStretches } from '../../contract/data/columns.ts';
import type { ColumnRelation } from '../../contract/data/table-rows.ts';
import type { ShardReader } from '../shards/reader.ts';
import { breathe } from '../breathe.ts';

const ROWS_AT_ONCE = 8192;
/** Values of a column fall into so many parts of about the same number of rows for the mutual information. */
const PARTS = 16;

/** The part of each value: as many as there are categories, or of about equal rows by ascending quantiles. */
export function partsBy(quantiles: readonly number[]): { count: number; of(value: number): number } {
  const borders = Array.from(
    { length: PARTS - 1 },
    (_, at) => quantiles[Math.round(((at + 1) * (quantiles.length - 1)) / PARTS)]!,
  );
  const apart = borders.filter((border, at) => at === 0 || border > borders[at - 1]!);
  return {
    count: apart.length + 1,
    of(value) {
      let part = 0;
      while (part < apart.length && value > apart[part]!) part++;
      return part;
    },
  };
}

/** @param counts rows of each part and class, [parts × classes] */
export function mutualInformationBits(counts: ArrayLike<number>, classes: number): number {
  const { total, parts, ofClass } = margins(counts, classes);
  let bits = 0;
  for (let at = 0; at < counts.length; at++) {
    const both = counts[at]!;
    if (both === 0) continue;
    const expected = (parts[Math.floor(at / classes)]! * ofClass[at % classes]!) / total;
    bits += (both / total) * Math.log2(both / expected);
  }
  return Math.max(0, bits);
}

/** @param counts rows of each part and class, [parts × classes]; null where one side never changes */
export function cramersV(counts: ArrayLike<number>, classes: number): number | null {
  const { total, parts, ofClass } = margins(counts, classes);
  const sides = Math.min(parts.filter((one) => one > 0).length, ofClass.filter((one) => one > 0).length);
  if (sides < 2) return null;
  let squares = 0;
  for (let at = 0; at < counts.length; at++) {
    const expected = (parts[Math.floor(at / classes)]! * ofClass[at % classes]!) / total;
    if (expected > 0) squares += (counts[at]! - expected) ** 2 / expected;
  }
  return Math.sqrt(squares / total / (sides - 1));
}

function margins(counts: ArrayLike<number>, classes: number) {
  const parts = new Array<number>(counts.length / classes).fill(0);
  const ofClass = new Array<number>(classes).fill(0);
  let total = 0;
  for (let at = 0; at < counts.length; at++) {
    total += counts[at]!;
    parts[Math.floor(at / classes)]! += counts[at]!;
    ofClass[at % classes]! += counts[at]!;
  }
  return { total, parts, ofClass };
}

/** Sums of numbers by group, met one by one. */
export class GroupedNumbers {
  private readonly sums: Float64Array;
  private readonly counts: Float64Array;
  private shift = NaN;
  private squares = 0;

  constructor(groups: number) {
    this.sums = new Float64Array(groups);
    this.counts = new Float64Array(groups);
  }

  add(group: number, value: number): void {
    // Sums of differences keep their digits on a large offset.
    if (Number.isNaN(this.shift)) this.shift = value;
    const difference = value - this.shift;
    this.sums[group]! += difference;
    this.counts[group]!++;
    this.squares += difference ** 2;
  }

  /** Null where the numbers never change, or there is one group. */
  correlationRatio(): number | null {
    const total = this.counts.reduce((sum, one) => sum + one, 0);
    const mean = this.sums.reduce((sum, one) => sum + one, 0) / total;
    const spread = this.squares - total * mean ** 2;
    if (this.counts.filter((one) => one > 0).length < 2 || !(spread > 1e-12 * this.squares)) return null;
    let between = 0;
    this.counts.forEach((count, group) => {
      if (count > 0) between += count * (this.sums[group]! / count - mean) ** 2;
    });
    return Math.sqrt(Math.min(1, between / spread));
  }
}

/** How many numbers lie in each stretch; the greatest belongs to the last, and so do those beyond. */
export class StretchCounts {
  readonly counts: number[];
  private readonly ends: readonly number[];

  constructor(quantiles: readonly number[]) {
    // Without the two outermost, which nothing goes beyond as long as the training rows stay those that were measured.
    this.ends = endsOfStretches(quantiles).slice(1, -1);
    this.counts = new Array<number>(this.ends.length + 1).fill(0);
  }

  add(value: number): void {
    let stretch = 0;
    while (stretch < this.ends.length && value >= this.ends[stretch]!) stretch++;
    this.counts[stretch]!++;
  }
}

/** Pearson's correlation of pairs, met one by one. */
export class PairedNumbers {
  private readonly means = [0, 0];
  private readonly spreads = [0, 0];
  private both = 0;
  private count = 0;

  /** By Welford's updates, which keep their digits. */
  add(one: number, other: number): void {
    this.count++;
    const [first, second] = [one - this.means[0]!, other - this.means[1]!];
    this.means[0]! += first / this.count;
    this.means[1]! += second / this.count;
    this.spreads[0]! += first * (one - this.means[0]!);
    this.spreads[1]! += second * (other - this.means[1]!);
    this.both += first * (other - this.means[1]!);
  }

  correlation(): number | null {
    const size = Math.sqrt(this.spreads[0]! * this.spreads[1]!);
    return size > 0 ? Math.max(-1, Math.min(1, this.both / size)) : null;
  }
}

export interface RelationAsked {
  /** Byte offsets of rows, float32 [width] each. */
  offsets: Float64Array;
  width: number;
  /** Of the column in a row. */
  place: number;
  /** Whether it is a training row, and one with a label. */
  isTraining(row: number): boolean;
  isLabeled(row: number): boolean;
  column: { categories: number } | { quantiles: readonly number[] };
  target: { classIds: Int32Array; classes: number } | { numbers: Float32Array };
}

/**
 * Of a column of categories and classes Cramér's V (1946, without a correction for few rows), of numbers and classes
 * or categories and numbers Fisher's correlation ratio, of numbers and numbers Pearson's correlation.
 */
export async function relate(shard: ShardReader, asked: RelationAsked): Promise<ColumnRelation> {
  const { column, target } = asked;
  const parts =
    'categories' in column
      ? { count: column.categories, of: (value: number) => value }
      : partsBy(column.quantiles);
  const classes = 'classes' in target ? target.classes : 0;
  const counts = new Float64Array(parts.count * classes);
  const grouped = new GroupedNumbers('classes' in target ? classes : parts.count);
  const paired = new PairedNumbers();
  const stretches = 'categories' in column ? null : new StretchCounts(column.quantiles);
  let rows = 0;
  for await (const [row, value] of valuesOf(shard, asked)) {
    if (Number.isNaN(value)) continue;
    stretches?.add(value);
    if (!asked.isLabeled(row)) continue;
    rows++;
    if ('classes' in target) {
      counts[parts.of(value) * classes + target.classIds[row]!]!++;
      grouped.add(target.classIds[row]!, value);
    } else if ('categories' in column) grouped.add(value, target.numbers[row]!);
    else paired.add(value, target.numbers[row]!);
  }
  const isOfCategories = 'categories' in column;
  const measure =
    classes > 0 && isOfCategories
      ? 'cramers-v'
      : classes === 0 && !isOfCategories
        ? 'correlation'
        : 'correlation-ratio';
  const value =
    measure === 'cramers-v'
      ? cramersV(counts, classes)
      : measure === 'correlation'
        ? paired.correlation()
        : grouped.correlationRatio();
  return {
    rows,
    relation: value === null ? null : { measure, value },
    mutualInformationBits: classes > 0 && rows > 0 ? mutualInformationBits(counts, classes) : null,
    stretches: stretches?.counts ?? null,
  };
}

async function* valuesOf(
  shard: ShardReader,
  { offsets, width, place, isTraining }: RelationAsked,
): AsyncGenerator<[row: number, value: number]> {
  const values = new Float32Array(ROWS_AT_ONCE * width);
  for (let first = 0; first < offsets.length; first += ROWS_AT_ONCE) {
    const some: number[] = [];
    for (let at = first; at < Math.min(first + ROWS_AT_ONCE, offsets.length); at++)
      if (isTraining(at)) some.push(at);
    const places = Float64Array.from(some, (at) => offsets[at]!);
    await shard.readInto(new Uint8Array(values.buffer, 0, some.length * width * 4), places, width * 4);
    for (const [at, row] of some.entries()) yield [row, values[at * width + place]!];
    await breathe();
  }
}
