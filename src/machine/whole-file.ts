/** Text files that appear whole or not at all, written as they are made. */
import { existsSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { circumstanceOf } from '../contract/circumstances.ts';
import { PretextError } from '../contract/errors.ts';
import { giveName } from './replace-file.ts';

/** Throws a PretextError `file.exists` where there is such a file already, unless it may be written over. */
export async function writeWhole(
  file: string,
  parts: Iterable<string> | AsyncIterable<string>,
  overwrite: boolean,
): Promise<void> {
  if (existsSync(file) && !overwrite)
    throw new PretextError({
      code: 'file.exists',
      message: 'There is a file of that name already. Nothing was written.',
      place: file,
      remedy: 'Choose another name, or say that it may be overwritten (`--overwrite` on the command line).',
    });
  const temporary = `${file}.tmp-${process.pid}`;
  try {
    const handle = await open(temporary, 'w');
    try {
      for await (const part of parts) await handle.write(part);
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
