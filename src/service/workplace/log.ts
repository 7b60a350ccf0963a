/** The project's log: logs/service.log, one JSON line an entry, the one before kept when it has grown large. */
import { constants, lstatSync, mkdirSync, openSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { pino, type Logger } from 'pino';
import type { Failure } from '../../contract/errors.ts';
import { logFolder } from '../../project/index.ts';

const LARGE_BYTES = 5_000_000;
const MOST_KEPT = 1_000_000;
/** Not through a link: a project that came from elsewhere could have its log written into any file. */
const APPEND = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);

export type Log = Logger;

/** Where no log can be written (a folder that may only be read) the project opens all the same, without one. */
export function openLog(folder: string): Log {
  const base = { pid: process.pid };
  try {
    // Written at once: the last lines before a crash are the ones that matter.
    const destination = pino.destination({
      fd: openFile(logFolder(folder)),
      sync: true,
      maxLength: MOST_KEPT,
    });
    // A full disk: lines are kept until they can be written, and no more of them than memory may hold.
    destination.on('error', () => {});
    return pino({ base }, destination);
  } catch (error) {
    console.error(`No log is kept: ${(error as Error).message}`);
    return pino({ base, level: 'silent' });
  }
}

function openFile(folder: string): number {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'service.log');
  if ((lstatSync(file, { throwIfNoEntry: false })?.size ?? 0) > LARGE_BYTES)
    renameSync(file, join(folder, 'service.old.log'));
  return openSync(file, APPEND);
}

/** A failure in the log: expected ones as warnings, bugs with their stack. */
export function logFailure(log: Log, failure: Failure, thrown: unknown, what: string): void {
  if (failure.code === 'internal') log.error({ err: thrown }, what);
  else log.warn({ failure }, what);
}
