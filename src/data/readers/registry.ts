/** The formats that can be imported: one line each. */
import type { Modality } from '../../contract/data/modality.ts';
import { PretextError } from '../../contract/errors.ts';
import type { Listing } from '../reading/listing.ts';
import type { Reader } from '../reading/types.ts';
import { arrowTable } from './arrow-table.ts';
import { brainvision } from './brainvision.ts';
import { cifar } from './cifar.ts';
import { delimitedSignals } from './delimited-signals.ts';
import { delimitedTable } from './delimited-table.ts';
import { edf } from './edf.ts';
import { eeglab } from './eeglab.ts';
import { idx } from './idx.ts';
import { imageFolder } from './image-folder.ts';
import { matlab } from './matlab.ts';
import { npzTable } from './npz-table.ts';
import { numpy } from './numpy.ts';
import { parquetSignals } from './parquet-signals.ts';
import { parquetTable } from './parquet-table.ts';
import { sqliteTable } from './sqlite-table.ts';
import { ucrArchive } from './ucr-archive.ts';
import { wav } from './wav.ts';
import { wfdb } from './wfdb.ts';
import { xlsxTable } from './xlsx-table.ts';

/** In the order in which they are offered. Tests add readers of their own. */
export const readers: Reader[] = [
  imageFolder,
  delimitedSignals,
  delimitedTable,
  xlsxTable,
  parquetTable,
  arrowTable,
  sqliteTable,
  npzTable,
  edf,
  brainvision,
  eeglab,
  wfdb,
  matlab,
  numpy,
  wav,
  parquetSignals,
  ucrArchive,
  idx,
  cifar,
];

/** The reader of an id; undefined where there is none. */
export const findReader = (id: string): Reader | undefined => readers.find((reader) => reader.id === id);

/**
 * The reader that is named, else the one that is surest; null where none is.
 * @param modality where it is known: readers of this kind come before others, however sure these are
 * @throws PretextError `import.no-such-format` for a name that no reader has
 */
export async function recogniseReader(
  listing: Listing,
  format: string,
  modality?: Modality,
): Promise<Reader | null> {
  if (format !== 'auto') return findReader(format) ?? refuseFormat(format);
  let best: Reader | null = null;
  let highest = 0;
  for (const reader of readers) {
    const found = await reader.recognise(listing);
    const isOfKind = modality !== undefined && reader.modalities.includes(modality);
    const certainty = found > 0 && isOfKind ? 1 + found : found;
    if (certainty > highest) {
      highest = certainty;
      best = reader;
    }
  }
  return best;
}

function refuseFormat(format: string): never {
  throw new PretextError({
    code: 'import.no-such-format',
    message: `There is no format “${format}”.`,
    remedy: `Choose one of: auto, ${readers.map(({ id }) => id).join(', ')}.`,
  });
}

/** @throws PretextError `import.unknown-format`, `import.no-such-format` */
export async function chooseReader(listing: Listing, format: string, modality?: Modality): Promise<Reader> {
  const reader = await recogniseReader(listing, format, modality);
  if (reader) return reader;
  throw new PretextError({
    code: 'import.unknown-format',
    message: describeContent(listing),
    place: listing.path,
    remedy: `Choose data of a format that can be read (${titles(modality)}), or name the format if this is one of them.`,
  });
}

/** Of the kind that is wanted, where one is. */
const titles = (modality: Modality | undefined): string =>
  readers
    .filter(({ modalities }) => modality === undefined || modalities.includes(modality))
    .map(({ title }) => title)
    .join('; ');

/** "This folder holds 3 PDF files and no images." */
export function describeContent(listing: Listing): string {
  const counts = new Map<string, number>();
  for (const file of listing.files) {
    const kind = /\.([a-z0-9]{1,8})$/i.exec(file.path)?.[1]?.toUpperCase() ?? 'other';
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const what = listing.isFile ? 'file' : 'folder';
  if (counts.size === 0) return `This ${what} is empty.`;
  if (listing.isFile) return `This file is of no format that is known.`;
  const kinds = [...counts]
    .sort((first, second) => second[1] - first[1])
    .slice(0, 4)
    .map(([kind, count]) => `${count} ${kind} ${count === 1 ? 'file' : 'files'}`);
  const more = counts.size > 4 ? ' and others' : '';
  return `This folder holds ${kinds.join(', ')}${more}, and no data of a format that is known.`;
}
