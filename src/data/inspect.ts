/** What an import would find at a path, before it starts. */
import { stat } from 'node:fs/promises';
import type { ImportOptions, Inspection } from '../contract/index.ts';
import { importSchema } from '../contract/recipe/recipe.ts';
import { listFiles, systemWords } from './reading/listing.ts';
import { ownOptions, unheededOptions } from './reading/own-options.ts';
import { otherFormats } from './reading/other-formats.ts';
import { describeContent, readers, recogniseReader } from './readers/registry.ts';

/** Looking stops here: it has to answer while somebody waits. */
export const MOST_FILES = 50_000;
const MOST_SIZES = 5_000;

/**
 * @param options What the import would be told, paths absolute.
 * @throws PretextError `path.missing`, `path.no-permission`, and for options that cannot be used
 */
export async function inspect(
  path: string,
  options: ImportOptions = importSchema.parse({ path }),
): Promise<Inspection> {
  const listing = await listFiles(path, MOST_FILES);
  const reader = listing.files.length > 0 ? await recogniseReader(listing, options.format) : null;
  const found = reader
    ? await reader.inspect(listing, options, ownOptions(reader, options))
    : { classes: [], notes: [] };
  const notes = reader ? [...found.notes] : [describeContent(listing)];
  if (listing.cut) notes.push(`There are more than ${MOST_FILES} files; only the first were looked at.`);
  for (const folder of listing.unreadable) notes.push(`The folder “${folder.path}” cannot be read.`);
  const left = systemWords(listing);
  if (left) notes.push(left);
  for (const option of reader ? unheededOptions(reader, options) : [])
    notes.push(`${option} does nothing here: “${reader!.title}” has no use for it.`);
  return {
    format: reader?.id ?? null,
    files: listing.files.length,
    bytes: await totalBytes(listing.files.map((file) => file.absolute)),
    columns: [],
    exampleRows: [],
    folders: null,
    splits: null,
    unlabeled: 0,
    labelsFrom: 'nothing',
    grid: [],
    tableColumns: [],
    signalKind: null,
    preparation: null,
    ...found,
    doubts: [
      ...(found.doubts ?? []),
      ...(reader ? otherFormats(listing, reader, readers, options.labels) : []),
    ],
    notes,
    complete: !listing.cut,
  };
}

/** Of very many files, the first ones stand for all. */
async function totalBytes(files: string[]): Promise<number> {
  let sum = 0;
  const counted = files.slice(0, MOST_SIZES);
  for (let first = 0; first < counted.length; first += 64) {
    const sizes = counted.slice(first, first + 64).map((file) =>
      stat(file).then(
        (found) => found.size,
        () => 0,
      ),
    );
    for (const size of await Promise.all(sizes)) sum += size;
  }
  return counted.length === 0 ? 0 : Math.round((sum * files.length) / counted.length);
}
