/** A file of answers that grows, and that nobody else may add to: of another head or model the rows would be unlike. */
import { appendFileSync, existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { PretextError } from '../../contract/errors.ts';
import { requirePlaceFor } from '../../machine/place-for-file.ts';

export interface WatchedFile {
  /**
   * Puts the rows of another file at the end, and removes that one.
   *
   * @throws PretextError `file.written-by-another` where somebody else has written to the file meanwhile
   */
  add(part: string): void;
}

/**
 * The file appears with its first rows. One that is there is replaced where it may be.
 *
 * @param hasHead whether parts begin with a line that names the columns
 * @throws PretextError as `requirePlaceFor`
 */
export function beginWatchedFile(
  file: string,
  { hasHead, overwrite }: { hasHead: boolean; overwrite: boolean },
): WatchedFile {
  requirePlaceFor(file, overwrite);
  rmSync(file, { force: true });
  /** As this program left it; null as long as there is nothing of it. */
  let left: string | null = null;
  return {
    add(part) {
      const text = readFileSync(part, 'utf8');
      // Whoever takes the file away gets a new one.
      const isThere = existsSync(file);
      if (isThere && stateOf(file) !== left) throw writtenByAnother(file);
      appendFileSync(file, hasHead && isThere ? text.slice(text.indexOf('\n') + 1) : text);
      left = stateOf(file);
      rmSync(part);
    },
  };
}

/** Which file it is, and how long: another of its name may have been given the same number. */
function stateOf(file: string): string {
  const { ino, birthtimeMs, size } = statSync(file);
  return [ino, birthtimeMs, size].join();
}

const writtenByAnother = (file: string) =>
  new PretextError({
    code: 'file.written-by-another',
    message:
      'Something else writes answers to this file, perhaps of another model or another head. Nothing was added.',
    place: file,
    remedy: 'Give each its own --output, and begin again.',
  });
