import { expect, it, vi } from 'vitest';
import { SampleTable } from '../../../../src/data/reading/sample-table.ts';

function filled(count: number): SampleTable {
  const table = new SampleTable();
  const file = table.addFile({ path: 'a.csv', folderSplit: -1, columns: {} });
  const label = table.labelId('ill');
  for (let at = 0; at < count; at++) {
    table.add({ offset: at * 8, file, row: at + 2, label, number: at / 2, block: at % 3 });
    table.addTargets([at, -at]);
    table.addWeight(at + 0.5);
  }
  return table;
}

/** Grown twice from its first 1,024. */
function expectAll(table: SampleTable): void {
  expect(table.count).toBe(3000);
  for (const at of [0, 1023, 1024, 2047, 2048, 2999]) {
    expect([table.offsets[at], table.rows[at], table.labels[at]]).toEqual([at * 8, at + 2, 0]);
    expect([table.numbers[at], table.blocks[at], table.fileIds[at]]).toEqual([at / 2, at % 3, 0]);
    expect([table.weights![at], table.targets!.values[2 * at]]).toEqual([at + 0.5, at]);
    expect(table.targets!.values[2 * at + 1]).toBe(at === 0 ? -0 : -at);
  }
}

it('keeps what was added while it grows', () => expectAll(filled(3000)));

it('does so where buffers cannot take each other’s place', () => {
  const stood = vi.spyOn(ArrayBuffer.prototype, 'transfer').mockReturnValue(undefined as never);
  expectAll(filled(3000));
  expect(stood).toHaveBeenCalled();
  stood.mockRestore();
});
