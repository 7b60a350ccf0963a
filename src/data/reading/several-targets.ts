/** Several labels or numbers of every sample, from columns of a table, of the file of labels or of the path. */
import type { ImportOptions } from '../../contract/index.ts';
import { isSeveral } from '../../contract/data/target.ts';
import { PretextError } from '../../contract/errors.ts';
import {
  decideNumbers,
  isMissing,
  noEvidence,
  toNumber,
  weigh,
  type NumberFormat,
} from '../delimited/numbers.ts';
import type { IssueList } from './issues.ts';
import { createLimit } from './limit.ts';
import type { SampleTable } from './sample-table.ts';
import { yesOrNo } from './yes-no.ts';

/** Row-major [samples, names], NaN where nothing is known; of labels 1 or 0. */
export interface SeveralTargets {
  names: string[];
  values: Float32Array;
}

/** @throws PretextError `labels.no-columns` where several labels or numbers are asked for and none is named */
export function requireLabelColumns(options: ImportOptions, place: string): void {
  if (isSeveral(options.target) && (options.labelColumns ?? []).length === 0) throw noColumns(place, options);
}

/**
 * What a reader of tables put beside its rows, or else the columns of each sample's file.
 *
 * @param place what was imported, for errors
 * @throws PretextError `labels.no-column`, `labels.comma`, `labels.one-value`
 */
export function severalTargets(
  table: SampleTable,
  options: ImportOptions,
  issues: IssueList,
  place: string,
): SeveralTargets {
  const names = options.labelColumns ?? [];
  const values =
    table.targets?.width === names.length
      ? table.targets.values.slice(0, table.count * names.length)
      : valuesOfFiles(table, names, options, issues, place);
  requireDifferences({ names, values }, options, place);
  return { names, values };
}

function valuesOfFiles(
  table: SampleTable,
  names: readonly string[],
  options: ImportOptions,
  issues: IssueList,
  place: string,
): Float32Array {
  const columnOf = columnsOfFiles(table, names, options.labels ?? place);
  const cellsOf = (file: number) => columnOf.map((name) => table.files[file]!.columns[name]?.trim() ?? '');
  const form = options.target === 'numbers' ? formOf(table, cellsOf, options, place) : null;
  const listed = createLimit(issues, '');
  const known = table.files.map((file, id) =>
    cellsOf(id).map((cell, at) => {
      if (isMissing(cell)) return Number.NaN;
      const value = form ? toNumber(cell, form) : yesOrNo(cell);
      if (Number.isNaN(value))
        listed.note(
          'no-target',
          `${file.path}: “${cell}” in “${names[at]}” is ${form ? 'no number' : 'neither yes nor no'}; it counts as unknown.`,
          1,
        );
      return value;
    }),
  );
  listed.finish();
  const values = new Float32Array(table.count * names.length);
  for (let index = 0; index < table.count; index++)
    values.set(known[table.fileIds[index]!]!, index * names.length);
  return values;
}

/** The names as they stand there, whatever their capitals. */
function columnsOfFiles(table: SampleTable, names: readonly string[], place: string): string[] {
  const there = [...new Set(table.files.flatMap(({ columns }) => Object.keys(columns)))];
  return names.map((name) => {
    const found =
      there.find((one) => one === name) ??
      there.find((one) => one.toLowerCase() === name.trim().toLowerCase());
    if (found !== undefined) return found;
    throw new PretextError({
      code: 'labels.no-column',
      message: `There is no column “${name}” that says something of each file. ${there.length > 0 ? `Columns are: ${there.slice(0, 40).join(', ')}${there.length > 40 ? ', …' : ''}.` : 'No file of labels and no path pattern were given.'}`,
      place,
      remedy: 'Name columns of the file of labels (labels), as they stand in its first row.',
    });
  });
}

/** Numbers in one way of writing, told by all of them. */
function formOf(
  table: SampleTable,
  cellsOf: (file: number) => string[],
  options: ImportOptions,
  place: string,
): NumberFormat {
  const evidence = noEvidence();
  for (const file of table.files.keys()) for (const cell of cellsOf(file)) weigh(evidence, cell);
  const found = decideNumbers(evidence);
  const { decimal } = options.text;
  if (decimal === 'auto' && found.doubt === 'comma-either')
    throw new PretextError({
      code: 'labels.comma',
      message:
        'The numbers may have a decimal comma or a comma that groups thousands, and nothing tells which.',
      place: options.labels ?? place,
      remedy: 'Say which: decimal “comma”, or decimal “point”.',
    });
  const isComma = decimal === 'auto' ? found.decimal === ',' : decimal === 'comma';
  return isComma
    ? { decimal: ',', thousands: found.thousands || '.' }
    : { decimal: '.', thousands: found.thousands || ',' };
}

/** From a target that is the same in all samples nothing can be learned. */
function requireDifferences({ names, values }: SeveralTargets, options: ImportOptions, place: string): void {
  for (const [at, name] of names.entries()) {
    let [least, most, known] = [Infinity, -Infinity, 0];
    for (let i = at; i < values.length; i += names.length) {
      const value = values[i]!;
      if (Number.isNaN(value)) continue;
      known++;
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    if (least < most) continue;
    const one = options.target === 'labels' ? (most === 1 ? 'yes' : 'no') : String(most);
    throw new PretextError({
      code: 'labels.one-value',
      message:
        known === 0
          ? `“${name}” is known of no sample: there is nothing to learn from it.`
          : `“${name}” is ${one} wherever it is known (${known} samples): there is nothing to learn from it.`,
      place: options.labels ?? place,
      remedy: 'Leave it out of the columns that hold labels (labelColumns).',
    });
  }
}

function noColumns(place: string, { target }: ImportOptions): PretextError {
  const what = target === 'labels' ? 'labels' : 'numbers';
  return new PretextError({
    code: 'labels.no-columns',
    message: `Several ${what} are to be learned at once, and no column is named that holds one.`,
    place,
    remedy: `Name the columns of the ${what} (labelColumns).`,
  });
}

/** How many of its targets are known of each sample; NaN where none is. */
export function knownCounts({ names, values }: SeveralTargets): Float32Array {
  return Float32Array.from({ length: values.length / names.length }, (_, row) => {
    let known = 0;
    for (let at = 0; at < names.length; at++) if (!Number.isNaN(values[row * names.length + at])) known++;
    return known === 0 ? Number.NaN : known;
  });
}
