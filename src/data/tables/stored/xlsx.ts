/** A sheet of an Excel workbook as a table: its rows streamed, formulas by the values that Excel kept with them. */
import { breathe } from '../../breathe.ts';
import { FileProblem } from '../../problem.ts';
import type { ListedFile } from '../../reading/listing.ts';
import { openBytes } from '../../recordings/bytes.ts';
import type { Doubt } from '../../../contract/messages/rpc.ts';
import type { Cell, SourceRow } from '../source.ts';
import { headOfSheet } from './sheet-head.ts';
import { namesOf, rowsAtOnce, whichOf, type StoredTable } from './stored.ts';
import { cellsOfSheet, noSheetFacts, type SheetFacts } from './xlsx-cells.ts';
import { openWorkbook, type Sheet, type Workbook } from './xlsx-book.ts';

export interface XlsxChoice {
  sheet?: string | undefined;
  /** Of the names, from 1; 0 where there are none. */
  headerLine?: number | undefined;
}

const HEAD_ROWS = 50;
const MOST_LOOKED_AT = 50_000;

export async function openXlsxFile(
  { path, absolute }: ListedFile,
  { sheet: wanted, headerLine }: XlsxChoice,
): Promise<StoredTable> {
  const book = await openWorkbook(await openBytes(absolute));
  try {
    const filled: { sheet: Sheet; rows: SourceRow[] }[] = [];
    const asked = wanted === undefined ? book.sheets : [chosenSheet(book, wanted)];
    for (const sheet of asked) {
      const rows = await firstRows(book, sheet);
      if (rows.length > 0) filled.push({ sheet, rows });
    }
    const [first] = filled;
    if (!first) throw new FileProblem('empty', 'The workbook holds no cell with a value.');
    const { sheet, rows } = first;
    const head = headOfSheet(rows, sheet.name, headerLine);
    const doubts: Doubt[] = [...head.doubts];
    if (filled.length > 1)
      doubts.unshift(
        whichOf(
          'sheets',
          'options.sheet',
          filled.map((one) => one.sheet.name),
          path,
        ),
      );
    const { names, notes } = namesOf(head.titles);
    const { facts, isWhole } = await factsOf(book, sheet);
    return {
      path,
      names,
      units: head.units,
      notes: [
        ...notes,
        ...head.notes,
        ...sheetNotes(facts, isWhole ? `“${sheet.name}”` : `the first rows of “${sheet.name}”`),
      ],
      doubts,
      rows: (onProblem) => rowsOf(absolute, sheet, names.length, head.dataLine, onProblem),
    };
  } finally {
    await book.close();
  }
}

function chosenSheet(book: Workbook, name: string): Sheet {
  const found =
    book.sheets.find((sheet) => sheet.name === name) ??
    book.sheets.find((sheet) => sheet.name.toLowerCase() === name.trim().toLowerCase());
  if (found) return found;
  throw new FileProblem(
    'no-sheet',
    `There is no sheet “${name}”. The sheets are: ${book.sheets.map((sheet) => sheet.name).join(', ')}.`,
  );
}

async function firstRows(book: Workbook, sheet: Sheet): Promise<SourceRow[]> {
  const rows: SourceRow[] = [];
  for await (const block of cellsOfSheet(book, sheet, noSheetFacts())) {
    rows.push(...block);
    if (rows.length >= HEAD_ROWS) break;
  }
  return rows.slice(0, HEAD_ROWS);
}

/** Formulas and merged cells, of as many rows as can be looked at while somebody waits. */
async function factsOf(book: Workbook, sheet: Sheet): Promise<{ facts: SheetFacts; isWhole: boolean }> {
  const facts = noSheetFacts();
  let rows = 0;
  for await (const block of cellsOfSheet(book, sheet, facts)) {
    rows += block.length;
    if (rows > MOST_LOOKED_AT) return { facts, isWhole: false };
    await breathe();
  }
  return { facts, isWhole: true };
}

function sheetNotes(facts: SheetFacts, where: string): StoredTable['notes'] {
  const { formulas, uncomputed, merged } = facts;
  const notes: StoredTable['notes'] = [];
  const hold = (count: number) =>
    count === 1 ? 'One cell holds a formula' : `${count.toLocaleString('en')} cells hold formulas`;
  if (formulas > uncomputed)
    notes.push({
      reason: 'formulas',
      message: `${hold(formulas - uncomputed)} in ${where} (the first is ${facts.firstFormula}): what was kept with it is read.`,
    });
  if (uncomputed > 0)
    notes.push({
      reason: 'formulas-without-value',
      message: `${hold(uncomputed)} without a value in ${where} (the first is ${facts.firstUncomputed}), which counts as missing: open the file in Excel and save it.`,
    });
  if (merged > 0)
    notes.push({
      reason: 'merged-cells',
      message: `${merged === 1 ? 'An area' : `${merged} areas`} of ${where} ${merged === 1 ? 'is' : 'are'} merged: the value stands in the first cell, the others are missing.`,
    });
  return notes;
}

async function* rowsOf(
  absolute: string,
  sheet: Sheet,
  width: number,
  dataLine: number,
  onProblem: Parameters<StoredTable['rows']>[0],
): AsyncGenerator<SourceRow[]> {
  const book = await openWorkbook(await openBytes(absolute));
  try {
    const atOnce = rowsAtOnce(width);
    const facts = noSheetFacts((cell, error, line) =>
      onProblem('cell-error', `Cell ${cell} holds the error ${error}, and counts as missing.`, line),
    );
    for await (const block of cellsOfSheet(book, sheet, facts, dataLine)) {
      for (let first = 0; first < block.length; first += atOnce)
        yield block
          .slice(first, first + atOnce)
          .map(({ line, cells }) => ({ line, cells: filledTo(cells, width) }));
      await breathe();
    }
  } finally {
    await book.close();
  }
}

/** Cells that are empty at the end of a row are not written. */
function filledTo(cells: readonly Cell[], width: number): readonly Cell[] {
  if (cells.length >= width) {
    const extra = cells.slice(width);
    return extra.every((cell) => cell === '') ? cells.slice(0, width) : cells;
  }
  return [...cells, ...new Array<Cell>(width - cells.length).fill('')];
}
