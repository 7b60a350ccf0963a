/** What is known about a file besides its content: columns and a label, from its path and the label file. */
import { resolve } from 'node:path';
import type { ImportOptions } from '../../contract/index.ts';
import { saysUnlabeled } from '../folders/names.ts';
import type { IssueList } from './issues.ts';
import { isNumber } from '../delimited/numbers.ts';
import { LABEL_COLUMNS, readLabelFile } from './label-file.ts';
import type { Listing, ListedFile } from './listing.ts';
import { compilePathPattern } from './path-pattern.ts';

export interface Annotation {
  columns: Record<string, string>;
  /** Undefined: neither the label file nor the path pattern says anything about labels. */
  label: string | null | undefined;
}

export interface Annotator {
  /** Whether labels come from the label file or the path pattern. */
  givesLabels: boolean;
  /** Null when the file does not fit and was listed as left out. */
  annotate(file: ListedFile): Annotation | null;
  /** The label file itself, which is no sample. */
  isLabelFile(file: ListedFile): boolean;
}

/** @throws PretextError for a label file or path pattern that cannot be used */
export async function createAnnotator(
  listing: Listing,
  options: ImportOptions,
  issues: IssueList,
  files: readonly ListedFile[] = listing.files,
): Promise<Annotator> {
  const pattern = options.pathPattern === undefined ? null : compilePathPattern(options.pathPattern);
  // Of several labels the first stands for all: whether a file has a row is the same for each.
  const labelColumn = options.labelColumns?.[0] ?? options.labelColumn;
  const patternLabel = pattern ? labelColumnOf(pattern.columns, labelColumn) : undefined;
  const labelPath = options.labels === undefined ? null : resolve(options.labels);
  const labels =
    labelPath === null
      ? null
      : await readLabelFile(
          labelPath,
          {
            fileColumn: options.fileColumn,
            labelColumn: patternLabel === labelColumn ? undefined : labelColumn,
          },
          files.filter((file) => file.absolute !== labelPath),
          options,
          issues,
        );

  return {
    givesLabels: labels !== null || patternLabel !== undefined,
    isLabelFile: (file) => file.absolute === labelPath,
    annotate(file) {
      const fromPath = pattern?.match(file.path) ?? (listing.isFile ? pattern?.match(file.absolute) : null);
      if (pattern && !fromPath) {
        issues.leaveOut(
          file.path,
          'path-pattern',
          `The path does not fit the pattern “${options.pathPattern}”, so its columns are unknown. Change the pattern or rename the file.`,
        );
        return null;
      }
      const row = labels?.find(file.path);
      const columns = { ...row?.columns, ...fromPath };
      if (labels && !row) {
        issues.note(
          file.path,
          'unlabeled-file',
          `Imported without a label: “${labels.name}” has no row for it.`,
        );
        return { columns, label: null };
      }
      if (row) {
        if (row.label === null) {
          issues.note(
            file.path,
            'missing-label',
            `Imported without a label: its cell in row ${row.row} of “${labels?.name}” ${row.cell === '' ? 'is empty' : `holds “${row.cell}”`}.`,
            row.row,
          );
        }
        return { columns, label: row.label };
      }
      if (patternLabel === undefined) return { columns, label: undefined };
      const named = fromPath?.[patternLabel];
      return { columns, label: named === undefined || saysUnlabeled(named) ? null : named.normalize('NFC') };
    },
  };
}

function labelColumnOf(columns: string[], chosen: string | undefined): string | undefined {
  if (chosen !== undefined) return columns.find((name) => name === chosen);
  return columns.find((name) => LABEL_COLUMNS.includes(name.toLowerCase()));
}

/** A label as a target number; NaN, with a note, where it is none. */
export function parseTargetNumber(label: string | null, file: string, issues: IssueList): number {
  if (label === null) return NaN;
  const text = label.trim();
  // Not everything that JavaScript takes for a number is one: 0x10 is a name.
  if (isNumber(text) && Number.isFinite(Number(text))) return Number(text);
  issues.note(file, 'label-not-a-number', `Imported without a label: “${label}” is not a number.`);
  return NaN;
}
