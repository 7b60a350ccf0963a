/** A first look at an image file: its header, in bounded memory. */
import { open, stat, type FileHandle } from 'node:fs/promises';
import { describeFileError } from '../reading/issues.ts';
import type { ListedFile } from '../reading/listing.ts';
import { readHeader } from './formats/decode.ts';
import { describeOther, kindOfContent, kindOfName, type ImageHeader } from './formats/file-kind.ts';
import { createMemoryBudget } from './memory-budget.ts';
import { FileProblem } from '../problem.ts';

export interface Problem {
  reason: string;
  message: string;
}

export interface LookedAt {
  header: ImageHeader;
  fileBytes: number;
  /** Null: too large to be kept. */
  bytes: Buffer | null;
}

/** Larger files are read by the image library as it needs them, and never held as a whole. */
export const IN_MEMORY_BYTES = 16 * 2 ** 20;
const LARGEST_FILE_BYTES = 4 * 2 ** 30;
/** Files that are looked at together. */
const MEMORY_BYTES = 512 * 2 ** 20;
const START_BYTES = 512;

const memory = createMemoryBudget(MEMORY_BYTES);

/** The header, with the bytes of a small file; what is wrong with the file where it is no image that can be read. */
export async function lookAt(file: ListedFile): Promise<LookedAt | Problem> {
  try {
    const { size } = await stat(file.absolute);
    if (size === 0)
      return { reason: 'empty', message: 'The file is empty (0 bytes). Copy it again from its source.' };
    const isSmall = size <= IN_MEMORY_BYTES;
    return await memory.within(isSmall ? size : START_BYTES, async () => {
      const handle = await open(file.absolute);
      try {
        return await lookInto(file, handle, size, isSmall);
      } finally {
        await handle.close();
      }
    });
  } catch (error) {
    return problemOf(error, file);
  }
}

async function lookInto(
  file: ListedFile,
  handle: FileHandle,
  size: number,
  isSmall: boolean,
): Promise<LookedAt | Problem> {
  const readAt = async (position: number, count: number) => {
    const part = Buffer.alloc(Math.max(0, Math.min(count, size - position)));
    const { bytesRead } = await handle.read(part, 0, part.length, position);
    return part.subarray(0, bytesRead);
  };
  // A file that is not named like an image may be anything, of any size: its first bytes come first.
  const start = await readAt(0, START_BYTES);
  const kind = kindOfContent(start);
  if (kind === null) {
    const other = describeOther(start);
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
  const bytes = isSmall ? await readAt(0, size) : null;
  const read = bytes
    ? (position: number, count: number) => Promise.resolve(bytes.subarray(position, position + count))
    : readAt;
  return {
    header: await readHeader(bytes ?? file.absolute, kind, { read, fileBytes: size }),
    fileBytes: size,
    bytes,
  };
}

function problemOf(error: unknown, file: ListedFile): Problem {
  if (error instanceof FileProblem) return { reason: error.reason, message: error.message };
  return describeFileError(error, file.path);
}
