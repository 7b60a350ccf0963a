/** What an import of image files would find, from names alone. */
import { basename } from 'node:path';
import { createIssueList } from '../reading/issues.ts';
import { readTable } from '../reading/label-file.ts';
import type { Listing } from '../reading/listing.ts';
import { countPlaces, planPlaces } from '../reading/placed.ts';
import type { Reader } from '../reading/types.ts';
import { kindOfName } from './formats/file-kind.ts';
import { doubtsOfPages } from './pages.ts';
import { isSampleByName } from './sample-files.ts';

export const inspectImageFolder: Reader['inspect'] = async (listing, options) => {
  const samples = listing.files.filter(isSampleByName);
  const placing = await planPlaces(listing, samples, options, createIssueList());
  const found = countPlaces(placing, samples, options);
  const images = samples.filter(({ path }) => kindOfName(path) !== null).length;
  const notes = [`${images} image ${images === 1 ? 'file' : 'files'}.`, ...found.notes];
  if (found.labelsFrom === 'nothing' && images > 0)
    notes.push(
      'There are no class folders, so the images will have no labels, unless a label file gives them.',
    );
  const others = listing.files.length - samples.length;
  if (others > 0) notes.push(`${others} other ${others === 1 ? 'file' : 'files'} beside the images.`);
  const table = options.labels === undefined ? await findTable(listing) : null;
  if (table)
    notes.push(
      `“${table.name}” could be the label file; the option “labels” takes labels from it (in the window: “Take labels from a file…”).`,
    );
  const pages = await doubtsOfPages(samples, options.images);
  return {
    ...found,
    columns: table?.rows[0] ?? [],
    exampleRows: table?.rows.slice(1) ?? [],
    notes: [...notes, ...pages.notes],
    doubts: [...found.doubts, ...pages.doubts],
  };
};

async function findTable(listing: Listing): Promise<{ name: string; rows: string[][] } | null> {
  const file = listing.files.find((found) => /\.(csv|tsv)$/i.test(found.path));
  if (!file) return null;
  const rows = await readTable(file.absolute, 6).catch(() => null);
  return rows && { name: basename(file.path), rows };
}
