import { expect, it } from 'vitest';
import type { Dataset } from '../../../../../src/contract/entities.ts';
import {
  countsOf,
  countsText,
  roomFor,
  shiftCounts,
  shiftsOfKinds,
  type Counts,
} from '../../../../../src/project/stores/data/sample-counts.ts';

const counts: Counts = {
  classes: [
    { name: 'cat', train: 3, validation: 1, test: 1 },
    { name: 'dog', train: 2, validation: 0, test: 1 },
  ],
  split: { rule: { by: 'folder' }, by: 'folder', train: 6, validation: 1, test: 2, groups: 0 },
  labeledCount: 8,
};
const kind = (split: number, classId: number, isLabeled = classId >= 0) => ({ split, classId, isLabeled });

it('moves a sample from one class to another', () => {
  const moved = shiftCounts(counts, [
    { ...kind(0, 0), by: -1 },
    { ...kind(0, 1), by: 1 },
  ]);
  expect(moved.classes.map(({ train }) => train)).toEqual([2, 3]);
  expect([moved.labeledCount, moved.split.train]).toEqual([8, 6]);
  // What was counted before is as it was.
  expect(counts.classes[0]!.train).toBe(3);
});

it('counts a new label, and one that is taken away', () => {
  const labeled = shiftCounts(counts, [
    { ...kind(0, -1), by: -1 },
    { ...kind(0, 1), by: 1 },
  ]);
  expect([labeled.labeledCount, labeled.classes[1]!.train, labeled.split.train]).toEqual([9, 3, 6]);
});

it('counts samples that are left out nowhere', () => {
  const out = shiftCounts(counts, [
    { ...kind(0, 0), by: -1 },
    { ...kind(3, 0), by: 1 },
  ]);
  expect([out.split.train, out.labeledCount, out.classes[0]!.train]).toEqual([5, 7, 2]);
});

it('counts labeled numbers by split, where that is known', () => {
  const numbers = {
    ...counts,
    classes: [],
    split: { ...counts.split, labeled: { train: 4, validation: 1, test: 2 } },
  };
  const more = shiftCounts(numbers, [{ ...kind(2, -1, true), by: 1 }]);
  expect(more.split.labeled).toEqual({ train: 4, validation: 1, test: 3 });
});

it('adds up shifts of samples that are alike', () => {
  const shifts = shiftsOfKinds();
  shifts.add(kind(0, 1), 1);
  shifts.add(kind(0, 1), 1);
  shifts.add(kind(0, -1), -2);
  expect(shifts.all()).toEqual([
    { ...kind(0, 1), by: 2 },
    { ...kind(0, -1), by: -2 },
  ]);
});

it('makes room for classes that are new, and names those that there are anew', () => {
  expect(roomFor(['cat', 'wolf', 'fox'], counts.classes)).toEqual([
    { name: 'cat', train: 3, validation: 1, test: 1 },
    { name: 'wolf', train: 2, validation: 0, test: 1 },
    { name: 'fox', train: 0, validation: 0, test: 0 },
  ]);
});

it('takes counts of an earlier version only while the same copies are left out', () => {
  const copies = (leftOutAt: string | null) =>
    ({ copies: { leftOutAt } }) as unknown as Pick<Dataset, 'copies'>;
  const text = countsText({ ...counts, ...copies('2026-01-01') });
  expect(countsOf(text, copies('2026-01-01'))).toEqual(counts);
  expect(countsOf(text, copies(null))).toBeNull();
});
