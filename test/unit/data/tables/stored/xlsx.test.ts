import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { openXlsxFile, type XlsxChoice } from '../../../../../src/data/tables/stored/xlsx.ts';
import { allRows, listed } from './made.ts';

type Sheet = { name: string; rows: string; more?: string; state?: string };

/** A workbook by its parts, as ECMA-376 names them. */
function workbook(sheets: Sheet[], texts: string[] = []): Uint8Array {
  const parts: Record<string, string> = {
    '[Content_Types].xml': '<Types/>',
    'xl/workbook.xml': `<workbook xmlns:r="r"><sheets>${sheets.map(({ name, state }, at) => `<sheet name="${name}" sheetId="${at + 1}"${state ? ` state="${state}"` : ''} r:id="r${at}"/>`).join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships>${sheets.map((_, at) => `<Relationship Id="r${at}" Target="worksheets/sheet${at + 1}.xml"/>`).join('')}</Relationships>`,
    'xl/sharedStrings.xml': `<sst>${texts.map((text) => `<si><t>${text}</t></si>`).join('')}</sst>`,
  };
  for (const [at, { rows, more = '' }] of sheets.entries())
    parts[`xl/worksheets/sheet${at + 1}.xml`] =
      `<worksheet><sheetData>${rows}</sheetData>${more}</worksheet>`;
  return zipSync(Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, strToU8(text)])));
}
const inline = (place: string, text: string) => `<c r="${place}" t="inlineStr"><is><t>${text}</t></is></c>`;
const number = (place: string, value: number) => `<c r="${place}"><v>${value}</v></c>`;
const row = (at: number, ...cells: string[]) => `<row r="${at}">${cells.join('')}</row>`;
const people = [
  row(1, inline('A1', 'name'), inline('B1', 'age')),
  row(2, '<c r="A2" t="s"><v>1</v></c>', number('B2', 36)),
  row(3, inline('A3', 'Bob'), number('B3', 7.5)),
].join('');
const open = async (sheets: Sheet[], choice: XlsxChoice = {}, texts: string[] = ['unused', 'Ada']) =>
  openXlsxFile(await listed('a.xlsx', workbook(sheets, texts)), choice);

it('reads names, texts of both kinds and numbers, with the lines of the sheet', async () => {
  const opened = await open([{ name: 'People', rows: people }]);
  expect(opened).toMatchObject({ path: 'a.xlsx', names: ['name', 'age'], notes: [], doubts: [] });
  expect(await allRows(opened)).toMatchObject({
    cells: [
      ['Ada', 36],
      ['Bob', 7.5],
    ],
    lines: [2, 3],
    problems: [],
  });
});

it('fills rows up to the names, and drops what is empty behind them', async () => {
  const rows =
    people +
    row(4, inline('A4', 'Eve')) +
    row(6, inline('A6', 'Kim'), number('B6', 1), '<c r="C6"><v></v></c>');
  const { cells, lines } = await allRows(await open([{ name: 'People', rows }]));
  expect(cells.slice(2)).toEqual([
    ['Eve', ''],
    ['Kim', 1],
  ]);
  expect(lines.slice(2)).toEqual([4, 6]);
});

describe('sheets', () => {
  const other =
    row(1, inline('A1', 'x'), inline('B1', 'y')) +
    row(2, number('A2', 1), number('B2', 2)) +
    row(3, number('A3', 3), number('B3', 4));
  const sheets = [
    { name: 'Empty', rows: '' },
    { name: 'People', rows: people },
    { name: 'Other', rows: other },
  ];

  it('of which several hold cells are asked about; the first is read until then', async () => {
    const opened = await open(sheets);
    expect(opened.names).toEqual(['name', 'age']);
    expect(opened.doubts[0]).toMatchObject({
      code: 'table.which',
      message: '“a.xlsx” holds 2 sheets: People, Other.',
      remedy: 'Name the one to read (options.sheet).',
      blocking: true,
    });
  });

  it('are read by their name, in any case of letters', async () => {
    const opened = await open(sheets, { sheet: ' other ' });
    expect([opened.names, opened.doubts]).toEqual([['x', 'y'], []]);
    await expect(open(sheets, { sheet: 'Gone' })).rejects.toMatchObject({
      reason: 'no-sheet',
      message: 'There is no sheet “Gone”. The sheets are: Empty, People, Other.',
    });
  });

  it('that are hidden or empty are none', async () => {
    const hidden = await open([
      { name: 'Notes', rows: other, state: 'hidden' },
      { name: 'People', rows: people },
    ]);
    expect([hidden.names, hidden.doubts]).toEqual([['name', 'age'], []]);
    await expect(open([{ name: 'Empty', rows: '' }])).rejects.toMatchObject({
      reason: 'empty',
      message: 'The workbook holds no cell with a value.',
    });
  });
});

describe('what is odd in a sheet', () => {
  it('is said: formulas with and without a value, and merged cells', async () => {
    const rows =
      people +
      row(4, inline('A4', 'Sum'), '<c r="B4"><f>SUM(B2:B3)</f><v>43.5</v></c>') +
      row(5, inline('A5', 'New'), '<c r="B5"><f>B4*2</f></c>');
    const opened = await open([
      { name: 'People', rows, more: '<mergeCells><mergeCell ref="A7:B7"/></mergeCells>' },
    ]);
    expect(opened.notes.map(({ reason, message }) => [reason, message])).toEqual([
      ['formulas', 'One cell holds a formula in “People” (the first is B4): what was kept with it is read.'],
      [
        'formulas-without-value',
        'One cell holds a formula without a value in “People” (the first is B5), which counts as missing: open the file in Excel and save it.',
      ],
      [
        'merged-cells',
        'An area of “People” is merged: the value stands in the first cell, the others are missing.',
      ],
    ]);
    expect((await allRows(opened)).cells.slice(2)).toEqual([
      ['Sum', 43.5],
      ['New', ''],
    ]);
  });

  it('is told of errors when rows are read', async () => {
    const { cells, problems } = await allRows(
      await open([
        { name: 'People', rows: people + row(4, inline('A4', 'Odd'), '<c r="B4" t="e"><v>#DIV/0!</v></c>') },
      ]),
    );
    expect(cells[2]).toEqual(['Odd', '']);
    expect(problems).toEqual([['cell-error', 'Cell B4 holds the error #DIV/0!, and counts as missing.', 4]]);
  });
});

it('says what is no workbook', async () => {
  await expect(
    openXlsxFile(await listed('a.xlsx', zipSync({ 'a.txt': strToU8('x') })), {}),
  ).rejects.toMatchObject({
    reason: 'unsupported',
    message:
      'The file is no workbook of Excel (.xlsx): it has no part “xl/_rels/workbook.xml.rels”. Save it as .xlsx or .csv.',
  });
  await expect(openXlsxFile(await listed('a.xlsx', strToU8('a,b\n1,2\n')), {})).rejects.toMatchObject({
    reason: 'broken',
  });
});
