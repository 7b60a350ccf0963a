/** What an import is told, seen by one reader: its own options checked, and those that it has no use for. */
import { heeds, importSchema, SHARED_OPTIONS, type ImportOptions } from '../../contract/data/import.ts';
import { parseOptions } from '../../contract/fields.ts';
import type { Reader } from './types.ts';

/** @throws PretextError `recipe.invalid` that names the option, what was found and what is allowed */
export function ownOptions(reader: Reader, { options = {} }: ImportOptions): unknown {
  return parseOptions(reader.options, reader.earlier?.(options) ?? options, 'options');
}

const UNTOLD = importSchema.parse({ path: '.' });

/** Options that were set otherwise than by default and that the reader has no use for: `signals.windowLength`. */
export function unheededOptions(reader: Reader, options: ImportOptions): string[] {
  return SHARED_OPTIONS.filter(
    (option) =>
      !heeds(reader.heeds, option) &&
      JSON.stringify(valueAt(options, option)) !== JSON.stringify(valueAt(UNTOLD, option)),
  );
}

const valueAt = (options: ImportOptions, option: string): unknown =>
  option
    .split('.')
    .reduce<unknown>((value, part) => (value as Record<string, unknown> | undefined)?.[part], options);
