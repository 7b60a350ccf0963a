import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createImageSink, type StoredForm } from '../../../../src/data/images/sink.ts';
import { createIssueList } from '../../../../src/data/reading/issues.ts';
import { SampleTable } from '../../../../src/data/reading/sample-table.ts';
import { ShardWriter } from '../../../../src/data/shards/writer.ts';
import { folderOf } from '../../../fixtures/imports.ts';

async function storing(channels: number, bits: 8 | 16 = 8, more: { keepsCopies?: boolean } = {}) {
  const file = join(await folderOf(), 'a.shard');
  const writer = await ShardWriter.create(file);
  onTestFinished(() => writer.discard());
  const table = new SampleTable();
  const issues = createIssueList();
  const sink = createImageSink(writer, table, issues, channels, bits, more);
  const fileId = table.addFile({ path: 'a', folderSplit: -1, columns: {} });
  table.describe = (path, row) => `${path} #${row}`;
  const pixelsOf = (values: readonly number[]) =>
    new Uint8Array((bits === 16 ? Uint16Array : Uint8Array).from(values).buffer);
  let row = 0;
  return {
    issues,
    table,
    add: (
      values: readonly number[],
      { label = null, number = NaN }: { label?: string | null; number?: number } = {},
    ) => sink.add(pixelsOf(values), { file: fileId, row: row++, label: table.labelId(label), number }),
    /** What is in the shard at last, number by number. */
    async finish(
      reduceGrey: boolean,
      fewestBits?: number,
    ): Promise<{ form: StoredForm; values: number[]; offsets: number[] }> {
      const form = await sink.finish(reduceGrey, fewestBits);
      const { position } = writer;
      await writer.finish();
      const bytes = Uint8Array.from((await readFile(file)).subarray(0, position));
      const values = form.dtype === 'uint16' ? new Uint16Array(bytes.buffer) : bytes;
      return { form, values: [...values], offsets: [...table.offsets.subarray(0, table.count)] };
    },
  };
}

describe('color', () => {
  it('stays, and one channel is kept where all of it was grey', async () => {
    const color = await storing(3);
    await color.add([1, 1, 1, 2, 2, 2]);
    await color.add([3, 3, 3, 4, 4, 5]);
    expect(await color.finish(true)).toMatchObject({
      form: { channels: 3, dtype: 'uint8', usedBits: null },
      offsets: [0, 6],
    });
    const grey = await storing(3);
    await grey.add([1, 1, 1, 2, 2, 2]);
    await grey.add([3, 3, 3, 4, 4, 4]);
    expect(await grey.finish(true)).toEqual({
      form: { channels: 1, dtype: 'uint8', usedBits: null },
      values: [1, 2, 3, 4],
      offsets: [0, 2],
    });
  });

  it('stays three channels where that is asked for', async () => {
    const { add, finish } = await storing(3);
    await add([1, 1, 1]);
    expect((await finish(false)).values).toEqual([1, 1, 1]);
  });
});

describe('values of 16 bits', () => {
  it('are brought over the whole range by the bits that they use', async () => {
    const { add, finish } = await storing(1, 16);
    await add([0, 1]);
    await add([4095, 2048]);
    expect(await finish(true)).toEqual({
      form: { channels: 1, dtype: 'uint16', usedBits: 12 },
      values: [0, 16, 65_520, 32_768],
      offsets: [0, 4],
    });
  });

  it('use as many bits as is said, where that is more', async () => {
    const { add, finish } = await storing(1, 16);
    await add([1000]);
    expect(await finish(true, 14)).toMatchObject({ form: { usedBits: 14 }, values: [4000] });
  });

  it('that need no more are kept with 8', async () => {
    const { add, finish } = await storing(3, 16);
    await add([255, 255, 255, 7, 7, 7]);
    await add([9, 9, 9, 8, 8, 8]);
    expect(await finish(true)).toMatchObject({
      form: { channels: 1, dtype: 'uint8' },
      values: [255, 7, 9, 8],
      offsets: [0, 2],
    });
  });
});

describe('the same picture again', () => {
  it('is left out, and its label is looked at', async () => {
    const { add, issues, table } = await storing(1);
    expect(await add([1, 2], { label: 'cat' })).toBe(true);
    expect(await add([1, 2], { label: 'cat' })).toBe(false);
    expect(await add([1, 2], { label: 'dog' })).toBe(false);
    expect(await add([1, 2])).toBe(false);
    expect(table.count).toBe(1);
    expect(issues.all.map(({ file, reason, message }) => [file, reason, message])).toEqual([
      ['a #1', 'duplicate', 'The same picture as a #0, which is kept.'],
      [
        'a #2',
        'duplicate-other-label',
        'The same picture as a #0, which is labeled “cat” and this one “dog”. Only the first is kept; check which label is right.',
      ],
      ['a #3', 'duplicate', 'The same picture as a #0, which is kept.'],
    ]);
  });

  it('has another number to predict', async () => {
    const { add, issues } = await storing(1);
    await add([1], { number: 1.5 });
    await add([1], { number: 1.5 });
    await add([1], { number: 2 });
    expect(issues.all.map(({ reason }) => reason)).toEqual(['duplicate', 'duplicate-other-label']);
    expect(issues.all[1]!.message).toContain('labeled “1.5” and this one “2”');
  });

  it('counts as any other where samples are to be answered one by one', async () => {
    const { add, table } = await storing(1, 8, { keepsCopies: true });
    await add([1]);
    expect(await add([1])).toBe(true);
    expect(table.count).toBe(2);
  });
});
