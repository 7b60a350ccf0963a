/**
 * The file of labels: a column with the file name, one with the label, any others.
 *
 * It is read row by row, and only what belongs to a file of the import is kept: memory does not grow with it.
 */
import { basename } from 'node:path';
import { PretextError } from '../../contract/errors.ts';
import type { ImportOptions } from '../../contract/recipe/recipe.ts';
import { FileProblem } from '../problem.ts';
import { decideNumbers, isMissing, noEvidence, toNumber, weigh } from '../delimited/numbers.ts';
import { openTable, type Table } from '../delimited/records.ts';
import { uniqueNames } from '../delimited/roles.ts';
import { className } from '../delimited/runs.ts';
import { describeFileError, type IssueList } from './issues.ts';
import { createLimit } from './limit.ts';
import type { ListedFile } from './listing.ts';
import { createNameIndex, type Match } from './name-index.ts';

const FILE_COLUMNS = [
  'file',
  'filename',
  'file name',
  'file_name',
  'path',
  'filepath',
  'file_path',
  'image',
  'image_path',
  'image_name',
  'recording',
];
export const LABEL_COLUMNS = ['label', 'class', 'target'];

export interface LabelRow {
  /** Line in the file from 1. */
  row: number;
  columns: Record<string, string>;
  /** Null where the cell is empty or says that nothing is known. */
  label: string | null;
  /** The cell as it stands in the file. */
  cell: string;
}

export interface LabelFile {
  name: string;
  columns: string[];
  /** The row of a file of the import. */
  find(path: string): LabelRow | null;
}

/** First rows of a delimited table as text, the names first. */
export async function readTable(file: string, limit: number): Promise<string[][]> {
  const table = await openTable(file);
  if (!table) return [];
  const rows = [table.header];
  for await (const block of table.rows(() => undefined)) {
    rows.push(...block.map(({ cells }) => cells));
    if (rows.length >= limit) break;
  }
  return rows.slice(0, limit);
}

/**
 * @param files Those that may have a row.
 * @throws PretextError `labels.unreadable`, `labels.empty`, `labels.no-column`, `labels.column-twice`, `labels.comma`
 */
export async function readLabelFile(
  file: string,
  chosen: { fileColumn?: string | undefined; labelColumn?: string | undefined },
  files: readonly ListedFile[],
  options: ImportOptions,
  issues: IssueList,
): Promise<LabelFile> {
  const name = basename(file);
  const table = await open(file, options);
  const columns = uniqueNames(table.header, table.header.length);
  const fileIndex = columnIndex(file, columns, chosen.fileColumn, FILE_COLUMNS, 'file name');
  const labelIndex = columnIndex(file, columns, chosen.labelColumn, LABEL_COLUMNS, 'label');
  if (chosen.labelColumn === undefined) noteOtherLabels(name, columns, labelIndex, issues);
  const index = createNameIndex(files);
  const found = new Map<string, LabelRow & { certainty: Match['certainty']; isUnclear: boolean }>();
  const evidence = noEvidence();
  const listed = createLimit(issues, name);
  let rowCount = 0;
  const openQuote = (line: number) =>
    issues.note(
      name,
      'open-quote',
      `Row ${line} has a quote that is never closed; the row is read without it.`,
      line,
    );
  for await (const block of table.rows(openQuote)) {
    for (const { line, cells } of block) {
      if (cells.every((cell) => cell === '')) continue;
      rowCount += 1;
      const key = cells[fileIndex] ?? '';
      const cell = cells[labelIndex] ?? '';
      if (key === '') {
        listed.leaveOut('missing-file-name', `Row ${line} names no file.`, line);
        continue;
      }
      weigh(evidence, cell);
      const match = index.find(key);
      if (match.paths.length === 0) {
        listed.leaveOut('missing-file', `Row ${line} names “${key}”, which is not there.`, line);
        continue;
      }
      if (match.paths.length > 1) {
        listed.leaveOut(
          'ambiguous-name',
          `Row ${line} names “${key}”, which is there ${match.paths.length} times: ${match.paths.slice(0, 3).join(', ')}. None gets its label: write the folder before the name.`,
          line,
        );
        continue;
      }
      const path = match.paths[0]!;
      const label = isMissing(cell) ? null : className(cell);
      const earlier = found.get(path);
      if (earlier) {
        const same = earlier.label === label;
        // Two rows that a file only resembles: neither is surely its own.
        if (earlier.certainty === 'name' && match.certainty === 'name' && !same) earlier.isUnclear = true;
        if (earlier.certainty === match.certainty || match.certainty === 'name') {
          listed.leaveOut(
            same ? 'duplicate-row' : 'label-conflict',
            earlier.isUnclear
              ? `Rows ${earlier.row} and ${line} may both mean “${path}” and label it differently. It gets no label: write the folder as it is here before the name.`
              : `Row ${line} names “${key}” again, which row ${earlier.row} labels ${same ? 'alike' : `“${earlier.label ?? ''}” and this one “${label ?? ''}”`}. Row ${earlier.row} counts.`,
            line,
          );
          continue;
        }
      }
      const values = Object.fromEntries(columns.map((title, at) => [title, cells[at] ?? '']));
      found.set(path, {
        row: line,
        columns: values,
        label,
        cell,
        certainty: match.certainty,
        isUnclear: false,
      });
    }
  }
  listed.finish();
  if (rowCount === 0) throw emptyLabels(file, 1);
  const toLabel =
    options.target === 'number' ? numberLabels(file, evidence, options) : (label: string) => label;
  return {
    name,
    columns,
    find(path) {
      const row = found.get(path);
      if (!row) return null;
      return { ...row, label: row.label === null || row.isUnclear ? null : toLabel(row.label) };
    },
  };
}

