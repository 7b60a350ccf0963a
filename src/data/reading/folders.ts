/** Splits and classes out of folder names. */
import { commonFolders, folderParts, splitOfFolder, type ListedFile } from './listing.ts';
import type { FolderSplit } from './sample-table.ts';

export interface Place {
  split: FolderSplit;
  /** Null: no class folder, or a folder named unlabeled. */
  className: string | null;
}

const UNLABELED = /^(un-?labell?ed|nolabel|no_label)$/i;

/**
 * Folders that all files share say nothing. Below them a split folder may come, then the class folder; deeper
 * folders belong to the class.
 */
export function placeInFolders(files: readonly ListedFile[]): Place[] {
  const shared = commonFolders(files).length;
  return files.map((file) => {
    const parts = folderParts(file.path).slice(shared);
    const split = splitOfFolder(parts[0] ?? '');
    const name = parts[split === -1 ? 0 : 1] ?? null;
    return { split, className: name === null || UNLABELED.test(name) ? null : name };
  });
}
