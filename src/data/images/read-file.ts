/** A first look at an image file: its header, in bounded memory. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { describeFileError } from '../reading/issues.ts';
import type { ListedFile } from '../reading/listing.ts';
import { readHeader } from './formats/decode.ts';
import { describeOther, kindOfContent, kindOfName, type ImageHeader } from './formats/file-kind.ts';
import { quickHeader } from './formats/quick-header.ts';
import { createMemoryBudget } from './memory-budget.ts';
import { FileProblem } from '../problem.ts';

export interface Problem {
  reason: string;
  message: string;
}

export interface LookedAt {
  header: ImageHeader;
  fileBytes: number;
  /** Null: not read whole, or too large to be kept. */
  bytes: Uint8Array | null;
}

/** An open file, read piece by piece. */
interface OpenFile {
  readAt(target: Buffer, position: number): Promise<number> | number;
  size(): Promise<number> | number;
  close(): Promise<void> | void;
}

export type OpenImage = (absolute: string) => Promise<OpenFile> | OpenFile;

/** While this thread goes on with other work. */
const inBackground: OpenImage = async (absolute) => {
  const handle = await open(absolute);
  return {
    readAt: async (target, position) => (await handle.read(target, 0, target.length, position)).bytesRead,
    size: async () => (await handle.stat()).size,
    close: () => handle.close(),
  };
};

/** For a thread that has nothing else to do: of a small file, waking another one costs more than the reading. */
export const atOnce: OpenImage = (absolute) => {
  const file = openSync(absolute, 'r');
  return {
    readAt: (target, position) => readSync(file, target, 0, target.length, position),
    size: () => fstatSync(file).size,
    close: () => closeSync(file),
  };
};

/** Larger files are read by the image library as it needs them, and never held as a whole. */
export const IN_MEMORY_BYTES = 16 * 2 ** 20;
const LARGEST_FILE_BYTES = 4 * 2 ** 30;
/** Of larger ones that say early what they are, no more is read than that. */
const KEPT_BYTES = 256 * 1024;
/** Files that are looked at together. */
const MEMORY_BYTES = 512 * 2 ** 20;
const START_BYTES = 512;
/** Read at once of every file; most small pictures are no longer. */
const FIRST_BYTES = 32 * 1024;

const memory = createMemoryBudget(MEMORY_BYTES);

/** The header, with the bytes of a small file; what is wrong with the file where it is no image that can be read. */
export async function lookAt(
  file: ListedFile,
  openImage: OpenImage = inBackground,
): Promise<LookedAt | Problem> {
  try {
    const opened = await openImage(file.absolute);
    try {
      const first = Buffer.allocUnsafe(FIRST_BYTES);
      const bytesRead = await opened.readAt(first, 0);
      const start = first.subarray(0, bytesRead);
      if (bytesRead === 0)
        return { reason: 'empty', message: 'The file is empty (0 bytes). Copy it again from its source.' };
      // Most files end before the buffer does: neither their size nor a second look is asked for.
      if (bytesRead < FIRST_BYTES) return await lookInto(file, { opened, start, size: bytesRead });
      const size = await opened.size();
      const needed = size <= IN_MEMORY_BYTES ? size : START_BYTES;
      return await memory.within(needed, () => lookInto(file, { opened, start, size }));
    } finally {
      await opened.close();
    }
  } catch (error) {
    return problemOf(error, file);
  }
}

interface BegunFile {
  opened: OpenFile;
  /** The first bytes of the file; all of a small one. */
  start: Buffer;
  size: number;
}

async function lookInto(file: ListedFile, { opened, start, size }: BegunFile): Promise<LookedAt | Problem> {
  const isSmall = size <= IN_MEMORY_BYTES;
  const readAt = async (position: number, count: number) => {
    const part = Buffer.alloc(Math.max(0, Math.min(count, size - position)));
    return part.subarray(0, await opened.readAt(part, position));
  };
  // A file that is not named like an image may be anything, of any size: its first bytes come first.
  const kind = kindOfContent(start);
  if (kind === null) {
    const other = describeOther(start.subarray(0, START_BYTES));
    const message =
      kindOfName(file.path) === null
        ? `This is not an image that is read, but ${other}.`
        : `The name says image, but the content is ${other}. Save it as PNG or JPEG, or remove it.`;
    return { reason: 'not-an-image', message };
  }
  if (size > LARGEST_FILE_BYTES || (kind === 'bmp' && !isSmall && size > MEMORY_BYTES)) {
    const message = `The file has ${(size / 2 ** 30).toFixed(1)} GiB; at most ${LARGEST_FILE_BYTES / 2 ** 30} GiB are read. Cut or shrink the picture.`;
    return { reason: 'too-large', message };
  }
  const isPlain = size > KEPT_BYTES && quickHeader(start, kind) !== null;
  const bytes = !isSmall || isPlain ? null : start.length === size ? start : await readAt(0, size);
  const read = bytes
    ? (position: number, count: number) => Promise.resolve(bytes.subarray(position, position + count))
    : readAt;
  return {
    header: await readHeader(bytes ?? file.absolute, kind, { start, read, fileBytes: size }),
    fileBytes: size,
    bytes,
  };
}

function problemOf(error: unknown, file: ListedFile): Problem {
  if (error instanceof FileProblem) return { reason: error.reason, message: error.message };
  return describeFileError(error, file.path);
}
