import { isAbsolute } from 'node:path';
import { PretextError } from '../../contract/errors.ts';

/** Throws where a place to write to depends on who reads it. */
export function requireAbsolute(to: string): void {
  if (isAbsolute(to)) return;
  throw new PretextError({
    code: 'export.place',
    message: `A place to write to must be a whole path. Found: ${to}.`,
    place: to,
  });
}
