/** A backup of the database before this version of the program changes it for good. */
import { existsSync, mkdirSync, readdirSync, rmSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { flushAtOnce, giveNameAtOnce } from '../../machine/replace-file.ts';
import { isPlainFile } from '../files/file-names.ts';

const KEPT = 3;
const OWN_NAME = /^project-version-(\d{4})\.db$/;

/** Writes what the database holds, its write-ahead log included, into `backups/`. */
export function backUp(folder: string, connection: Database, version: number): string {
  const backups = join(folder, 'backups');
  mkdirSync(backups, { recursive: true });
  const file = join(backups, `project-version-${String(version).padStart(4, '0')}.db`);
  const temporary = `${file}.tmp-${process.pid}`;
  rmSync(temporary, { force: true });
  try {
    connection.prepare('VACUUM INTO ?').run(temporary);
    flushAtOnce(temporary);
    giveNameAtOnce(temporary, file);
  } catch (error) {
    if (existsSync(temporary)) rmSync(temporary);
    throw error;
  }
  const old = readdirSync(backups)
    .filter((name) => OWN_NAME.test(name) && isPlainFile(join(backups, name)))
    .toSorted()
    .slice(0, -KEPT);
  for (const name of old) unlinkSync(join(backups, name));
  return file;
}
