/** Walks the file or folder to import, in natural order, following links but never in circles. */
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PretextError } from '../../contract/errors.ts';
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
  /** Pipes, sockets and devices, which are no data. */
  specialFiles: string[];
  /** What systems leave in folders, by name, with how often it was met; it is not looked into. */
  systemFiles: Map<string, number>;
  /** The walk stopped at the limit. */
  cut: boolean;
}

const collator = new Intl.Collator('en', { numeric: true });
/** "2.png" before "10.png". */
export const naturalOrder = (first: string, second: string): number =>
  collator.compare(first, second) || (first < second ? -1 : first > second ? 1 : 0);

/** Hidden files and what systems, network disks and notebooks leave in folders. */
const IGNORED =
  /^(\..*|Thumbs\.db|desktop\.ini|ehthumbs\.db|Icon\r|__MACOSX|@eaDir|#recycle|#snapshot|\$RECYCLE\.BIN|System Volume Information|lost\+found|__pycache__|Network Trash Folder)$/i;
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
      specialFiles: [],
      systemFiles: new Map(),
      cut: false,
    };
  }
  if (!kind.isDirectory()) throw notAFile(path);
  const listing: Listing = {
    path,
    root: path,
    isFile: false,
    files: [],
    unreadable: [],
    emptyFolders: [],
    specialFiles: [],
    systemFiles: new Map(),
    cut: false,
  };
  await walk(listing, '', new Set([await realpath(path)]), limit, signal);
  const first = listing.unreadable[0];
  if (listing.files.length === 0 && first?.path === '') throw cannotRead(path, first.error);
  return listing;
}

function notAFile(path: string): PretextError {
  return new PretextError({
    code: 'path.no-file',
    message: 'This is a pipe, a socket or a device, neither a file nor a folder.',
    place: path,
    remedy: 'Choose a file or a folder.',
  });
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
    if (IGNORED.test(entry.name)) {
      const kind = entry.name.startsWith('._') ? '._*' : entry.name;
      listing.systemFiles.set(kind, (listing.systemFiles.get(kind) ?? 0) + 1);
      continue;
    }
    if (listing.files.length >= limit) {
      listing.cut = true;
      return;
    }
    const path = folder ? `${folder}/${entry.name}` : entry.name;
    const absolute = join(listing.root, path);
    const found = entry.isSymbolicLink() ? await stat(absolute).catch(() => null) : entry;
    // A broken link counts as a file, so that reading it names it; a pipe would be read for ever.
    if (found && !found.isFile() && !found.isDirectory()) {
      listing.specialFiles.push(path);
      continue;
    }
    if (!found?.isDirectory()) {
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

async function statOf(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    throw cannotRead(path, error);
  }
}

/** What systems left there and was not looked into, in a sentence; null where there is nothing. */
export function systemWords({ systemFiles }: Listing): string | null {
  // A hidden file or two is nothing to speak of.
  const told = [...systemFiles].filter(
    ([name]) => !/^\.(_\*|DS_Store|gitignore|gitattributes|git|gitkeep)$|\.(db|ini)$/i.test(name),
  );
  if (told.length === 0) return null;
  const words = told.slice(0, 4).map(([name, count]) => (count > 1 ? `${count} × “${name}”` : `“${name}”`));
  return `Not looked into, as systems and programs leave it in folders: ${words.join(', ')}${told.length > 4 ? ' and others' : ''}.`;
}
