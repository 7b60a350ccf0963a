/** Files that appear whole or not at all. */
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { explained } from '../contract/errors.ts';
import { makeFolder } from './make-folder.ts';
import { requirePlaceFor } from './place-for-file.ts';
import { giveName, giveNameAtOnce } from './replace-file.ts';

/** Text, written as it is made. Folders above it are made. Throws what `requirePlaceFor` throws. */
export async function writeWhole(
  file: string,
  parts: Iterable<string> | AsyncIterable<string>,
  overwrite: boolean,
): Promise<void> {
  requirePlaceFor(file, overwrite);
  const temporary = `${file}.tmp-${process.pid}`;
  try {
    makeFolder(dirname(file));
    const handle = await open(temporary, 'w');
    try {
      for await (const part of parts) await handle.appendFile(part);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await giveName(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw explained(error, file);
  }
}

/** A small file: temporary name, flush, rename, flush of the folder. Throws what the system says. */
export function writeFileWhole(file: string, content: string | Uint8Array): void {
  const temporary = `${file}.tmp-${process.pid}`;
  try {
    const handle = openSync(temporary, 'w');
    try {
      const bytes = typeof content === 'string' ? Buffer.from(content) : content;
      for (let at = 0; at < bytes.length;) at += writeSync(handle, bytes, at);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    giveNameAtOnce(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
