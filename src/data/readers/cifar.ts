/** CIFAR-10 and CIFAR-100 in their binary versions (Krizhevsky, 2009): label bytes, then 3 × 32 × 32 pixels. */
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { openByteStream } from '../byte-stream.ts';
import { PretextError } from '../../contract/errors.ts';
import { storeArrays, type ArraySample } from '../images/arrays.ts';
import type { IssueList } from '../reading/issues.ts';
import type { ListedFile, Listing } from '../reading/listing.ts';
import { SampleTable } from '../reading/sample-table.ts';
import { defineReader, type ReadResult } from '../reading/types.ts';

const SIDE = 32;
const PLANE = SIDE * SIDE;
const TRAIN_10 = /^data_batch_\d+\.bin$/i;
const TEST_10 = /^test_batch\.bin$/i;
const TRAIN_100 = /^train\.bin$/i;
const TEST_100 = /^test\.bin$/i;

interface Part {
  file: ListedFile;
  split: 0 | 2;
  /** Label bytes before the pixels: one, or coarse and fine. */
  labelBytes: 1 | 2;
}

export const cifar = defineReader({
  id: 'cifar',
  title: 'CIFAR binary batches',
  summary:
    'CIFAR-10 or CIFAR-100 in the binary version: data_batch_1.bin and others, names of classes from the text file beside them.',
  modalities: ['image'],
  extensions: ['bin'],
  heeds: ['target', 'images.size', 'images.color'],
  async recognise(listing) {
    const parts = partsOf(listing);
    for (const part of parts) {
      const { size } = await stat(part.file.absolute);
      if (size > 0 && size % recordBytes(part) === 0) return 1;
    }
    // Cut-off batches still carry unmistakable names.
    return parts.some((part) => part.labelBytes === 1) ? 0.9 : 0;
  },
  async inspect(listing) {
    const parts = partsOf(listing);
    const names = await classNames(parts);
    const notes: string[] = [];
    for (const part of parts) {
      const { size } = await stat(part.file.absolute);
      notes.push(`“${part.file.path}”: ${Math.floor(size / recordBytes(part))} images of 32 × 32 in color.`);
    }
    return {
      classes: names.map((name) => ({ name, files: 0 })),
      columns: [],
      exampleRows: [],
      notes,
      doubts: [],
      grid: [],
    };
  },
  async read(request): Promise<ReadResult> {
    const { listing, issues, options } = request;
    if (options.target === 'number') throw numberTarget(listing.path);
    const parts = partsOf(listing);
    const names = await classNames(parts);
    const table = new SampleTable();
    table.describe = (file, row) => `${file} #${row}`;
    async function* samples(): AsyncGenerator<ArraySample> {
      for (const part of parts) {
        const file = table.addFile({ path: part.file.path, folderSplit: part.split, columns: {} });
        for await (const { pixels, row, label } of readPart(part, issues)) {
          const name = names[label] ?? String(label);
          yield { pixels, file, row, label: table.labelId(name), number: NaN };
        }
      }
    }
    const sizes = await Promise.all(
      parts.map(async (part) => (await stat(part.file.absolute)).size / recordBytes(part)),
    );
    const total = sizes.reduce((sum, count) => sum + Math.floor(count), 0);
    const shape = await storeArrays(request, table, samples(), total, {
      height: SIDE,
      width: SIDE,
      channels: 3,
    });
    return { modality: 'image', shape, dtype: 'uint8', table, recordings: false };
  },
});

const recordBytes = (part: Part): number => part.labelBytes + 3 * PLANE;

/** Test files first, so that they stay when a training file holds the same picture. */
function partsOf(listing: Listing): Part[] {
  const parts = listing.files.flatMap((file): Part[] => {
    const name = basename(file.path);
    if (TEST_10.test(name)) return [{ file, split: 2, labelBytes: 1 }];
    if (TRAIN_10.test(name)) return [{ file, split: 0, labelBytes: 1 }];
    if (TEST_100.test(name)) return [{ file, split: 2, labelBytes: 2 }];
    return TRAIN_100.test(name) ? [{ file, split: 0, labelBytes: 2 }] : [];
  });
  return parts.sort((first, second) => second.split - first.split);
}

/** Names from the text file beside the batches; without one, classes are called by their numbers. */
async function classNames(parts: Part[]): Promise<string[]> {
  const first = parts[0];
  if (!first) return [];
  const name = first.labelBytes === 1 ? 'batches.meta.txt' : 'fine_label_names.txt';
  try {
    const text = await readFile(join(dirname(first.file.absolute), name), 'utf8');
    return text.trim().split(/\s*\n\s*/);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

async function* readPart(
  part: Part,
  issues: IssueList,
): AsyncGenerator<{ pixels: Uint8Array; row: number; label: number }> {
  const stream = await openByteStream(part.file.absolute);
  try {
    for (let row = 0; ; row += 1) {
      const record = await stream.read(recordBytes(part));
      if (record.length === 0) {
        if (row === 0)
          issues.leaveOut(part.file.path, 'empty', 'The file is empty (0 bytes). Copy it again.');
        return;
      }
      if (record.length < recordBytes(part)) {
        issues.leaveOut(
          part.file.path,
          'broken',
          `The file is cut off in image ${row}: ${record.length} of ${recordBytes(part)} bytes are there. Copy it again from its source.`,
          row,
        );
        return;
      }
      yield {
        pixels: interleave(record.subarray(part.labelBytes)),
        row,
        label: record[part.labelBytes - 1] ?? 0,
      };
    }
  } finally {
    await stream.close();
  }
}

/** Planes of red, green and blue to pixels. */
function interleave(planes: Uint8Array): Uint8Array {
  const pixels = new Uint8Array(3 * PLANE);
  for (let pixel = 0; pixel < PLANE; pixel += 1) {
    pixels[3 * pixel] = planes[pixel] ?? 0;
    pixels[3 * pixel + 1] = planes[PLANE + pixel] ?? 0;
    pixels[3 * pixel + 2] = planes[2 * PLANE + pixel] ?? 0;
  }
  return pixels;
}

function numberTarget(path: string): PretextError {
  return new PretextError({
    code: 'import.no-numbers',
    message: 'CIFAR files hold classes, not numbers to predict.',
    place: path,
    remedy: 'Set target to “classes”.',
  });
}
