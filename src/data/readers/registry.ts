/** The formats that can be imported: one line each. */
import { PretextError } from '../../contract/errors.ts';
import type { ImportOptions } from '../../contract/index.ts';
import type { Listing } from '../reading/listing.ts';
import type { Reader } from '../reading/types.ts';
import { cifar } from './cifar.ts';
import { delimitedSignals } from './delimited-signals.ts';
import { idx } from './idx.ts';
import { imageFolder } from './image-folder.ts';

export const readers: readonly Reader[] = [idx, cifar, imageFolder, delimitedSignals];

/** The reader that is named, else the one that fits best; null when none does. */
export async function findReader(listing: Listing, format: ImportOptions['format']): Promise<Reader | null> {
  const named = readers.find((reader) => reader.id === format);
  if (named) return named;
  let best: Reader | null = null;
  let highest = 0;
  for (const reader of readers) {
    const certainty = await reader.recognise(listing);
    if (certainty > highest) {
      highest = certainty;
      best = reader;
    }
  }
  return best;
}

/** @throws PretextError `import.unknown-format` */
export async function chooseReader(listing: Listing, format: ImportOptions['format']): Promise<Reader> {
  const reader = await findReader(listing, format);
  if (reader) return reader;
  throw new PretextError({
    code: 'import.unknown-format',
    message: describeContent(listing),
    place: listing.path,
    remedy:
      'Choose a folder of images, IDX or CIFAR files, or text files of signals; or name the format if this is one of them.',
  });
}

/** "This folder holds 3 PDF files and no images." */
export function describeContent(listing: Listing): string {
  const counts = new Map<string, number>();
  for (const file of listing.files) {
    const kind = /\.([a-z0-9]{1,8})$/i.exec(file.path)?.[1]?.toUpperCase() ?? 'other';
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const what = listing.isFile ? 'file' : 'folder';
  if (counts.size === 0) return `This ${what} is empty.`;
  if (listing.isFile) return `This file is neither an image, nor IDX or CIFAR data, nor a table of numbers.`;
  const kinds = [...counts]
    .sort((first, second) => second[1] - first[1])
    .slice(0, 4)
    .map(([kind, count]) => `${count} ${kind} ${count === 1 ? 'file' : 'files'}`);
  const more = counts.size > 4 ? ' and others' : '';
  return `This folder holds ${kinds.join(', ')}${more}, and no images or signals that can be read.`;
}
