/**
 * The project's own trash: files of the program that nothing refers to any more, kept for a month.
 *
 * They may be wanted after all: an older project.db was put back from a backup, or it was copied without its
 * write-ahead log. What the program did not make is never touched.
 */
import { lstatSync, mkdirSync, readdirSync, renameSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { isOwnName, isPlainEntry, isPlainFolder, removeEntry, type NamedPart } from './file-names.ts';

export const KEPT_DAYS = 30;
const DAY_MS = 86_400_000;
/** One folder a day, so that the age of a file is that of its throwing away. */
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const PARTS: NamedPart[] = ['shards', 'checkpoints', 'answers', 'models'];

const trashFolder = (folder: string) => join(folder, 'trash');

/** Moves files of the program into the trash. Returns their new paths; what is no plain file of ours stays. */
export function moveToTrash(folder: string, part: NamedPart, names: readonly string[]): string[] {
  const own = names.filter((name) => isOwnName(part, name) && isPlainEntry(part, join(folder, part, name)));
  if (own.length === 0 || !isPlainFolder(join(folder, part))) return [];
  const target = join(trashFolder(folder), new Date().toISOString().slice(0, 10), part);
  mkdirSync(target, { recursive: true });
  if (!isPlainFolder(trashFolder(folder)) || !isPlainFolder(target)) return [];
  return own.map((name) => {
    renameSync(join(folder, part, name), join(target, name));
    return join(target, name);
  });
}

/** Deletes what has lain in the trash for a month. Returns the paths that are gone. */
export function emptyTrash(folder: string, nowMs = Date.now()): string[] {
  const trash = trashFolder(folder);
  if (!isPlainFolder(trash)) return [];
  const old = readdirSync(trash).filter(
    (day) => DAY.test(day) && nowMs - Date.parse(day) > KEPT_DAYS * DAY_MS && isPlainFolder(join(trash, day)),
  );
  return old.flatMap((day) => {
    const gone = PARTS.flatMap((part) => emptyFolder(join(trash, day, part), part));
    removeIfEmpty(join(trash, day));
    return gone;
  });
}

function emptyFolder(path: string, part: NamedPart): string[] {
  if (!isPlainFolder(path)) return [];
  const own = readdirSync(path).filter(
    (name) => isOwnName(part, name) && isPlainEntry(part, join(path, name)),
  );
  for (const name of own) removeEntry(part, join(path, name));
  removeIfEmpty(path);
  return own.map((name) => join(path, name));
}

function removeIfEmpty(path: string): void {
  if (lstatSync(path).isDirectory() && readdirSync(path).length === 0) rmdirSync(path);
}
