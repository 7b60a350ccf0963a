import { gzipSync } from 'node:zlib';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inspect } from '../../../../src/data/inspect.ts';
import { idx } from '../../../../src/data/readers/idx.ts';
import { listFiles } from '../../../../src/data/reading/listing.ts';
import { idxFile } from '../../../fixtures/made-idx.ts';
import { failureOf, folderOf, importFrom } from '../../../fixtures/imports.ts';

const image = (first: number, side = 8) =>
  Array.from({ length: side * side }, (_, at) => (first * 41 + at * 3) % 256);
const images = (count: number, from: number) =>
  Array.from({ length: count }, (_, at) => image(from + at)).flat();

describe('IDX files', () => {
  const train = idxFile([20, 8, 8], images(20, 0));
  const trainLabels = idxFile(
    [20],
    Array.from({ length: 20 }, (_, at) => at % 2),
  );
  const test = idxFile([4, 8, 8], images(4, 50));
  const testLabels = idxFile([4], [1, 0, 1, 0]);

  it('are paired by name, packed or plain, t10k being the test split', async () => {
    const folder = await folderOf({
      'train-images-idx3-ubyte.gz': gzipSync(train),
      'train-labels-idx1-ubyte.gz': gzipSync(trainLabels),
      't10k-images-idx3-ubyte': test,
      't10k-labels-idx1-ubyte': testLabels,
    });
    const dataset = await importFrom(folder);
    expect(dataset).toMatchObject({
      format: 'idx',
      modality: 'image',
      shape: [8, 8, 1],
      dtype: 'uint8',
      labeledCount: 24,
    });
    expect(dataset.split).toMatchObject({ train: 17, validation: 3, test: 4 });
    expect(dataset.split.by).toBe(
      'folder; validation 15 % drawn from training (seed 1), stratified by label, copies kept together (10 samples in 1 group)',
    );
    expect(dataset.classes).toEqual([
      { name: '0', train: 9, validation: 1, test: 2 },
      { name: '1', train: 8, validation: 2, test: 2 },
    ]);
    expect(dataset.sample('train-images-idx3-ubyte.gz #7')).toEqual(image(7));
    expect(dataset.labelOf('train-images-idx3-ubyte.gz #7')).toBe('1');
    expect(dataset.labelOf('t10k-images-idx3-ubyte #0')).toBe('1');
    expect((await inspect(folder)).notes[0]).toContain('4 images of 8 × 8');
  });

  it('finds the labels beside one chosen file', async () => {
    const folder = await folderOf({
      'train-images-idx3-ubyte': train,
      'train-labels-idx1-ubyte.gz': gzipSync(trainLabels),
    });
    const dataset = await importFrom(join(folder, 'train-images-idx3-ubyte'));
    expect(dataset).toMatchObject({ sampleCount: 20, labeledCount: 20 });
    expect(dataset.split.rule.by).toBe('random');
  });

  it('keep what is there of cut-off files, and say what is missing', async () => {
    for (const file of [train.subarray(0, 16 + 64 * 5 + 10), gzipSync(train).subarray(0, 300)]) {
      const folder = await folderOf({
        'train-images-idx3-ubyte.gz': file,
        'train-labels-idx1-ubyte': trainLabels,
      });
      const dataset = await importFrom(folder);
      expect(dataset.sampleCount).toBeLessThan(20);
      expect(dataset.sampleCount).toBeGreaterThan(0);
      expect(dataset.issues).toMatchObject([
        { reason: 'broken', row: dataset.sampleCount, severity: 'left-out' },
      ]);
      expect(dataset.issues[0]?.message).toContain(`images ${dataset.sampleCount} to 19 of 20 are missing`);
    }
  });

  it('say when labels and images differ in number', async () => {
    const folder = await folderOf({
      'a-images-idx3-ubyte': train,
      'a-labels-idx1-ubyte': idxFile(
        [18],
        Array.from({ length: 18 }, () => 1),
      ),
    });
    const dataset = await importFrom(folder);
    expect(dataset.labeledCount).toBe(18);
    expect(dataset.issues).toMatchObject([{ reason: 'counts-differ' }]);
  });

  it('are refused with what was found', async () => {
    const other = await folderOf({ 'train-images-idx3-ubyte': idxFile([1, 8, 8], image(1), 0x0d) });
    expect((await failureOf(importFrom(other, { format: 'idx' }))).message).toContain('32-bit float');
    const wrong = await folderOf({ 'train-images-idx3-ubyte': 'hello, this is text' });
    expect((await failureOf(importFrom(wrong, { format: 'idx' }))).message).toContain('68656c6c');
  });
});

