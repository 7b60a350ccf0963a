/** What an import of delimited text would find. */
import { createIssueList } from '../reading/issues.ts';
import { countPlaces, planPlaces } from '../reading/placed.ts';
import type { Reader } from '../reading/types.ts';
import { planColumns } from './columns.ts';
import type { Dialect } from './dialect.ts';
import { readHead, SignalProblem, signalFiles } from './head.ts';

const DELIMITERS: Record<Dialect['delimiter'], string> = {
  ',': 'commas',
  ';': 'semicolons',
  '\t': 'tabs',
  '|': 'bars',
  whitespace: 'spaces',
};

export const inspectSignals: Reader['inspect'] = async (listing, options) => {
  const files = signalFiles(listing, null);
  const heads: Dialect[] = [];
  const notes: string[] = [
    `${files.length} text ${files.length === 1 ? 'file' : 'files'}, one recording each.`,
  ];
  const step = Math.max(1, Math.floor(files.length / 8));
  for (let index = 0; index < files.length && heads.length < 8; index += step) {
    const file = files[index];
    if (!file) continue;
    const head = await readHead(file.absolute).catch((error: unknown) => {
      if (error instanceof SignalProblem) notes.push(`“${file.path}”: ${error.message}`);
      return null;
    });
    if (head) heads.push(head);
  }
  const first = heads[0];
  if (!first) return { classes: [], notes };
  const placing = await planPlaces(listing, files, options, createIssueList());
  const found = countPlaces(placing, files, options);
  notes.push(
    `${first.columnCount} columns, parted by ${DELIMITERS[first.delimiter]}, ${first.header ? 'with' : 'without'} a header.`,
  );
  const alike = heads.filter((head) => head.columnCount === first.columnCount);
  const { labelColumn } = planColumns(
    first,
    alike.map((head) => head.rows),
    options,
    {
      filesHaveLabels: placing.filesGiveLabels,
      foldersHaveLabels: found.classes.length > 1,
      place: listing.path,
    },
  );
  if (labelColumn !== null) {
    notes.push(
      `Column ${labelColumn + 1}${first.header ? ` (${first.header[labelColumn]})` : ''} looks like a label for every sample.`,
    );
  }
  return {
    ...found,
    notes: [...notes, ...found.notes],
    columns: first.header ?? Array.from({ length: first.columnCount }, (_, column) => `column ${column + 1}`),
    exampleRows: first.rows.slice(0, 5),
  };
};
