/** What an import of image files would find, from names alone. */
import { basename } from 'node:path';
import { readTable } from '../reading/label-file.ts';
import { naturalOrder, type Listing } from '../reading/listing.ts';
import type { Reader } from '../reading/types.ts';
import { kindOfName } from './file-kind.ts';
import { placeInFolders } from '../reading/folders.ts';

export const inspectImageFolder: Reader['inspect'] = async (listing) => {
  const images = listing.files.filter((file) => kindOfName(file.path) !== null);
  const places = placeInFolders(images);
  const counts = new Map<string, number>();
  let unlabeled = 0;
  for (const { className } of places) {
    if (className === null) unlabeled += 1;
    else counts.set(className, (counts.get(className) ?? 0) + 1);
  }
  const notes = [`${images.length} image files${counts.size ? ` in ${counts.size} class folders` : ''}.`];
  if (unlabeled > 0)
    notes.push(
      `${unlabeled} images lie in no class folder and will have no label, unless a label file gives it.`,
    );
  const others = listing.files.length - images.length;
  if (others > 0) notes.push(`${others} other ${others === 1 ? 'file' : 'files'} beside the images.`);
  const table = await findTable(listing);
  if (table) notes.push(`“${table.name}” could be the label file.`);
  return {
    classes: [...counts]
      .map(([name, files]) => ({ name, files }))
      .sort((first, second) => naturalOrder(first.name, second.name)),
    columns: table?.rows[0] ?? [],
    exampleRows: table?.rows.slice(1) ?? [],
    notes,
    doubts: [],
  };
};

async function findTable(listing: Listing): Promise<{ name: string; rows: string[][] } | null> {
  const file = listing.files.find((found) => /\.(csv|tsv)$/i.test(found.path));
  if (!file) return null;
  const rows = await readTable(file.absolute, 6).catch(() => null);
  return rows && { name: basename(file.path), rows };
}