async function open(file: string, options: ImportOptions): Promise<Table> {
  try {
    const table = await openTable(file, { encoding: options.text.encoding });
    if (table) return table;
  } catch (error) {
    const problem = error instanceof FileProblem ? error.message : describeFileError(error, file).message;
    if (error instanceof FileProblem && error.reason === 'empty') throw emptyLabels(file, 0);
    throw new PretextError({
      code: 'labels.unreadable',
      message: `The label file could not be read. ${problem}`,
      place: file,
      remedy:
        error instanceof FileProblem
          ? 'Choose a text file (CSV, TSV) whose first row holds the column names.'
          : 'Check the path of the label file; in a recipe it is relative to the recipe’s file.',
    });
  }
  throw emptyLabels(file, 0);
}

function noteOtherLabels(name: string, columns: string[], taken: number, issues: IssueList): void {
  const others = columns.filter((title, at) => at !== taken && LABEL_COLUMNS.includes(title.toLowerCase()));
  if (others.length === 0) return;
  issues.note(
    name,
    'several-label-columns',
    `Labels come from “${columns[taken]}”; ${others.map((title) => `“${title}”`).join(' and ')} could be meant as well: choose the label column to be sure.`,
    1,
  );
}

/** Numbers in one way of writing, told by all of them. */
function numberLabels(file: string, evidence: ReturnType<typeof noEvidence>, options: ImportOptions) {
  const found = decideNumbers(evidence);
  const { decimal } = options.text;
  if (decimal === 'auto' && found.doubt === 'comma-either') {
    throw new PretextError({
      code: 'labels.comma',
      message:
        'The numbers may have a decimal comma or a comma that groups thousands, and nothing tells which.',
      place: file,
      remedy: 'Say which: decimal “comma”, or decimal “point”.',
    });
  }
  const isComma = decimal === 'auto' ? found.decimal === ',' : decimal === 'comma';
  const format = isComma
    ? ({ decimal: ',', thousands: found.thousands || '.' } as const)
    : ({ decimal: '.', thousands: found.thousands || ',' } as const);
  return (label: string): string => {
    const number = toNumber(label, format);
    return Number.isNaN(number) ? label : String(number);
  };
}

function columnIndex(
  file: string,
  columns: readonly string[],
  chosen: string | undefined,
  guesses: readonly string[],
  what: string,
): number {
  const lower = columns.map((title) => title.toLowerCase());
  const wanted = chosen === undefined ? guesses : [chosen.trim().toLowerCase()];
  const title = wanted.find((one) => lower.includes(one));
  if (title === undefined) throw noColumn(file, columns, chosen, guesses, what);
  const index = lower.indexOf(title);
  const again = lower.indexOf(`${title} (2)`);
  if (again >= 0) {
    throw new PretextError({
      code: 'labels.column-twice',
      message: `The label file has two columns “${columns[index]}” (${index + 1} and ${again + 1}), and one of them holds the ${what}.`,
      place: `${file}, row 1`,
      remedy: `Rename one of them, or choose “${columns[again]}” for the second.`,
    });
  }
  return index;
}

function noColumn(
  file: string,
  columns: readonly string[],
  chosen: string | undefined,
  guesses: readonly string[],
  what: string,
): PretextError {
  return new PretextError({
    code: 'labels.no-column',
    message:
      chosen === undefined
        ? `The label file has no column for the ${what} (looked for: ${guesses.join(', ')}). Its columns are: ${columns.join(', ')}.`
        : `The label file has no column “${chosen}”. Its columns are: ${columns.join(', ')}.`,
    place: `${file}, row 1`,
    remedy: `Say which column holds the ${what}. The first row of the file must hold the column names.`,
  });
}

function emptyLabels(file: string, rows: number): PretextError {
  return new PretextError({
    code: 'labels.empty',
    message: `The label file has ${rows === 0 ? 'no rows' : 'column names but no labels'}.`,
    place: file,
    remedy:
      'Choose a CSV file whose first row holds the column names and every further row a file and its label.',
  });
}
