import { describe, expect, it } from 'vitest';
import { inspect } from '../../../../src/data/inspect.ts';
import { cifar } from '../../../../src/data/readers/cifar.ts';
import { listFiles } from '../../../../src/data/reading/listing.ts';
import { failureOf, folderOf, importFrom } from '../../../fixtures/imports.ts';

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

  it('call classes by their numbers where no file names them, and say of an empty file that it is', async () => {
    const folder = await folderOf({
      'data_batch_1.bin': Buffer.concat(Array.from({ length: 8 }, (_, at) => record([at % 3], at))),
      'data_batch_2.bin': '',
    });
    const dataset = await importFrom(folder);
    expect(dataset.classes.map(({ name }) => name)).toEqual(['0', '1', '2']);
    expect(dataset.issues).toMatchObject([
      { file: 'data_batch_2.bin', reason: 'empty', message: 'The file is empty (0 bytes). Copy it again.' },
    ]);
  });

  it('say before an import how many images they hold, and of which classes', async () => {
    const folder = await folderOf({
      'data_batch_1.bin': Buffer.concat([record([0], 1), record([1], 2), record([1], 3).subarray(0, 50)]),
      'batches.meta.txt': 'airplane\nautomobile\n',
    });
    const found = await inspect(folder);
    expect(found.format).toBe('cifar');
    expect(found.notes[0]).toBe('“data_batch_1.bin”: 2 images of 32 × 32 in color.');
    expect(found.classes.map(({ name }) => name)).toEqual(['airplane', 'automobile']);
  });

  it('hold no numbers to predict', async () => {
    const folder = await folderOf({ 'test_batch.bin': record([0], 1) });
    expect(await failureOf(importFrom(folder, { format: 'cifar', target: 'number' }))).toMatchObject({
      code: 'import.no-numbers',
      message: 'CIFAR files hold classes, not numbers to predict.',
      remedy: 'Set target to “classes”.',
    });
  });

  it('are recognised by names and size, cut-off ones of CIFAR-10 by their names', async () => {
    const sureOf = async (files: Record<string, Uint8Array | string>) =>
      cifar.recognise(await listFiles(await folderOf(files)));
    expect(await sureOf({ 'test_batch.bin': record([0], 1) })).toBe(1);
    expect(await sureOf({ 'train.bin': record([0, 1], 1) })).toBe(1);
    expect(await sureOf({ 'data_batch_3.bin': 'cut' })).toBe(0.9);
    expect(await sureOf({ 'train.bin': 'anything else' })).toBe(0);
    expect(await sureOf({ 'weights.bin': record([0], 1) })).toBe(0);
  });
});
