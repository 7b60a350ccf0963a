import { describe, expect, it } from 'vitest';
import { idxFile } from '../../../fixtures/made-idx.ts';
import { folderOf, importFrom } from '../../../fixtures/imports.ts';

describe('images that come as arrays', () => {
  it('are resized and colored when asked to', async () => {
    const folder = await folderOf({
      'train-images-idx3-ubyte': idxFile([2, 8, 8], [...Array(64).fill(9), ...Array(64).fill(200)]),
    });
    const dataset = await importFrom(folder, { images: { size: 16, color: 'color' } });
    expect(dataset.shape).toEqual([16, 16, 3]);
    expect(dataset.sample('train-images-idx3-ubyte #1')).toEqual(Array(768).fill(200));
  });

  it('keep their size and color otherwise, and one of equal ones', async () => {
    const folder = await folderOf({
      'train-images-idx3-ubyte': idxFile(
        [3, 8, 10],
        [...Array(80).fill(9), ...Array(80).fill(200), ...Array(80).fill(9)],
      ),
    });
    const dataset = await importFrom(folder);
    expect(dataset).toMatchObject({ shape: [8, 10, 1], sampleCount: 2 });
    expect(dataset.issues).toMatchObject([{ reason: 'duplicate', file: 'train-images-idx3-ubyte #2' }]);
  });
});
