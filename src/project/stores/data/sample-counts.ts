/** How many samples of a dataset stand where, kept in step with what is done to single samples. */
import type { Dataset } from '../../../contract/entities.ts';
import { SPLIT_CODE } from '../../../contract/data/splits/split.ts';
import { parseDocument } from '../../stored-document.ts';

/** Samples that are alike: their split, their class (-1: none, or the labels are numbers), and whether they are labeled. */
export interface SampleKind {
  split: number;
  classId: number;
  isLabeled: boolean;
}

export type Counts = Pick<Dataset, 'classes' | 'split' | 'labeledCount'>;

/** As they are kept with a version of labels: they hold while the same copies are left out. */
export function countsText({
  classes,
  split,
  labeledCount,
  copies,
}: Counts & Pick<Dataset, 'copies'>): string {
  return JSON.stringify({ classes, split, labeledCount, leftOutAt: copies?.leftOutAt ?? null });
}

/** Null where other copies are left out now than then. */
export function countsOf(text: string, { copies }: Pick<Dataset, 'copies'>): Counts | null {
  const { leftOutAt, ...counts } = parseDocument<Counts & { leftOutAt: string | null }>(text, 'counts');
  return leftOutAt === (copies?.leftOutAt ?? null) ? counts : null;
}

/** By their codes; those that are left out are in none. */
export const SPLITS = Object.keys(SPLIT_CODE) as (keyof typeof SPLIT_CODE)[];

/** With `by` more (or, below 0, fewer) samples of each kind; those that are left out are in no split and count nowhere. */
export function shiftCounts(counts: Counts, shifts: readonly (SampleKind & { by: number })[]): Counts {
  const classes = counts.classes.map((one) => ({ ...one }));
  const split = { ...counts.split, ...(counts.split.labeled && { labeled: { ...counts.split.labeled } }) };
  let { labeledCount } = counts;
  for (const { split: code, classId, isLabeled, by } of shifts) {
    const name = SPLITS[code];
    if (!name) continue;
    split[name] += by;
    const ofClass = classes[classId];
    if (ofClass) ofClass[name] += by;
    if (!isLabeled) continue;
    labeledCount += by;
    if (split.labeled) split.labeled[name] += by;
  }
  return { classes, split, labeledCount };
}

/** With room for the classes of both, so that every sample counts where it belongs; `names` are theirs. */
export function roomFor(names: readonly string[], classes: Dataset['classes']): Dataset['classes'] {
  return Array.from({ length: Math.max(names.length, classes.length) }, (_, classId) => ({
    ...(classes[classId] ?? { train: 0, validation: 0, test: 0 }),
    name: names[classId] ?? '',
  }));
}

/** Adds up shifts by kind, of which there are few however many samples move. */
export function shiftsOfKinds() {
  const sums = new Map<string, SampleKind & { by: number }>();
  return {
    add(kind: SampleKind, by: number): void {
      const name = `${kind.split} ${kind.classId} ${kind.isLabeled}`;
      const sum = sums.get(name);
      if (sum) sum.by += by;
      else sums.set(name, { ...kind, by });
    },
    all: () => [...sums.values()],
  };
}
