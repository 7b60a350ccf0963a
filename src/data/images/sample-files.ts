/** Which files are images by their names alone: from them the folders are judged before anything is read. */
import { basename } from 'node:path';
import { ACCOMPANYING, type ListedFile } from '../reading/listing.ts';
import { kindOfName } from './formats/file-kind.ts';

/** Named like an image, or without any extension, as some exports are. */
export function isSampleByName({ path }: ListedFile): boolean {
  const name = basename(path);
  return kindOfName(name) !== null || (!name.includes('.') && !ACCOMPANYING.test(name));
}
