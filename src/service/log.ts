/** The project's log: logs/service.log, one JSON line an entry, the one before kept when it has grown large. */
import { renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pino, type Logger } from 'pino';
import { logFolder } from '../project/index.ts';

const LARGE_BYTES = 5_000_000;

export type Log = Logger;

export function openLog(folder: string): Log {
  const file = join(logFolder(folder), 'service.log');
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LARGE_BYTES)
    renameSync(file, join(logFolder(folder), 'service.old.log'));
  // Written at once: the last lines before a crash are the ones that matter.
  return pino({ base: { pid: process.pid } }, pino.destination({ dest: file, sync: true, mkdir: true }));
}
