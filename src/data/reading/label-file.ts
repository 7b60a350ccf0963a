/** The CSV file of labels: a column with the file name, one with the label, any others. */
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import Papa from 'papaparse';
import { PretextError } from '../../contract/errors.ts';
import { describeFileError, type IssueList } from './issues.ts';

const FILE_COLUMNS = ['file', 'filename', 'path', 'image'];
export const LABEL_COLUMNS = ['label', 'class', 'target'];

export interface LabelRow {
  /** Row in the file from 1, the header being row 1. */
  row: number;
  columns: Record<string, string>;
  /** Null where the cell is empty. */
  label: string | null;
}

export interface LabelFile {
  name: string;
  columns: string[];
  /** The row of a file, by its path, the end of its path or its name, with or without extension. */
  find(path: string): LabelRow | null;
  /** Lists rows that no file was found for. */
  reportUnused(issues: IssueList): void;
}

/** Rows of a delimited table as text, all of them or the first `limit`; the delimiter is guessed. */
export async function readTable(file: string, limit = Infinity): Promise<string[][]> {
  const rows: string[][] = [];
  const input = createReadStream(file, { encoding: 'utf8' });
  const parser = Papa.parse(Papa.NODE_STREAM_INPUT, { header: false });
  // pipe() does not carry errors over: without this a missing file would wait for ever.
  input.on('error', (error) => parser.destroy(error));
  try {
    for await (const row of input.pipe(parser) as AsyncIterable<string[]>) {
      if (rows.length === 0 && row[0]) row[0] = row[0].replace(/^\uFEFF/, '');
      rows.push(row);
      if (rows.length >= limit) break;
    }
  } finally {
    input.destroy();
  }
  return rows;
}

/** @throws PretextError `labels.unreadable`, `labels.empty`, `labels.no-column` */
export async function readLabelFile(
  file: string,
  chosen: { fileColumn?: string | undefined; labelColumn?: string | undefined },
  issues: IssueList,
): Promise<LabelFile> {
  const name = basename(file);
  const rows = await readTable(file).catch((error: unknown) => {
    throw new PretextError({
      code: 'labels.unreadable',
      message: `The label file could not be read. ${describeFileError(error, file).message}`,
      place: file,
      remedy: 'Check the path of the label file; in a recipe it is relative to the recipe’s file.',
    });
  });
  const header = rows[0]?.map((cell) => cell.trim()) ?? [];
  if (rows.length < 2) throw emptyLabels(file, rows.length);
  const fileIndex = columnIndex(file, header, chosen.fileColumn, FILE_COLUMNS, 'file name');
  const labelIndex = columnIndex(file, header, chosen.labelColumn, LABEL_COLUMNS, 'label');
  const table = new Map<string, { entry: LabelRow; usedBy: string | null }>();

  for (let index = 1; index < rows.length; index += 1) {
    const cells = rows[index] ?? [];
    if (cells.every((cell) => cell.trim() === '')) continue;
    const key = normalise(cells[fileIndex] ?? '');
    const row = index + 1;
    if (!key) {
      issues.leaveOut(name, 'missing-file-name', `Row ${row} names no file.`, row);
      continue;
    }
    const label = cells[labelIndex]?.trim() || null;
    const earlier = table.get(key)?.entry;
    if (earlier) {
      const same = earlier.label === label;
      issues.leaveOut(
        name,
        same ? 'duplicate-row' : 'label-conflict',
        `Row ${row} names “${key}” again, which row ${earlier.row} labels ${same ? 'alike' : `“${earlier.label ?? ''}” and this one “${label ?? ''}”`}. Row ${earlier.row} counts.`,
        row,
      );
      continue;
    }
    const columns = Object.fromEntries(header.map((title, at) => [title, cells[at]?.trim() ?? '']));
    table.set(key, { entry: { row, columns, label }, usedBy: null });
  }
  if (table.size === 0) throw emptyLabels(file, rows.length);

  return {
    name,
    columns: header,
    find(path) {
      for (const key of lookups(path)) {
        const found = table.get(key);
        if (!found || (found.usedBy !== null && found.usedBy !== path)) continue;
        found.usedBy = path;
        return found.entry;
      }
      return null;
    },
    reportUnused(list) {
      for (const [key, { entry, usedBy }] of table) {
        if (usedBy === null) {
          list.leaveOut(
            name,
            'missing-file',
            `Row ${entry.row} names “${key}”, which is not there.`,
            entry.row,
          );
        }
      }
    },
  };
}

const normalise = (path: string): string =>
  path
    .trim()
    .replaceAll('\\', '/')
    .replace(/^\.?\/+/, '');

/** The whole path first, then ever shorter ends of it, then the same without extension. */
function* lookups(path: string): Generator<string> {
  const parts = path.split('/');
  for (let start = 0; start < parts.length; start += 1) yield parts.slice(start).join('/');
  const bare = path.replace(/(\.[^./]+)(\.gz)?$/i, '').split('/');
  for (let start = 0; start < bare.length; start += 1) yield bare.slice(start).join('/');
}

function columnIndex(
  file: string,
  header: string[],
  chosen: string | undefined,
  guesses: string[],
  what: string,
): number {
  const lower = header.map((title) => title.toLowerCase());
  const wanted = chosen === undefined ? guesses : [chosen.trim().toLowerCase()];
  const index = wanted.map((title) => lower.indexOf(title)).find((at) => at >= 0);
  if (index !== undefined) return index;
  throw new PretextError({
    code: 'labels.no-column',
    message:
      chosen === undefined
        ? `The label file has no column for the ${what} (looked for: ${guesses.join(', ')}). Its columns are: ${header.join(', ')}.`
        : `The label file has no column “${chosen}”. Its columns are: ${header.join(', ')}.`,
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
