/** Walks the file or folder to import, in natural order, following links but never in circles. */
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { FolderSplit } from './sample-table.ts';
import { cannotRead } from './unreadable.ts';

export interface ListedFile {
  /** Relative to `root`, with slashes. */
  path: string;
  absolute: string;
}

export interface Listing {
  /** What was asked for, absolute. */
  path: string;
  /** The folder that relative paths start from. */
  root: string;
  isFile: boolean;
  files: ListedFile[];
  /** Folders that have no file below them, or whose listing failed, with the error. */
  unreadable: { path: string; error: unknown }[];
  /** Empty folders whose names end like a file's. */
  emptyFolders: string[];
  /** The walk stopped at the limit. */
  cut: boolean;
}

const collator = new Intl.Collator('en', { numeric: true });
/** "2.png" before "10.png". */
export const naturalOrder = (first: string, second: string): number =>
  collator.compare(first, second) || (first < second ? -1 : first > second ? 1 : 0);

/** Hidden files and what systems leave in folders. */
const IGNORED = /^(\..*|Thumbs\.db|desktop\.ini|__MACOSX|ehthumbs\.db)$/i;
/** Notes beside the data, which nobody expects to be imported. */
export const ACCOMPANYING =
  /^(read[-_ ]?me|licen[cs]e|notice|note|notes|copying|citation|changelog)([-_. ].*)?$/i;

/**
 * Lists all files below `path`, or the one file.
 * @param limit Stop after so many files.
 * @throws PretextError `path.missing`, `path.no-permission`
 */
export async function listFiles(path: string, limit = Infinity, signal?: AbortSignal): Promise<Listing> {
  const kind = await statOf(path);
  if (kind.isFile()) {
    const file = { path: basename(path), absolute: path };
    return {
      path,
      root: dirname(path),
      isFile: true,
      files: [file],
      unreadable: [],
      emptyFolders: [],
      cut: false,
    };
  }
  const listing: Listing = {
    path,
    root: path,
    isFile: false,
    files: [],
    unreadable: [],
    emptyFolders: [],
    cut: false,
  };
  await walk(listing, '', new Set([await realpath(path)]), limit, signal);
  const first = listing.unreadable[0];
  if (listing.files.length === 0 && first?.path === '') throw cannotRead(path, first.error);
  return listing;
}

async function walk(
  listing: Listing,
  folder: string,
  ancestors: Set<string>,
  limit: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  signal?.throwIfAborted();
  let entries;
  try {
    entries = await readdir(join(listing.root, folder), { withFileTypes: true });
  } catch (error) {
    listing.unreadable.push({ path: folder, error });
    return;
  }
  entries.sort((first, second) => naturalOrder(first.name, second.name));
  const before = listing.files.length;
  for (const entry of entries) {
    if (IGNORED.test(entry.name)) continue;
    if (listing.files.length >= limit) {
      listing.cut = true;
      return;
    }
    const path = folder ? `${folder}/${entry.name}` : entry.name;
    const absolute = join(listing.root, path);
    const isFolder = entry.isSymbolicLink() ? await leadsToFolder(absolute) : entry.isDirectory();
    if (!isFolder) {
      listing.files.push({ path, absolute });
      continue;
    }
    const real = entry.isSymbolicLink() ? await realpath(absolute) : absolute;
    if (ancestors.has(real)) continue;
    await walk(listing, path, new Set(ancestors).add(real), limit, signal);
  }
  if (listing.files.length === before && folder && /\.[a-z]{3,4}$/i.test(folder)) {
    listing.emptyFolders.push(folder);
  }
}

/** A broken link counts as a file, so that reading it names it. */
async function leadsToFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

async function statOf(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    throw cannotRead(path, error);
  }
}

const SPLIT_FOLDERS: Record<string, FolderSplit> = {
  train: 0,
  training: 0,
  val: 1,
  valid: 1,
  validation: 1,
  dev: 1,
  test: 2,
  testing: 2,
};

/** The split that a folder's name says, -1 for none. */
export function splitOfFolder(name: string): FolderSplit {
  return SPLIT_FOLDERS[name.toLowerCase()] ?? -1;
}

/** The folder parts of a relative path. */
export function folderParts(path: string): string[] {
  return path.split('/').slice(0, -1);
}

/** The folders that all files share at the start: "archive/images" when everything lies below it. */
export function commonFolders(files: readonly ListedFile[]): string[] {
  const first = files[0];
  if (!first) return [];
  let shared = folderParts(first.path);
  for (const file of files) {
    const parts = folderParts(file.path);
    let count = 0;
    while (count < shared.length && shared[count] === parts[count]) count += 1;
    if (count < shared.length) shared = shared.slice(0, count);
    if (shared.length === 0) break;
  }
  return shared;
}
