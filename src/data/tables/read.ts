/** Tables into a shard, a row a sample: looked at once to know their columns, then written in blocks. */
import type { ColumnOutline } from '../../contract/data/columns.ts';
import { PretextError } from '../../contract/errors.ts';
import { isSameUnit } from '../delimited/units.ts';
import { className } from '../delimited/runs.ts';
import { createLimit } from '../reading/limit.ts';
import { SampleTable } from '../reading/sample-table.ts';
import { yesOrNo } from '../reading/yes-no.ts';
import type { ReadRequest, ReadResult } from '../reading/types.ts';
import { encodersFor, type ColumnEncoder } from './encode.ts';
import { givesAwayWords } from './answers.ts';
import { sameWords } from './inspect.ts';
import { lookAtTables } from './look.ts';
import type { TableOptions } from './options.ts';
import { outlinesOf } from './plan.ts';
import { cellNumber, cellText, knownCell, type Cell, type CellForm, type TableSource } from './source.ts';

interface Purpose {
  outlines: ColumnOutline[];
  target: string | null;
  targets: readonly string[];
  weight: string | null;
  kept: readonly string[];
  /** Of all files; null where nobody counted them. */
  rows: number | null;
}

/** @throws PretextError `table.no-features`, and for options that name columns which there are not */
export async function readTables(
  request: ReadRequest<TableOptions>,
  sources: readonly TableSource[],
  form: CellForm,
): Promise<ReadResult> {
  const { listing, progress, form: wanted } = request;
  const { outlines, ...purpose } = wanted?.columns
    ? {
        outlines: presentIn(sources, wanted.columns),
        target: null,
        targets: [],
        weight: null,
        kept: [],
        rows: null,
      }
    : await purposeOf(request, sources, form);
  if (outlines.length === 0)
    throw new PretextError({
      code: 'table.no-features',
      message: 'No column is left that tells anything of a row.',
      place: listing.path,
      remedy: 'Say what columns are (kinds): those that were left out can be made features there.',
    });
  const table = new SampleTable();
  table.describe = (file, row) => `${file} row ${row}`;
  const encoders = encodersFor(outlines, form, wanted?.columns !== undefined);
  progress.phase('Reading rows', purpose.rows);
  for (const source of sources)
    await readSource(request, source, table, {
      encoders,
      width: outlines.length,
      ...purpose,
      form,
    });
  return {
    modality: 'table',
    shape: [outlines.length],
    dtype: 'float32',
    table,
    recordings: false,
    columns: outlines,
  };
}

/** Of a model's columns those that the files have; which are missing is told by whoever asked. */
function presentIn(sources: readonly TableSource[], wanted: readonly ColumnOutline[]): ColumnOutline[] {
  const names = new Set(sources.flatMap((source) => source.names));
  return wanted.filter(({ name, madeOf }) => names.has(madeOf?.column ?? name));
}

async function purposeOf(
  { listing, options, own, issues, progress, signal }: ReadRequest<TableOptions>,
  sources: readonly TableSource[],
  form: CellForm,
): Promise<Purpose> {
  progress.phase('Looking at the columns', null);
  const looked = await lookAtTables(sources, options, own, form, listing.path, {
    signal,
    onRows: (count) => progress.advance(count),
  });
  const [first] = sources;
  for (const { found } of looked.columns)
    if (found.use === 'left-out')
      issues.note(
        first?.path ?? '',
        'column-left-out',
        `Column “${found.name}” is left out. ${found.reason}`,
      );
  for (const { code, message, remedy, blocking } of looked.columns.flatMap(({ found }) => found.concerns)) {
    if (blocking) throw new PretextError({ code, message, place: listing.path, remedy });
    issues.note(first?.path ?? '', code.replace(/^.*\./, ''), message);
  }
  for (const names of looked.same) issues.note(first?.path ?? '', 'same-columns', sameWords(names));
  for (const found of looked.givesAway) issues.note(first?.path ?? '', 'gives-away', givesAwayWords(found));
  for (const { path, names } of sources) {
    const absent = looked.columns.filter(({ found }) => !names.includes(found.name));
    if (absent.length > 0)
      issues.note(
        path,
        'columns-absent',
        `It lacks ${absent.map(({ found }) => `“${found.name}”`).join(', ')}, which other files have: missing in all its rows.`,
      );
  }
  return {
    outlines: looked.columns.flatMap(({ found, survey }) =>
      found.use === 'feature' ? outlinesOf(found, survey, own) : [],
    ),
    target: looked.target,
    targets: looked.targets,
    weight: looked.weight,
    kept: looked.kept,
    rows: looked.rows + (looked.ragged?.count ?? 0),
  };
}

interface Writing extends Omit<Purpose, 'outlines' | 'rows'> {
  encoders: readonly ColumnEncoder[];
  /** Numbers of a stored row. */
  width: number;
  form: CellForm;
}

