/** Looks at many image files and decodes them, side by side: a few on this thread, more on all cores. */
import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describeFileError } from '../reading/issues.ts';
import type { ListedFile } from '../reading/listing.ts';
import { reusedThreads, threadCount, type Threads } from '../threads.ts';
import { decodeImage } from './formats/decode.ts';
import type { ImageHeader } from './formats/file-kind.ts';
import { createMemoryBudget } from './memory-budget.ts';
import { IN_MEMORY_BYTES, lookAt, type LookedAt, type Problem } from './read-file.ts';
import { FileProblem } from '../problem.ts';
import type { StoredShape } from './formats/stored-size.ts';

export interface ImageToDecode {
  /** As it is named to a person, and where it lies. */
  path: string;
  absolute: string;
  fileBytes: number;
  header: ImageHeader;
  /** The whole file where it was read already. */
  bytes: Uint8Array | null;
}

export type DecodedImage =
  { pixels: Uint8Array; digest: string; clear: boolean; problem: null } | { pixels: null; problem: Problem };

/** What a thread is asked for. */
export type ImageRequest =
  | { kind: 'look'; files: readonly ListedFile[] }
  | { kind: 'decode'; images: readonly ImageToDecode[]; stored: StoredShape };

export interface Decoding {
  /** Files that are best worked on at once, and batches that are best under way. */
  readonly batch: number;
  readonly inFlight: number;
  /** Headers. The bytes of small files come with them, those of one call in one piece of memory. */
  look(files: readonly ListedFile[]): Promise<(LookedAt | Problem)[]>;
  /** Bytes are handed over with the memory that they lie in: those of one `look` go into one call. */
  decode(images: readonly ImageToDecode[], stored: StoredShape): Promise<DecodedImage[]>;
  close(): Promise<void>;
}

/** Fewer are decoded sooner than threads have started. */
const FEWEST_IMAGES = 300;
const BATCH = 16;
/** Files and pixels of all images that are under way together, on all threads. */
const MEMORY_BYTES = 512 * 2 ** 20;
const memory = createMemoryBudget(MEMORY_BYTES / threadCount());

const takeThreads = reusedThreads({
  beside: import.meta.url,
  bundle: 'images',
  count: threadCount(),
  dataOf: () => null,
});

export function createDecoding(count: number, signal: AbortSignal): Decoding {
  if (count < FEWEST_IMAGES) {
    return {
      batch: 1,
      inFlight: 2 * threadCount() + 2,
      look: (files) => Promise.all(files.map((file) => lookAt(file))),
      decode: (images, stored) => Promise.all(images.map((image) => decodeOne(image, stored))),
      close: () => Promise.resolve(),
    };
  }
  const threads = takeThreads(signal);
  return { batch: BATCH, inFlight: 2 * threadCount(), ...onThreads(threads), close: threads.close };
}

function onThreads({ ask }: Threads): Pick<Decoding, 'look' | 'decode'> {
  const request = <Answer>(what: ImageRequest, transfer: readonly ArrayBuffer[] = []) =>
    ask<Answer>(what, transfer);
  return {
    look: (files) => request({ kind: 'look', files }),
    // Bytes are handed over, not copied: nobody here looks at them again.
    decode: (images, stored) =>
      request({ kind: 'decode', images, stored }, [
        ...new Set(images.flatMap(({ bytes }) => (bytes ? [bytes.buffer as ArrayBuffer] : []))),
      ]),
  };
}

/** Equal for equal pixels alone, as far as anybody knows. */
export const digestOf = (pixels: Uint8Array): string => hash('sha256', pixels, 'base64').slice(0, 22);

/** What is wrong with the file is part of the answer. */
export async function decodeOne(
  { path, absolute, header, bytes, fileBytes }: ImageToDecode,
  stored: StoredShape,
): Promise<DecodedImage> {
  try {
    const isHeld = bytes !== null || fileBytes <= IN_MEMORY_BYTES || header.kind === 'bmp';
    const values = header.width * header.height * Math.max(header.bands ?? 0, header.grey ? 1 : 4);
    const needed = values * (header.bits / 8) + (isHeld ? fileBytes : 0);
    const { pixels, clear } = await memory.within(needed, async () => {
      const held = bytes && Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
      return decodeImage(held ?? (isHeld ? await readFile(absolute) : absolute), header, stored);
    });
    return { pixels, digest: digestOf(pixels), clear, problem: null };
  } catch (error) {
    const problem =
      error instanceof FileProblem
        ? { reason: error.reason, message: error.message }
        : describeFileError(error, path);
    return { pixels: null, problem };
  }
}
