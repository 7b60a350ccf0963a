/** Tables in Excel workbooks. */
import { textField } from '../../contract/fields.ts';
import { tableSchema } from '../tables/options.ts';
import { openXlsxFile } from '../tables/stored/xlsx.ts';
import { storedTableReader } from './stored-table-reader.ts';

export const xlsxTable = storedTableReader({
  id: 'xlsx-table',
  title: 'Tables in Excel workbooks',
  summary: 'A sheet of an Excel workbook (.xlsx), a row a sample; formulas by the values that Excel kept.',
  extensions: ['xlsx', 'xlsm'],
  heeds: ['text.headerLine'],
  options: tableSchema.extend({
    sheet: textField({
      title: 'Sheet',
      help: 'Name of the sheet to read. Default: the one that holds values; asked where several do.',
      optional: true,
    }),
  }),
  looksLike: (head) => Buffer.from(head.subarray(0, 2)).toString('latin1') === 'PK',
  open: (file, { sheet }, { text }) => openXlsxFile(file, { sheet, headerLine: text.headerLine }),
});
