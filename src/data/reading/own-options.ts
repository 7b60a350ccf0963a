/** What an import is told, seen by one reader: its own options checked, and those that it has no use for. */
import { heeds, importSchema, SHARED_OPTIONS, type ImportOptions } from '../../contract/data/import.ts';
import { PretextError } from '../../contract/errors.ts';
import { parseOptions } from '../../contract/fields.ts';
import { compilePathPattern } from './path-pattern.ts';
import type { Reader } from './types.ts';

/**
 * @throws PretextError `recipe.invalid` that names the option, what was found and what is allowed,
 *   `import.no-label-file` for a column of a file that is not named
 */
export function ownOptions(reader: Reader, importOptions: ImportOptions): unknown {
  requireLabelFile(reader, importOptions);
  const { options = {} } = importOptions;
  return parseOptions(reader.options, reader.earlier?.(options) ?? options, 'options');
}

/** Columns of label files, where the data themselves have no columns of that name. */
function requireLabelFile({ heeds: heeded }: Reader, options: ImportOptions): void {
  const { labels, labelColumn, fileColumn, pathPattern } = options;
  const hasColumns = !heeds(heeded, 'labels') || heeds(heeded, 'signals.columns');
  const isInPath = (column: string) =>
    pathPattern !== undefined && compilePathPattern(pathPattern).columns.includes(column);
  const asked = [
    ...(labelColumn === undefined || hasColumns || isInPath(labelColumn) ? [] : (['labelColumn'] as const)),
    ...(fileColumn === undefined || !heeds(heeded, 'fileColumn') ? [] : (['fileColumn'] as const)),
  ];
  if (labels !== undefined || asked.length === 0) return;
  throw new PretextError({
    code: 'import.no-label-file',
    message: `${asked[0]} names the column “${options[asked[0]!]}” of a label file, and no label file is given.`,
    place: asked[0],
    remedy: 'Give the file too (labels; `--labels FILE` on the command line), or leave the column out.',
  });
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
