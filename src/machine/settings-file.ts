/** Small JSON files in the user's folder for settings: nothing is overwritten that somebody wrote by hand and that cannot be read. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { z } from 'zod';
import { PretextError, type Failure } from '../contract/errors.ts';
import { makeFolder } from './make-folder.ts';
import { writeFileWhole } from './whole-file.ts';

/**
 * What stands in it; where there is no such file, what the schema makes of nothing.
 *
 * @param unreadable the failure, but for its place, from what is wrong in a line
 */
export function readSettingsFile<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
  unreadable: (why: string) => Omit<Failure, 'place'>,
): z.output<Schema> {
  if (!existsSync(file)) return schema.parse({});
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new PretextError({ ...unreadable((error as Error).message.split('\n')[0]!), place: file });
  }
}

/** @param notWritten the failure, but for its place, from the code of the error */
export function writeSettingsFile(
  file: string,
  value: unknown,
  notWritten: (code: string) => Omit<Failure, 'place'>,
): void {
  try {
    makeFolder(dirname(file));
    writeFileWhole(file, `${JSON.stringify(value, null, 2)}\n`);
  } catch (error) {
    const code = error instanceof PretextError ? error.failure.code : (error as NodeJS.ErrnoException).code;
    throw new PretextError({ ...notWritten(code ?? 'unknown'), place: file });
  }
}
