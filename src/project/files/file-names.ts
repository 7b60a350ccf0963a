/**
 * Names of the files in a project: which may be joined to its folder, and which of them the program itself made.
 *
 * A project may come from somebody else, and its database with it. A name that leads out of the folder would let it
 * read, overwrite or delete any file of the person who opens it.
 */
import { lstatSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { PretextError } from '../../contract/errors.ts';
import { isModelPart } from '../../contract/model/model.ts';
import { removeFolderOf } from '../../machine/replace-file.ts';

/** Folders of a project whose files the database names; what stands in `models` are folders, one a model. */
export type NamedPart = 'shards' | 'checkpoints' | 'answers' | 'models';

/** Letters, digits, dots and dashes: no separator of any system, no drive, no dot at either end. */
const PLAIN = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,198}[A-Za-z0-9_-])?$/;
/** Windows takes these for devices, whatever follows the dot. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** Columns whose values become file names, or the beginning of one. */
export const NAME_COLUMNS = [
  { table: 'datasets', column: 'id' },
  { table: 'datasets', column: 'shard' },
  { table: 'studies', column: 'id' },
  { table: 'runs', column: 'id' },
  { table: 'checkpoints', column: 'file' },
  { table: 'checkpoints', column: 'kind' },
  { table: 'answers', column: 'file' },
  { table: 'models', column: 'id' },
] as const;

const OWN_NAMES: Record<NamedPart, RegExp> = {
  // A shard, those made from it in other shapes, and what is still being written.
  shards: /^[a-z0-9]{10}\.shard(\.[a-z0-9-]+)*$/,
  checkpoints: /^[a-z0-9]{10}-(last|best|member)-\d+\.safetensors(\.[a-z0-9-]+)?$/,
  answers: /^[a-z0-9]{10}-\d+(-\d+)?\.safetensors(\.[a-z0-9-]+)?$/,
  models: /^[a-z0-9]{10}-(\d+|ensemble|final)(\.tmp-\d+)?$/,
};
/** A file that is being written carries the process that writes it: `….123.tmp`, `….tmp-123`. */
const UNFINISHED = /\.(?:(\d+)\.tmp|tmp-(\d+))$/;

export function isPlainName(name: unknown): name is string {
  return typeof name === 'string' && PLAIN.test(name) && !DEVICE.test(name);
}

/** The path of a file that the database names. Throws `project.unsafe-name` for a name that is no plain name. */
export function fileInProject(folder: string, part: NamedPart, name: string): string {
  if (!isPlainName(name)) throw unsafeName(folder, `a file in ${part}`, name);
  return join(folder, part, name);
}

export const shardFile = (folder: string, name: string) => fileInProject(folder, 'shards', name);
export const answersFile = (folder: string, name: string) => fileInProject(folder, 'answers', name);
export const modelFolder = (folder: string, id: string) => fileInProject(folder, 'models', id);
export const checkpointFile = (folder: string, name: string) => fileInProject(folder, 'checkpoints', name);

/** Throws `project.unsafe-name` when the database holds a name that is no plain name. */
export function requirePlainNames(connection: Database, folder: string): void {
  for (const { table, column } of NAME_COLUMNS) {
    const names = connection.prepare(`SELECT ${column} FROM ${table}`).pluck();
    for (const name of names.iterate())
      if (!isPlainName(name)) throw unsafeName(folder, `${table}.${column}`, String(name));
  }
}

/** Whether the program gives such names in this folder. */
export function isOwnName(part: NamedPart, name: string): boolean {
  return OWN_NAMES[part].test(name);
}

/** Whether the program gives such names to folders of models that are whole. */
export const isModelName = (name: string): boolean => isOwnName('models', name) && writerOf(name) === null;

/** The process that was writing a file of this name; null for a finished one. */
export function writerOf(name: string): number | null {
  const found = UNFINISHED.exec(name);
  return found ? Number(found[1] ?? found[2]) : null;
}

/** The dataset or run that a file of the program belongs to, by its id. */
export const idOfFile = (name: string) => name.slice(0, 10);

/** Whether a path is a plain file, or a plain folder: not a link that leads elsewhere. */
export function isPlainFile(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
export function isPlainFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Whether a path is what the program puts into that part: a plain file, or of models a plain folder. */
export const isPlainEntry = (part: NamedPart, path: string): boolean =>
  part === 'models' ? isPlainFolder(path) : isPlainFile(path);

/** Deletes it; of a model's folder only what the program put there. */
export function removeEntry(part: NamedPart, path: string): void {
  if (part === 'models') removeFolderOf(path, isModelPart);
  else unlinkSync(path);
}

/** Deletes a file, or a model, that the program made; anything else of that name stays. Returns whether it was there. */
export function deleteOwnFile(folder: string, part: NamedPart, name: string): boolean {
  const path = fileInProject(folder, part, name);
  if (!isOwnName(part, name) || !isPlainFolder(join(folder, part)) || !isPlainEntry(part, path)) return false;
  removeEntry(part, path);
  return true;
}

function unsafeName(folder: string, where: string, name: string): PretextError {
  return new PretextError({
    code: 'project.unsafe-name',
    message: `The project names a file that may lie outside its folder (${where}: “${name.slice(0, 200)}”), so it was not opened. The program never writes such names: somebody has changed its database.`,
    place: folder,
    remedy: 'Do not use this copy of the project. Ask where it came from, or take another copy.',
  });
}
