/**
 * Failures that cross processes as data.
 *
 * A `PretextError` is something the person at the screen can act on: it says what was found, where, and what
 * to do. Everything else that is thrown is a bug: it keeps its stack for the log and reaches the window as
 * `internal` without one.
 */
import { z } from 'zod';
import { circumstanceOf } from './circumstances.ts';

export const failureSchema = z.object({
  /** Stable, dotted, lower case: `dataset.empty`, `recipe.invalid`, `runtime.missing`. */
  code: z.string(),
  /** What was found, in a sentence. */
  message: z.string(),
  /** Where: a file with its row, a field of the recipe, a run. */
  place: z.string().optional(),
  /** What to do about it. */
  remedy: z.string().optional(),
});
export type Failure = z.infer<typeof failureSchema>;

export class PretextError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.name = 'PretextError';
    this.failure = failure;
  }
}

const UNUSABLE = ['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'EROFS'];

/** What is thrown where a folder for temporary files is to be made or looked through: it may be named wrongly, or closed. */
export function temporaryFailure(thrown: unknown, parent: string): unknown {
  const { code = '' } = thrown as { code?: string };
  if (!UNUSABLE.includes(code)) return thrown;
  return new PretextError({
    code: 'disk.temporary',
    message: `The folder for temporary files is not there, or cannot be written to (${code}).`,
    place: parent,
    remedy:
      'Make it and give yourself permission there, or set TMPDIR (on Windows TEMP) to another folder and start the program again.',
  });
}

/** What the system refuses (a full disk, a closed folder), in words and with its place; all else that is thrown stays as it is. */
export function explained(thrown: unknown, place?: string): unknown {
  if (thrown instanceof PretextError) return thrown;
  const circumstance = circumstanceOf(thrown, place);
  return circumstance ? new PretextError(circumstance) : thrown;
}

/** Turns anything thrown into data. A `PretextError` keeps its words, what the system refuses gets some; a bug is named as one. */
export function toFailure(thrown: unknown): Failure {
  const known = explained(thrown);
  if (known instanceof PretextError) return known.failure;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return {
    code: 'internal',
    message: `Something went wrong inside the program: ${message}`,
    remedy: 'Try again. If it happens again, please report it with the log file of the project.',
  };
}

/** One line for a terminal or a log: message, place, remedy. */
export function formatFailure(failure: Failure): string {
  const place = failure.place ? ` (${failure.place})` : '';
  const remedy = failure.remedy ? `\n  ${failure.remedy}` : '';
  return `${failure.message}${place}${remedy}`;
}
