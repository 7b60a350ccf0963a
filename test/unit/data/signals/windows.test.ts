import { expect, it } from 'vitest';
import { blockLength, cutWindows } from '../../../../src/data/signals/windows.ts';

type Request = Parameters<typeof cutWindows>[0];
function cut(more: Partial<Request>) {
  const counts = { bad: 0, faulty: 0, mixed: 0 };
  const request = {
    rowCount: 10,
    length: 4,
    stride: 2,
    badRows: [],
    runStarts: [],
    runLabels: [],
    blockRows: 100,
    mixed: 'unlabeled',
    ...more,
  } as Request;
  const windows = [...cutWindows(request, counts)];
  return {
    starts: windows.map(({ start }) => start),
    labels: windows.map(({ label }) => label),
    windows,
    counts,
  };
}

it('cuts windows that overlap, and none that reaches over the end', () => {
  expect(cut({}).starts).toEqual([0, 2, 4, 6]);
  expect(cut({ firstRow: 3 }).starts).toEqual([3, 5]);
  expect(cut({ rowCount: 3 }).starts).toEqual([]);
});

it('leaves windows out that touch rows which cannot be used, and counts why', () => {
  const { starts, counts } = cut({ badRows: [{ start: 5, end: 6 }] });
  expect([starts, counts]).toEqual([[0, 6], { bad: 2, faulty: 0, mixed: 0 }]);
  expect(cut({ faultyRows: [{ start: 0, end: 1 }] })).toMatchObject({
    starts: [2, 4, 6],
    counts: { faulty: 1 },
  });
});

it.each([
  ['unlabeled', [0, 2, 4, 6], [0, -1, -1, 1]],
  ['majority', [0, 2, 4, 6], [0, 0, 1, 1]],
  ['drop', [0, 6], [0, 1]],
] as const)('gives a window of two labels what was asked for: %s', (mixed, starts, labels) => {
  // Label 0 in rows 0 to 4, label 1 from row 5 on.
  const found = cut({ runStarts: [0, 5], runLabels: [0, 1], mixed });
  expect([found.starts, found.labels, found.counts.mixed]).toEqual([[...starts], [...labels], 2]);
});

it('knows which windows lie within one block, so that splits part no window', () => {
  expect(cut({ blockRows: 6 }).windows.map(({ block }) => block)).toEqual([0, 0, -1, 1]);
});

it('makes blocks of a twentieth, cut where windows end', () => {
  expect(blockLength(1000, 10, 10)).toBe(50);
  expect(blockLength(1001, 10, 5)).toBe(60);
  expect(blockLength(5, 10, 10)).toBe(10);
});
