/** IDX files (the format of MNIST), plain or gzip: an array of images and, beside it, one of labels. */
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseTargetNumber } from '../reading/annotations.ts';
import { PretextError } from '../../contract/errors.ts';
import { storeArrays, type ArraySample } from '../images/arrays.ts';
import { describeFileError, type IssueList } from '../reading/issues.ts';
import { splitOfName as splitOfFolder, type FolderSplit } from '../folders/names.ts';
import { naturalOrder, type ListedFile, type Listing } from '../reading/listing.ts';
import { openByteStream, type ByteStream } from '../byte-stream.ts';
import { SampleTable } from '../reading/sample-table.ts';
import { defineReader, type ReadResult } from '../reading/types.ts';
import { FileProblem } from '../problem.ts';

interface IdxHeader {
  type: number;
  sides: number[];
}

interface IdxFile {
  file: ListedFile;
  header: IdxHeader;
}

const TYPES: Record<number, { name: string; bytes: number }> = {
  0x08: { name: 'unsigned byte', bytes: 1 },
  0x09: { name: 'signed byte', bytes: 1 },
  0x0b: { name: '16-bit integer', bytes: 2 },
  0x0c: { name: '32-bit integer', bytes: 4 },
  0x0d: { name: '32-bit float', bytes: 4 },
  0x0e: { name: '64-bit float', bytes: 8 },
};
const MOST_VALUES = 300_000_000;
const IDX_NAME = /idx[1-4]|ubyte/i;

export const idx = defineReader({
  id: 'idx',
  title: 'IDX files (as MNIST)',
  summary:
    'Arrays of images with unsigned bytes, plain or .gz; labels from a second array beside each, such as train-labels-idx1-ubyte.',
  modalities: ['image'],
  extensions: ['idx3-ubyte', 'idx1-ubyte', 'idx', 'gz'],
  heeds: ['target', 'images.size', 'images.color'],
  async recognise(listing) {
    const named = listing.files.filter((file) => IDX_NAME.test(basename(file.path)));
    let isBroken = false;
    for (const file of named.length ? named : listing.isFile ? listing.files : []) {
      const header = await readHeader(file).catch((error: unknown) => {
        // A name that says IDX: what is wrong with it is told by the one who reads it.
        isBroken ||= named.length > 0 && error instanceof FileProblem;
        return null;
      });
      if (header && header.sides.length >= 3) return named.length ? 1 : 0.8;
    }
    return isBroken ? 0.4 : 0;
  },
  async inspect(listing) {
    const pairs = await findPairs(listing, null);
    return {
      classes: [],
      columns: [],
      exampleRows: [],
      doubts: [],
      grid: [],
      notes: pairs.map(({ images, labels }) => {
        const [count, ...sides] = images.header.sides;
        return `“${images.file.path}”: ${count} images of ${sides.join(' × ')}, ${labels ? `labels in “${labels.file.path}”` : 'no label file beside it'}.`;
      }),
    };
  },
  async read(request): Promise<ReadResult> {
    const { listing, issues, options } = request;
    const pairs = await findPairs(listing, issues);
    const first = pairs[0];
    if (!first) throw noImages(listing, issues);
    const [, height = 0, width = 0, channels = 1] = first.images.header.sides;
    const table = new SampleTable();
    table.describe = (file, row) => `${file} #${row}`;
    const fitting = pairs.filter((pair) => sameShape(pair.images, first.images, issues));
    const total = fitting.reduce((sum, pair) => sum + (pair.images.header.sides[0] ?? 0), 0);
    async function* samples(): AsyncGenerator<ArraySample> {
      for (const pair of fitting) {
        const split = splitOfName(pair.images.file.path);
        const file = table.addFile({ path: pair.images.file.path, folderSplit: split, columns: {} });
        for await (const { pixels, row, label } of readPair(pair, issues)) {
          const isNumber = options.target === 'number';
          yield {
            pixels,
            file,
            row,
            label: isNumber ? -1 : table.labelId(label),
            number: isNumber ? parseTargetNumber(label, `${pair.images.file.path} #${row}`, issues) : NaN,
          };
        }
      }
    }
    const shape = await storeArrays(request, table, samples(), total, {
      height,
      width,
      channels: channels === 3 ? 3 : 1,
    });
    return { modality: 'image', shape, dtype: 'uint8', table, recordings: false };
  },
});

interface Pair {
  images: IdxFile;
  labels: IdxFile | null;
}

