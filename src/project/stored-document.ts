/** Documents that a column of project.db holds: a damaged file may pass every check of SQLite. */
import type { ZodType } from 'zod';
import { PretextError } from '../contract/errors.ts';

/** Throws `project.broken` where it is no document, or none that the schema knows. */
export function parseDocument<T>(document: string, column: string, schema?: ZodType<T>): T {
  try {
    const parsed: unknown = JSON.parse(document);
    return schema ? schema.parse(parsed) : (parsed as T);
  } catch {
    throw damagedEntry(column, document);
  }
}

function damagedEntry(column: string, document: string): PretextError {
  return new PretextError({
    code: 'project.broken',
    message: `project.db is damaged: “${column}” holds what the program cannot have written (${document.slice(0, 60)}…).`,
    place: column,
    remedy: 'Close the project and repair it, or put the folder back from a backup.',
  });
}