async function readSource(
  { writer, issues, progress, signal, options }: ReadRequest<TableOptions>,
  { path, names, units, rows }: TableSource,
  table: SampleTable,
  { encoders, width, target, targets, weight, kept, form }: Writing,
): Promise<void> {
  const listed = createLimit(issues, path);
  const places = encoders.map(({ column }) => names.indexOf(column));
  const inOther = encoders.map(({ column, unit }, place) => {
    const told = units[places[place]!] ?? null;
    const isOther = told !== null && typeof unit === 'string' && !isSameUnit(told, unit);
    if (isOther)
      issues.note(
        path,
        'other-unit',
        `“${column}” is in ${told} by its head, and in ${unit} as the model knows it: it counts as missing.`,
      );
    return isOther;
  });
  const targetAt = target === null ? -1 : names.indexOf(target);
  const targetsAt = targets.map((name) => names.indexOf(name));
  const weightAt = weight === null ? -1 : names.indexOf(weight);
  const keptAt = kept.map((name) => names.indexOf(name));
  const fileOf = filesByValues(table, path, kept);
  const row = new Float32Array(width);
  for await (const block of rows((reason, message, line) => listed.note(reason, message, line))) {
    signal.throwIfAborted();
    const values = new Float32Array(block.length * width);
    const start = writer.position;
    let written = 0;
    for (const { line, cells } of block) {
      if (cells.length !== names.length) {
        listed.leaveOut(
          'ragged',
          `Row ${line} has ${cells.length} cells, ${names.length} columns are named: ${cells.slice(0, 4).join(', ')}${cells.length > 4 ? ', …' : ''}`,
          line,
        );
        continue;
      }
      const counts = weight === null ? 1 : weightOf(cells[weightAt], form);
      if (counts === null) {
        listed.leaveOut(
          'no-weight',
          `Row ${line}: “${cells[weightAt] ?? ''}” in “${weight}” is no weight above 0.`,
          line,
        );
        continue;
      }
      let at = 0;
      encoders.forEach((encoder, place) => {
        const cell = inOther[place] ? null : knownCell(cells[places[place]!], form);
        if (cell === null) row.fill(NaN, at, at + encoder.width);
        else if (!encoder.encode(cell, row, at))
          listed.note(
            'other-kind',
            `Row ${line}: “${cell}” in “${encoder.column}” is not ${encoder.expected(cell)}; it counts as missing.`,
            line,
          );
        at += encoder.width;
      });
      values.set(row, written * width);
      const cell = targetAt < 0 ? null : knownCell(cells[targetAt], form);
      const isNumber = options.target === 'number';
      const number = cell === null || !isNumber ? NaN : cellNumber(cell, form);
      if (cell !== null && isNumber && Number.isNaN(number))
        listed.note(
          'no-number',
          `Row ${line}: “${cell}” in “${target}” is no number; the row has no label.`,
          line,
        );
      table.add({
        offset: start + written * width * 4,
        file: fileOf(keptAt.map((column) => cellText(knownCell(cells[column], form) ?? ''))),
        row: line,
        label: cell === null || isNumber ? -1 : table.labelId(className(cellText(cell))),
        number,
        block: 0,
      });
      if (weight !== null) table.addWeight(counts);
      if (targets.length > 0)
        table.addTargets(
          targetsAt.map((column, place) => {
            const known = knownCell(cells[column], form);
            if (known === null) return NaN;
            const value = options.target === 'labels' ? yesOrNo(cellText(known)) : cellNumber(known, form);
            if (Number.isNaN(value))
              listed.note(
                'no-target',
                `Row ${line}: “${known}” in “${targets[place]}” is ${options.target === 'labels' ? 'neither yes nor no' : 'no number'}; it counts as unknown.`,
                line,
              );
            return value;
          }),
        );
      written++;
    }
    await writer.append(new Uint8Array(values.buffer, 0, written * width * 4));
    progress.advance(block.length);
  }
  listed.finish();
}

/** How much a row counts; null where the cell does not say it. */
function weightOf(cell: Cell | undefined, form: CellForm): number | null {
  const known = knownCell(cell, form);
  const weight = known === null ? NaN : cellNumber(known, form);
  return weight > 0 ? weight : null;
}

/** Rows of one file with the same values in the columns of groups and splits share an entry. */
function filesByValues(table: SampleTable, path: string, names: readonly string[]) {
  const known = new Map<string, number>();
  return (values: readonly string[]): number => {
    const key = values.join('\0');
    let file = known.get(key);
    if (file === undefined) {
      const columns = Object.fromEntries(names.map((name, at) => [name, values[at]!]));
      file = table.addFile({ path, folderSplit: -1, columns });
      known.set(key, file);
    }
    return file;
  };
}