/** Held-out files first, so that they stay when a training file holds the same picture. */
async function findPairs(listing: Listing, issues: IssueList | null): Promise<Pair[]> {
  // One file alone is asked for: its labels are looked for beside it.
  const files = listing.isFile ? [...listing.files, ...(await labelsBeside(listing))] : listing.files;
  const found: IdxFile[] = [];
  for (const file of files) {
    try {
      const header = await readHeader(file);
      if (header) found.push({ file, header });
    } catch (error) {
      const { reason, message } = error instanceof FileProblem ? error : describeFileError(error, file.path);
      issues?.leaveOut(file.path, reason, message);
    }
  }
  const labels = found.filter(({ header }) => header.sides.length === 1);
  const images = found.filter(({ header, file }) => {
    const [, , , channels = 1] = header.sides;
    const usable =
      header.sides.length === 3 || (header.sides.length === 4 && (channels === 1 || channels === 3));
    if (header.sides.length === 1 || usable) return usable;
    issues?.leaveOut(
      file.path,
      'unsupported',
      `The array has ${header.sides.length} dimensions (${header.sides.join(' × ')}); images need count × height × width, with 1 or 3 colors behind.`,
    );
    return false;
  });
  return images
    .map((image) => ({ images: image, labels: labelsFor(image, labels) }))
    .sort(
      (first, second) =>
        splitOfName(second.images.file.path) - splitOfName(first.images.file.path) ||
        naturalOrder(first.images.file.path, second.images.file.path),
    );
}

async function labelsBeside(listing: Listing): Promise<ListedFile[]> {
  const only = listing.files[0];
  if (!only) return [];
  const names = ['', '.gz'].flatMap((end) => {
    const name = basename(only.path)
      .replace(/\.gz$/i, '')
      .replace(/images/i, 'labels')
      .replace(/idx[34]/i, 'idx1');
    return name === basename(only.path).replace(/\.gz$/i, '') ? [] : [name + end];
  });
  const found: ListedFile[] = [];
  for (const name of names) {
    const file = { path: name, absolute: only.absolute.slice(0, -basename(only.absolute).length) + name };
    if (await readHeader(file).catch(() => null)) found.push(file);
  }
  return found.slice(0, 1);
}

/** "train-images-idx3-ubyte.gz" and "train-labels-idx1-ubyte" share the key "train". */
function pairKey(path: string): string {
  return path
    .toLowerCase()
    .replace(/\.gz$/, '')
    .replace(/images?|labels?|idx\d|ubyte|[-_.]/g, '');
}

function labelsFor(images: IdxFile, labels: IdxFile[]): IdxFile | null {
  const key = pairKey(images.file.path);
  return labels.find((candidate) => pairKey(candidate.file.path) === key) ?? null;
}

function splitOfName(path: string): FolderSplit {
  for (const word of path.split(/[-_./]/)) {
    const split = /^t10k$/i.test(word) ? 2 : splitOfFolder(word);
    if (split !== -1) return split;
  }
  return -1;
}

/** Null when the file is no IDX at all. @throws FileProblem when it is one that cannot be used */
async function readHeader(file: ListedFile): Promise<IdxHeader | null> {
  const stream = await openByteStream(file.absolute);
  try {
    const start = await stream.read(4);
    const named = IDX_NAME.test(basename(file.path));
    if (
      start.length < 4 ||
      start[0] !== 0 ||
      start[1] !== 0 ||
      !TYPES[start[2] ?? 0] ||
      !start[3] ||
      start[3] > 4
    ) {
      if (named) {
        throw new FileProblem(
          start.length === 0 ? 'empty' : 'broken',
          start.length === 0
            ? 'The file is empty (0 bytes). Copy it again from its source.'
            : `The file does not begin like IDX data (00 00, type, dimensions), but with ${start.toString('hex')}. Copy it again from its source.`,
        );
      }
      return null;
    }
    const type = TYPES[start[2] ?? 0];
    if (start[2] !== 0x08) {
      throw new FileProblem(
        'unsupported',
        `The array holds ${type?.name} values; only unsigned bytes are read.`,
      );
    }
    const rank = start[3];
    const sizes = await stream.read(4 * rank);
    if (sizes.length < 4 * rank)
      throw new FileProblem('broken', 'The file ends within its header. Copy it again.');
    const sides = Array.from({ length: rank }, (_, index) => sizes.readUInt32BE(4 * index));
    await requireSize(file, sides);
    return { type: 0x08, sides };
  } catch (error) {
    if (error instanceof FileProblem || (error as NodeJS.ErrnoException).code?.startsWith('E')) throw error;
    throw new FileProblem('broken', 'The gzip data is damaged. Copy the file again from its source.');
  } finally {
    await stream.close();
  }
}

