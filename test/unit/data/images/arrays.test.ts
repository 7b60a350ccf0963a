import { gzipSync } from 'node:zlib';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inspect } from '../../../../src/data/inspect.ts';
import { failureOf, folderOf, importFrom } from '../../../fixtures/imports.ts';

/** An IDX file: 00 00 type dimensions, sides as big-endian numbers, bytes. */
function idx(sides: number[], bytes: number[], type = 8): Buffer {
  const header = Buffer.alloc(4 + 4 * sides.length);
  header.set([0, 0, type, sides.length]);
  sides.forEach((side, at) => header.writeUInt32BE(side, 4 + 4 * at));
  return Buffer.concat([header, Buffer.from(bytes)]);
}
const image = (first: number, side = 8) =>
  Array.from({ length: side * side }, (_, at) => (first * 41 + at * 3) % 256);
const images = (count: number, from: number) =>
  Array.from({ length: count }, (_, at) => image(from + at)).flat();

describe('IDX files', () => {
  const train = idx([20, 8, 8], images(20, 0));
  const trainLabels = idx(
    [20],
    Array.from({ length: 20 }, (_, at) => at % 2),
  );
  const test = idx([4, 8, 8], images(4, 50));
  const testLabels = idx([4], [1, 0, 1, 0]);

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
      'a-labels-idx1-ubyte': idx(
        [18],
        Array.from({ length: 18 }, () => 1),
      ),
    });
    const dataset = await importFrom(folder);
    expect(dataset.labeledCount).toBe(18);
    expect(dataset.issues).toMatchObject([{ reason: 'counts-differ' }]);
  });

  it('are refused with what was found', async () => {
    const other = await folderOf({ 'train-images-idx3-ubyte': idx([1, 8, 8], image(1), 0x0d) });
    expect((await failureOf(importFrom(other, { format: 'idx' }))).message).toContain('32-bit float');
    const wrong = await folderOf({ 'train-images-idx3-ubyte': 'hello, this is text' });
    expect((await failureOf(importFrom(wrong, { format: 'idx' }))).message).toContain('68656c6c');
  });

  it('are resized and colored when asked to', async () => {
    const folder = await folderOf({
      'train-images-idx3-ubyte': idx([2, 8, 8], [...Array(64).fill(9), ...Array(64).fill(200)]),
    });
    const dataset = await importFrom(folder, { images: { size: 16, color: 'color' } });
    expect(dataset.shape).toEqual([16, 16, 3]);
    expect(dataset.sample('train-images-idx3-ubyte #1')).toEqual(Array(768).fill(200));
  });
});

describe('IDX headers that claim what cannot be', () => {
  it('are told before anything is read: no values, too many, more than the file could hold', async () => {
    const claims = (sides: number[]) =>
      folderOf({ 'train-images-idx3-ubyte': idx(sides, new Array<number>(64).fill(0)) }).then((folder) =>
        failureOf(importFrom(folder)),
      );
    expect((await claims([1, 0, 8])).message).toContain('0 × 8 values');
    expect((await claims([1, 60_000, 60_000])).message).toContain('at most 300 million values');
    expect((await claims([4_000_000_000, 8, 8])).message).toContain('cannot be in a file of 80 bytes');
  });
});

describe('CIFAR files', () => {
  /** Planes of red, green and blue: red holds the seed, green counts pixels, blue is 7. */
  const record = (labels: number[], seed: number) =>
    Buffer.from([
      ...labels,
      ...Array(1024).fill(seed),
      ...Array.from({ length: 1024 }, (_, at) => at % 256),
      ...Array(1024).fill(7),
    ]);

  it('of CIFAR-10 give pixels with color last, named classes and the test split', async () => {
    const folder = await folderOf({
      'data_batch_1.bin': Buffer.concat(Array.from({ length: 10 }, (_, at) => record([at % 2], at))),
      'data_batch_2.bin': Buffer.concat(Array.from({ length: 10 }, (_, at) => record([at % 2], 10 + at))),
      'test_batch.bin': Buffer.concat([record([0], 100), record([1], 101)]),
      'batches.meta.txt': 'airplane\nautomobile\n\n',
      'readme.html': '<html></html>',
    });
    const dataset = await importFrom(folder);
    expect(dataset).toMatchObject({ format: 'cifar', shape: [32, 32, 3], sampleCount: 22 });
    expect(dataset.classes.map(({ name, test }) => [name, test])).toEqual([
      ['airplane', 1],
      ['automobile', 1],
    ]);
    const pixels = dataset.sample('data_batch_2.bin #3');
    expect(pixels.slice(0, 6)).toEqual([13, 0, 7, 13, 1, 7]);
    expect(pixels.slice(-3)).toEqual([13, 255, 7]);
    expect(dataset.labelOf('data_batch_2.bin #3')).toBe('automobile');
  });

  it('of CIFAR-100 take the fine label, and tell where a file is cut off', async () => {
    const folder = await folderOf({
      'train.bin': Buffer.concat([
        ...Array.from({ length: 8 }, (_, at) => record([1, at % 2], at)),
        record([0, 0], 9).subarray(0, 99),
      ]),
      'test.bin': record([1, 1], 50),
      'fine_label_names.txt': 'apple\naquarium_fish\n',
    });
    const dataset = await importFrom(folder, { format: 'cifar' });
    expect(dataset.labelOf('train.bin #1')).toBe('aquarium_fish');
    expect(dataset.issues).toMatchObject([{ file: 'train.bin', row: 8, reason: 'broken' }]);
    expect(dataset.sampleCount).toBe(9);
  });
});
