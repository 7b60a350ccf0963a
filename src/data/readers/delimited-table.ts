/** Tables in delimited text: a row a sample, a column a number, a category or a date. */
import { basename } from 'node:path';
import type { ImportOptions } from '../../contract/index.ts';
import { PretextError } from '../../contract/errors.ts';
import { DELIMITER_TITLES } from '../delimited/lines.ts';
import { ENCODING_TITLES } from '../delimited/encoding.ts';
import { nothingLeft } from '../reading/issues.ts';
import { ACCOMPANYING, type Listing } from '../reading/listing.ts';
import { defineReader } from '../reading/types.ts';
import { hasTimes, hasWords, headsOf, isMostlyNumbers } from '../signals/recognise.ts';
import { SIGNAL_EXTENSIONS, signalFiles } from '../signals/signal-plan.ts';
import { openDelimited, type DelimitedTables } from '../tables/delimited.ts';
import { inspectTables } from '../tables/inspect.ts';
import { tableSchema } from '../tables/options.ts';
import { readTables } from '../tables/read.ts';
import { cellForm } from '../tables/source.ts';

const LOOKED_AT = 3;
/** Beside numbers a word that changes often may be a fact of each row, or of each moment. */
const OR_SIGNALS =
  'Each row is read as a sample of its own. Where rows are moments of a recording, choose the format “delimited-signals”.';

export const delimitedTable = defineReader<typeof tableSchema>({
  id: 'delimited-table',
  title: 'Tables in text files (CSV)',
  summary:
    'CSV and other delimited text, plain or .gz, a row a sample; the kind of each column is found, and can be chosen.',
  modalities: ['table'],
  extensions: SIGNAL_EXTENSIONS,
  filesAtOnce: 16,
  heeds: [
    ...(['labelColumn', 'labelColumns', 'target', 'group'] as const),
    ...(['text.encoding', 'text.delimiter', 'text.decimal', 'text.headerLine'] as const),
  ],
  options: tableSchema,
  async recognise(listing) {
    const others = listing.files.filter(({ path }) => !ACCOMPANYING.test(basename(path)));
    if (signalFiles(listing, null).length !== others.length && !listing.isFile) return 0;
    const heads = await headsOf(listing, LOOKED_AT);
    const names = new Set(heads.map(({ header }) => JSON.stringify(header && [...header].sort())));
    const isOne = names.size === 1 && heads.every(({ header, columnCount }) => header && columnCount > 1);
    if (!isOne) return 0;
    // Numbers alone, beside times and labels that stay for long, may as well be a recording, which knows how to ask.
    // Words that change from row to row are facts of rows, however many numbers stand beside them.
    if (!heads.some(hasWords)) return 0.5;
    return heads.some(hasTimes) ? 0.55 : 0.65;
  },
  async inspect(listing, options, own) {
    const tables = await openDelimited(signalFiles(listing, null), options);
    const problems = tables.unreadable
      .slice(0, LOOKED_AT)
      .map(({ path, message }) => `“${path}”: ${message}`);
    if (tables.sources.length === 0) return { classes: [], notes: problems };
    const found = await inspectTables(
      tables.sources,
      options,
      own,
      cellForm(tables.format, own),
      listing.path,
    );
    return {
      ...found,
      doubts: [...tables.doubts, ...(found.doubts ?? [])],
      notes: [
        ...writtenWords(tables),
        ...found.notes,
        ...tables.notes.map(({ message }) => message),
        ...problems,
        ...(await orSignals(listing, options)),
      ],
    };
  },
  async read(request) {
    const { listing, options, own, issues } = request;
    const tables = await openDelimited(signalFiles(listing, issues), options);
    for (const { path, reason, message } of tables.unreadable) issues.leaveOut(path, reason, message);
    if (tables.sources.length === 0) throw nothingLeft(listing.path, 'tables', issues.all);
    const open = tables.doubts.find(({ blocking }) => blocking);
    if (open)
      throw new PretextError({
        code: open.code,
        message: open.message,
        place: listing.path,
        remedy: open.remedy,
      });
    for (const { code, message } of tables.doubts)
      issues.note(basename(listing.path), code.replace(/^.*\./, ''), message);
    for (const { path, reason, message } of tables.notes) issues.note(path, reason, message);
    return readTables(request, tables.sources, cellForm(tables.format, own));
  },
});

/** As signals name their other reading, where nobody chose one. */
async function orSignals(listing: Listing, { format }: ImportOptions): Promise<string[]> {
  if (format !== 'auto') return [];
  return (await headsOf(listing, LOOKED_AT)).some(isMostlyNumbers) ? [OR_SIGNALS] : [];
}

function writtenWords({ heads, format, sources }: DelimitedTables): string[] {
  const [head] = heads;
  if (!head) return [];
  const decimals = format.decimal === ',' ? ', decimal commas' : '';
  const thousands = format.thousands === '' ? '' : `, thousands grouped as 1${format.thousands}234`;
  return [
    `${sources[0]!.names.length} columns, parted by ${DELIMITER_TITLES[head.dialect.delimiter]}${decimals}${thousands}, ${ENCODING_TITLES[head.encoding]}.`,
  ];
}