describe('IDX headers that claim what cannot be', () => {
  it('are told before anything is read: no values, too many, more than the file could hold', async () => {
    const claims = (sides: number[]) =>
      folderOf({ 'train-images-idx3-ubyte': idxFile(sides, new Array<number>(64).fill(0)) }).then((folder) =>
        failureOf(importFrom(folder)),
      );
    expect((await claims([1, 0, 8])).message).toContain('0 × 8 values');
    expect((await claims([1, 60_000, 60_000])).message).toContain('at most 300 million values');
    expect((await claims([4_000_000_000, 8, 8])).message).toContain('cannot be in a file of 80 bytes');
  });
});

describe('what is recognised', () => {
  const sureOf = async (files: Record<string, Uint8Array | string>, name = '') =>
    idx.recognise(await listFiles(join(await folderOf(files), name)));
  const array = idxFile([2, 8, 8], images(2, 0));

  it.each([
    ['an array of images by its name', { 'train-images-idx3-ubyte': array }, '', 1],
    ['one file by its first bytes alone', { 'digits.bin': array }, 'digits.bin', 0.8],
    ['not one of several without the name', { 'digits.bin': array }, '', 0],
    ['labels alone are no images', { 'train-labels-idx1-ubyte': idxFile([2], [0, 1]) }, '', 0],
    ['a broken file that is named so', { 'train-images-idx3-ubyte': 'text' }, '', 0.4],
    ['anything else', { 'a.txt': 'text' }, 'a.txt', 0],
  ] as const)('%s', async (_what, files, name, certainty) => {
    expect(await sureOf(files, name)).toBe(certainty);
  });
});

describe('what does not fit', () => {
  it('is left out: arrays of other dimensions, and images of another size', async () => {
    const folder = await folderOf({
      'a-images-idx3-ubyte': idxFile([6, 8, 8], images(6, 0)),
      'b-images-idx3-ubyte': idxFile([2, 9, 8], images(2, 9).concat(new Array<number>(16).fill(1))),
      'c-idx2-ubyte': idxFile([2, 3], [1, 2, 3, 4, 5, 6]),
    });
    const dataset = await importFrom(folder);
    expect(dataset.sampleCount).toBe(6);
    expect(dataset.issues.map(({ file, message }) => [file, message])).toEqual([
      [
        'c-idx2-ubyte',
        'The array has 2 dimensions (2 × 3); images need count × height × width, with 1 or 3 colors behind.',
      ],
      [
        'b-images-idx3-ubyte',
        'Its images are 9 × 8, those of “a-images-idx3-ubyte” are 8 × 8. Import it as a dataset of its own.',
      ],
    ]);
  });

  it('has to have images among it', async () => {
    const folder = await folderOf({ 'train-labels-idx1-ubyte': idxFile([2], [0, 1]) });
    expect(await failureOf(importFrom(folder, { format: 'idx' }))).toMatchObject({
      code: 'dataset.empty',
      message: 'There is no IDX file of images here, only labels or other data.',
    });
  });

  it('is told of labels that are cut off, and labels may be numbers to predict', async () => {
    const folder = await folderOf({
      'a-images-idx3-ubyte': idxFile([8, 8, 8], images(8, 0)),
      'a-labels-idx1-ubyte': idxFile([8], [10, 20, 30]),
    });
    const dataset = await importFrom(folder, { target: 'number' });
    expect([...dataset.samples.numbers!].slice(0, 4)).toEqual([10, 20, 30, NaN]);
    expect(dataset.issues[0]).toMatchObject({
      file: 'a-labels-idx1-ubyte',
      message: 'The file is cut off or damaged: it holds 3 of 8 labels. Copy it again from its source.',
      row: 3,
    });
  });
});
