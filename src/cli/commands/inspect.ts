import { InvalidArgumentError, Option, type Command } from 'commander';
import { resolve } from 'node:path';
import type { ReaderDescription } from '../../contract/catalogue.ts';
import {
  previewWishSchema,
  type PreparationPreview,
} from '../../contract/data/recordings/preparation-preview.ts';
import type { Inspection } from '../../contract/messages/rpc.ts';
import type { ImportOptions } from '../../contract/recipe/recipe.ts';
import { printJson, printLine, type Environment } from '../environment.ts';
import { inFlags } from '../flags/flag-words.ts';
import { addImportFlags, toImportOptions } from '../flags/import-options.ts';
import { kindText } from './kind.ts';
import { bytes, plural, table } from '../words/text.ts';

interface Options {
  json?: boolean;
  prepared?: number;
  at?: number;
  recording?: string;
}
const positive = (text: string): number => {
  const number = Number(text);
  if (text.trim() !== '' && number >= 0 && Number.isFinite(number)) return number;
  throw new InvalidArgumentError('It must be a number of seconds.');
};
const SHOWN = 12;

export function addInspect(
  data: Command,
  environment: Environment,
  readers: readonly ReaderDescription[],
): void {
  const command = data
    .command('inspect <path>')
    .description('say what an import would find, and what it would make of it, without importing')
    // Scripts of earlier versions give it.
    .addOption(new Option('--project <folder>').hideHelp())
    .option(
      '--prepared <seconds>',
      'show so much of a recording as it was recorded and after each step of its preparation',
      positive,
    )
    .option('--at <seconds>', 'where that begins; default: in the middle', positive)
    .option('--recording <path>', 'which recording; default: the first')
    .option('--json', 'print one JSON document');
  addImportFlags(command, readers).action(async (path: string, options: Options) => {
    const from = (part: string) => resolve(environment.folder, part);
    const { path: where, ...rest } = toImportOptions(path, { ...options }, readers);
    const wanted = { ...rest, ...(rest.labels && { labels: from(rest.labels) }) };
    // It concerns no project: files are looked at before there is one.
    const { inspect } = await import('../../data/inspect.ts');
    const asked = { ...wanted, path: from(where) };
    const found = await inspect(asked.path, asked);
    const preview = await previewOf(asked, options);
    if (options.json) printJson(environment, preview ? { ...found, preview } : found);
    else printLine(environment, inspectionText(found, readers));
    if (preview && !options.json) printLine(environment, previewText(preview));
  });
}

async function previewOf(
  options: ImportOptions,
  { prepared, at, recording }: Options,
): Promise<PreparationPreview | null> {
  if (prepared === undefined) return null;
  const { previewPreparation } = await import('../../data/preview.ts');
  const wish = previewWishSchema.parse({ file: recording, from: at, seconds: prepared, channels: 256 });
  return previewPreparation(options.path, options, wish);
}

function inspectionText(found: Inspection, readers: readonly ReaderDescription[]): string {
  const { format, files, classes, splits, unlabeled, folders, notes, doubts, signalKind } = found;
  const title = readers.find(({ id }) => id === format)?.title;
  const levels = (folders?.levels ?? []).map(
    ({ role, names, nameCount, why }, at) =>
      `  level ${at + 1}: ${role} (${names
        .slice(0, 4)
        .map(({ name }) => name)
        .join(', ')}${nameCount > 4 ? `, … ${nameCount} in all` : ''}): ${why}`,
  );
  const names = classes.slice(0, SHOWN).map(({ name, files: count }) => `${name} (${count})`);
  return [
    `${plural(files, 'file')}, ${bytes(found.bytes)}, read as ${title ?? format ?? 'nothing that is known'}`,
    ...(levels.length > 0 ? ['Folders:', ...levels] : []),
    ...(folders?.alternatives ?? [])
      .slice(0, 3)
      .map((other) => `  or --folders ${other.folders} (${other.words})`),
    ...(names.length > 0
      ? [`Classes: ${names.join(', ')}${classes.length > SHOWN ? `, … ${classes.length} in all` : ''}`]
      : []),
    ...(unlabeled > 0
      ? [`${plural(unlabeled, found.tableColumns.length > 0 ? 'row' : 'file')} without a label`]
      : []),
    ...(splits
      ? [`Split by folder: ${splits.train} train, ${splits.validation} validation, ${splits.test} test`]
      : []),
    ...(folders?.warnings ?? []).map((warning) => `Warning: ${warning}`),
    ...kindText({ signalKind: signalKind ?? undefined }),
    ...notes,
    ...columnLines(found),
    ...doubts.map(
      ({ message, remedy, blocking }) =>
        `${blocking ? 'To be answered' : 'Doubtful'}: ${message} ${inFlags(remedy, readers)}`,
    ),
  ].join('\n');
}

/** What each column of a table is taken as: “age  whole number, feature, 3 of 900 missing. All cells …”. */
function columnLines({ tableColumns }: Inspection): string[] {
  if (tableColumns.length === 0) return [];
  const width = Math.max(...tableColumns.map(({ name }) => name.length));
  return [
    'Columns:',
    ...tableColumns.map(({ name, kind, use, unit, missing, rows, distinct, isMoreDistinct, reason }) => {
      const unknown = missing === 0 ? '' : `, ${missing} of ${rows} missing`;
      return `  ${name.padEnd(width)}  ${kind}${unit ? ` (${unit})` : ''}, ${use}, ${isMoreDistinct ? 'more than ' : ''}${distinct.toLocaleString('en')} different${unknown}. ${reason}`;
    }),
  ];
}

/** Range and deviation of the first channels after each step; the values themselves are in the document. */
function previewText({ file, from, seconds, rate, partOf, stages }: PreparationPreview): string {
  const unit = rate === null ? 'rows' : 's';
  const rows = stages.flatMap(({ words, channels }, step) =>
    channels
      .slice(0, SHOWN)
      .map(({ name, smallest, largest, deviation }, at) => [
        at > 0 ? '' : step === 0 ? 'as recorded' : `${step}. ${words}`,
        name,
        ...[smallest, largest, deviation].map((one) => String(Number(one.toPrecision(5)))),
      ]),
  );
  return [
    `\n“${file}”, ${Number(from.toPrecision(6))} to ${Number((from + seconds).toPrecision(6))} ${unit}:`,
    ...(partOf === null
      ? []
      : [
          `The steps went over ${Math.round(partOf)} ${unit} around it; an import goes over the whole recording.`,
        ]),
    table(['after', 'channel', 'smallest', 'largest', 'deviation'], rows, [2, 3, 4]),
  ].join('\n');
}
