import { describe, expect, it } from 'vitest';
import {
  findDataset,
  getDataset,
  leaveCopiesOut,
  readCopyPage,
  readSampleArrays,
  readSamplePage,
  countPartedGroups,
  saveCopies,
} from '../../../../../src/project/index.ts';
import { LEFT_OUT_CODE } from '../../../../../src/contract/data/splits/split.ts';
import { addDataset, sample, temporaryProject } from '../../../../fixtures/projects.ts';

function project() {
  const opened = temporaryProject();
  const samples = [0, 1, 2, 3, 4, 5, 6, 7].map((index) =>
    sample(index, { split: index < 5 ? 0 : index < 6 ? 1 : 2 }),
  );
  const { id, key } = addDataset(opened, 'small', samples, {
    classes: [
      { name: 'cat', train: 3, validation: 0, test: 1 },
      { name: 'dog', train: 2, validation: 1, test: 1 },
    ],
  });
  return { opened, id, key };
}
const pairs = [
  { heldOut: 5, training: 1, exact: false, likeness: 0.98 },
  { heldOut: 6, training: 0, exact: true, likeness: 1 },
  { heldOut: 6, training: 2, exact: false, likeness: 0.99 },
];

describe('copies across splits', () => {
  it('are counted and listed, most alike first', async () => {
    const { opened, id } = project();
    expect(getDataset(opened, id).dataset.copies).toBeUndefined();
    const { copies } = await saveCopies(opened, id, pairs, 1.5);
    expect(copies).toMatchObject({ heldOut: 2, test: 1, training: 3, leftOutAt: null, seconds: 1.5 });
    const page = readCopyPage(opened, id, { offset: 0, limit: 2 });
    expect(page.total).toBe(3);
    expect(page.pairs.map(({ heldOut, training }) => [heldOut.index, training.index])).toEqual([
      [6, 0],
      [6, 2],
    ]);
    expect(page.pairs[0]).toMatchObject({ exact: true, heldOut: { split: 'test', source: '6.png' } });
  });

  it('can be left out of training and brought back; test samples stay', async () => {
    const { opened, id, key } = project();
    const before = findDataset(opened, 'small')!.dataset;
    await saveCopies(opened, id, pairs, 1);
    const left = await leaveCopiesOut(opened, id, true);
    expect(left.split).toMatchObject({ train: 2, validation: 1, test: 2 });
    expect(left.classes.map(({ train }) => train)).toEqual([1, 1]);
    expect(left.copies?.leftOutAt).not.toBeNull();
    const { splits } = await readSampleArrays(opened, key, 8);
    expect([...splits]).toEqual([3, 3, 3, 0, 0, 1, 2, 2]);
    expect(LEFT_OUT_CODE).toBe(3);
    expect(readSamplePage(opened, key, { offset: 0, limit: 1 }, ['cat', 'dog']).samples[0]?.split).toBe(
      'left-out',
    );
    expect(await leaveCopiesOut(opened, id, true)).toEqual(left);
    const { copies: _copies, ...back } = await leaveCopiesOut(opened, id, false);
    expect(back).toEqual(before);
  });

  it('left out part no group', async () => {
    const opened = temporaryProject();
    const samples = [0, 1, 2].map((index) =>
      sample(index, { split: index === 2 ? 2 : 0, group: index === 2 ? 'b' : 'a' }),
    );
    const { id, key } = addDataset(opened, 'small', samples);
    await saveCopies(opened, id, [{ heldOut: 2, training: 0, exact: true, likeness: 1 }], 1);
    await leaveCopiesOut(opened, id, true);
    expect(countPartedGroups(opened, key)).toBe(0);
  });

  it('are refused where nobody looked, and where no training sample would be left', async () => {
    const { opened, id } = project();
    await expect(leaveCopiesOut(opened, id, true)).rejects.toThrow(/Nobody has looked/);
    await saveCopies(
      opened,
      id,
      [0, 1, 2, 3, 4].map((training) => ({ heldOut: 7, training, exact: true, likeness: 1 })),
      1,
    );
    await expect(leaveCopiesOut(opened, id, true)).rejects.toThrow(/none would be left/);
    expect(getDataset(opened, id).dataset.split.train).toBe(5);
  });
});
