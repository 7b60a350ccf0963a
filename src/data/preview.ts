/** A stretch of a recording as an import would prepare it, before anything is stored. */
import type { ImportOptions } from '../contract/index.ts';
import type { PreparationPreview, PreviewWish } from '../contract/data/recordings/preparation-preview.ts';
import { PretextError } from '../contract/errors.ts';
import { MOST_FILES } from './inspect.ts';
import { chooseReader } from './readers/registry.ts';
import { listFiles } from './reading/listing.ts';
import { ownOptions } from './reading/own-options.ts';

/** @throws PretextError `import.no-preparation` for formats that are stored as they are */
export async function previewPreparation(
  path: string,
  options: ImportOptions,
  wish: PreviewWish,
): Promise<PreparationPreview> {
  const listing = await listFiles(path, MOST_FILES);
  const reader = await chooseReader(listing, options.format);
  if (reader.preview) return reader.preview(listing, options, ownOptions(reader, options), wish);
  throw new PretextError({
    code: 'import.no-preparation',
    message: `“${reader.title}” is stored as it is: nothing is prepared.`,
    place: path,
  });
}
