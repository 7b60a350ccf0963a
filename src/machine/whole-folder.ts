/**
 * Puts files into a folder: each appears whole or not at all, and nothing that is there already is written
 * over unless that was said.
 */
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PretextError, explained } from '../contract/errors.ts';
import type { WrittenExport } from '../contract/model/export.ts';
import { requireFolderAbove } from './place-for-file.ts';
import { makeFolder } from './make-folder.ts';
import { giveName } from './replace-file.ts';

export interface FolderFile {
  /** Inside the folder. */
  path: string;
  contents: Uint8Array | string;
}

/**
 * A folder that is not there, or is empty, appears with all files at once. With `overwrite` files of the same names in
 * it are replaced one by one, and others stay.
 *
 * @throws PretextError `export.exists` where the folder holds something and `overwrite` was not said,
 *   `file.inside-file` where a part of its path is a file
 */
export async function writeFolder(
  folder: string,
  files: readonly FolderFile[],
  overwrite = false,
): Promise<WrittenExport> {
  try {
    if (await holdsSomething(folder)) {
      if (!overwrite) throw exists(folder);
      for (const file of files) await writeFileSafely(join(folder, file.path), file.contents);
    } else await appear(folder, files);
  } catch (error) {
    throw explained(error, folder);
  }
  return { folder, files: files.map(({ path, contents }) => ({ path, bytes: Buffer.byteLength(contents) })) };
}

/** Throws `export.exists` where `writeFolder` would: before anything is computed for it. */
export async function requirePlaceForFolder(folder: string, overwrite: boolean): Promise<void> {
  if (!overwrite && (await holdsSomething(folder))) throw exists(folder);
}

async function appear(folder: string, files: readonly FolderFile[]): Promise<void> {
  const temporary = `${folder}.tmp-${process.pid}`;
  makeFolder(dirname(folder));
  await mkdir(temporary);
  try {
    for (const { path, contents } of files) await writeFlushed(join(temporary, path), contents);
    if (existsSync(folder)) await rmdir(folder);
    await giveName(temporary, folder);
  } catch (error) {
    for (const { path } of files) await rm(join(temporary, path), { force: true });
    await rmdir(temporary);
    throw error;
  }
}

/** One file, under its own name only when all of it is on the disk. */
async function writeFileSafely(file: string, contents: Uint8Array | string): Promise<void> {
  const temporary = `${file}.tmp-${process.pid}`;
  try {
    await writeFlushed(temporary, contents);
    await giveName(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function writeFlushed(file: string, contents: Uint8Array | string): Promise<void> {
  const handle = await open(file, 'w');
  try {
    await handle.writeFile(contents);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function holdsSomething(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).length > 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') {
      // A part of its path is a file, which no overwriting helps.
      requireFolderAbove(folder);
      throw exists(folder);
    }
    throw error;
  }
}

function exists(folder: string): PretextError {
  return new PretextError({
    code: 'export.exists',
    message: 'There is something under this name already; nothing was written.',
    place: folder,
    remedy:
      'Choose another folder, or say that files of the same names may be overwritten (`--overwrite` on the command line).',
  });
}