/** Packed data are at most so many times longer than what they are packed in (RFC 1951). */
const MOST_PACKED = 1032;

/** A header may claim anything: what it claims is looked at before it is believed. */
async function requireSize(file: ListedFile, sides: readonly number[]): Promise<void> {
  const [count = 0, ...shape] = sides;
  const values = shape.reduce((product, side) => product * side, 1);
  const words = shape.join(' × ');
  if (values === 0)
    throw new FileProblem(
      'broken',
      `The header says that an image has ${words} values. Copy it again from its source.`,
    );
  if (values > MOST_VALUES)
    throw new FileProblem(
      'too-large',
      `The header claims images of ${words}; at most 300 million values are read.`,
    );
  const { size } = await stat(file.absolute);
  if (count * values > size * MOST_PACKED)
    throw new FileProblem(
      'broken',
      `The header claims ${count} × ${words || '1'} values, which cannot be in a file of ${size} bytes. Copy it again from its source.`,
    );
}

async function* readPair(
  { images, labels }: Pair,
  issues: IssueList,
): AsyncGenerator<{ pixels: Uint8Array; row: number; label: string | null }> {
  const [count = 0, ...sides] = images.header.sides;
  const sampleBytes = sides.reduce((product, side) => product * side, 1);
  // No more labels than images are of use, whatever their header claims.
  const values = labels === null ? null : await readLabels(labels, count, issues);
  if (labels && values && values.length !== count) {
    issues.note(
      labels.file.path,
      'counts-differ',
      `There are ${values.length} labels for ${count} images in “${images.file.path}”. Images without one are unlabeled.`,
    );
  }
  const stream = await openByteStream(images.file.absolute);
  try {
    await stream.read(4 + 4 * images.header.sides.length);
    for (let row = 0; row < count; row += 1) {
      const pixels = await readOrNull(stream, sampleBytes);
      if (pixels === null || pixels.length < sampleBytes) {
        issues.leaveOut(
          images.file.path,
          'broken',
          `The file is cut off or damaged: images ${row} to ${count - 1} of ${count} are missing. Copy it again from its source.`,
          row,
        );
        return;
      }
      yield { pixels, row, label: values && row < values.length ? String(values[row]) : null };
    }
  } finally {
    await stream.close();
  }
}

async function readLabels(labels: IdxFile, most: number, issues: IssueList): Promise<Uint8Array> {
  const count = Math.min(labels.header.sides[0] ?? 0, most + 1);
  const stream = await openByteStream(labels.file.absolute);
  try {
    await stream.read(8);
    const values = (await readOrNull(stream, count)) ?? new Uint8Array();
    if (values.length < count) {
      issues.leaveOut(
        labels.file.path,
        'broken',
        `The file is cut off or damaged: it holds ${values.length} of ${count} labels. Copy it again from its source.`,
        values.length,
      );
    }
    return values;
  } finally {
    await stream.close();
  }
}

/** Null where gzip data ends in the middle or fails its check. */
async function readOrNull(stream: ByteStream, count: number): Promise<Buffer | null> {
  try {
    return await stream.read(count);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code?.startsWith('Z_')) return null;
    throw error;
  }
}

function sameShape(pair: IdxFile, first: IdxFile, issues: IssueList): boolean {
  const shape = (file: IdxFile) => file.header.sides.slice(1).join(' × ');
  if (shape(pair) === shape(first)) return true;
  issues.leaveOut(
    pair.file.path,
    'other-shape',
    `Its images are ${shape(pair)}, those of “${first.file.path}” are ${shape(first)}. Import it as a dataset of its own.`,
  );
  return false;
}

function noImages(listing: Listing, issues: IssueList): PretextError {
  const problem = issues.all[0];
  return new PretextError({
    code: 'dataset.empty',
    message: problem
      ? `${problem.file}: ${problem.message}`
      : 'There is no IDX file of images here, only labels or other data.',
    place: listing.path,
    remedy: 'Choose the folder with the image file (such as train-images-idx3-ubyte.gz) and its label file.',
  });
}
