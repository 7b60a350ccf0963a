/** Text files that appear whole or not at all, written as they are made. */
import { open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { circumstanceOf } from '../contract/circumstances.ts';
import { PretextError } from '../contract/errors.ts';
import { makeFolder } from './make-folder.ts';
import { requirePlaceFor } from './place-for-file.ts';
import { giveName } from './replace-file.ts';

/** Folders above it are made. Throws what `requirePlaceFor` throws. */
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
    const circumstance = circumstanceOf(error, file);
    throw circumstance ? new PretextError(circumstance) : error;
  }
}
