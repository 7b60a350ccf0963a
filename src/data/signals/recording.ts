/** Reads one recording into the shard, once, as float32 [time, channels]; windows are offsets into it. */
import { createHash } from 'node:crypto';
import { parseTargetNumber } from '../reading/annotations.ts';
import { readChunks } from '../reading/byte-stream.ts';
import { describeFileError } from '../reading/issues.ts';
import type { ListedFile } from '../reading/listing.ts';
import { breathe } from '../breathe.ts';
import type { FolderSplit } from '../folders/names.ts';
import type { SampleTable } from '../reading/sample-table.ts';
import type { ReadRequest } from '../reading/types.ts';
import type { ColumnPlan } from './columns.ts';
import type { Dialect } from './dialect.ts';
import { asSignalProblem, dialectOf, SignalProblem } from './head.ts';
import { RowParser } from './row-parser.ts';
import { blockLength, cutWindows, type WindowCounts } from './windows.ts';

export interface RecordingPlan {
  /** Of the first recording: columns have to agree with it. */
  dialect: Dialect;
  columns: ColumnPlan;
  windowLength: number;
  windowStride: number;
  /** SHA-256 of the text of every recording so far, with its path. */
  hashes: Map<string, string>;
}

export interface RecordingFile {
  file: ListedFile;
  columns: Record<string, string>;
  folderSplit: FolderSplit;
  folderGroup: string | null;
  /** The whole file's label. */
  label: string | null;
}

const MOST_ROW_ISSUES = 50;
const WINDOWS_AT_ONCE = 20_000;
const DIALECT_BYTES = 16 * 1024;
const DIALECT_LINES = 60;

/** What is wrong with the recording is listed; nothing of it stays in the shard if it gives no window. */
export async function readRecording(
  request: ReadRequest,
  table: SampleTable,
  plan: RecordingPlan,
  recording: RecordingFile,
): Promise<void> {
  const { writer, issues } = request;
  const start = writer.position;
  const path = recording.file.path;
  try {
    const parser = await store(request, plan, recording.file);
    const added = await addWindows(request, table, plan, recording, parser, start);
    if (added === 0) await writer.rewind(start);
  } catch (error) {
    request.signal.throwIfAborted();
    await writer.rewind(start);
    const problem = asSignalProblem(error);
    if (problem instanceof SignalProblem) issues.leaveOut(path, problem.reason, problem.message);
    else if (isFileError(problem)) {
      const { reason, message } = describeFileError(problem, path);
      issues.leaveOut(path, reason, message);
    } else throw problem;
  }
}

async function store(request: ReadRequest, plan: RecordingPlan, file: ListedFile): Promise<RowParser> {
  let parser: RowParser | null = null;
  const hash = createHash('sha256');
  const append = (values: Float32Array) =>
    request.writer.append(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  for await (const chunk of readChunks(file.absolute)) {
    request.signal.throwIfAborted();
    hash.update(chunk);
    parser ??= openParser(request, plan, chunk);
    await append(parser.push(chunk));
    await breathe();
  }
  parser ??= openParser(request, plan, Buffer.alloc(0));
  await append(parser.finish());
  const digest = hash.digest('hex');
  const first = plan.hashes.get(digest);
  if (first !== undefined)
    throw new SignalProblem('duplicate', `The same recording as ${first}, which is kept.`);
  plan.hashes.set(digest, file.path);
  return parser;
}

/** Each file may be written in its own way, as long as its columns are those of the first. */
function openParser(request: ReadRequest, plan: RecordingPlan, chunk: Buffer): RowParser {
  const head = chunk.subarray(0, DIALECT_BYTES);
  const dialect = dialectOf(head, chunk.length <= DIALECT_BYTES, DIALECT_LINES);
  if (dialect === null) throw new SignalProblem('empty', 'The file holds no rows of data.');
  refuseOtherColumns(dialect, plan.dialect);
  return new RowParser({
    dialect,
    channelColumns: plan.columns.channelColumns,
    labelColumn: plan.columns.labelColumn,
    numberLabels: request.options.target === 'number',
  });
}

function refuseOtherColumns(found: Dialect, first: Dialect): void {
  if (found.columnCount !== first.columnCount) {
    throw new SignalProblem(
      'other-columns',
      `The file has ${found.columnCount} columns, the first recording ${first.columnCount}. Import it as a dataset of its own.`,
    );
  }
  const names = (header: string[] | null) => header?.join(', ') ?? 'none';
  if (found.header && first.header && names(found.header) !== names(first.header)) {
    throw new SignalProblem(
      'other-columns',
      `The column names differ from the first recording’s: ${names(found.header)} instead of ${names(first.header)}.`,
    );
  }
}

async function addWindows(
  request: ReadRequest,
  table: SampleTable,
  plan: RecordingPlan,
  recording: RecordingFile,
  parser: RowParser,
  start: number,
): Promise<number> {
  const { options, issues } = request;
  const { windowLength: length, windowStride: stride } = plan;
  const path = recording.file.path;
  if (parser.rowCount < length) {
    issues.leaveOut(
      path,
      'too-short',
      `The recording has ${parser.rowCount} rows; one window needs ${length}.`,
    );
    return 0;
  }
  const isNumber = options.target === 'number';
  const named = (value: string | null) =>
    value === null ? null : (options.signals.classNames?.[value] ?? value);
  const labelIds = isNumber ? [] : parser.labelValues.map((value) => table.labelId(named(value)));
  const fileLabel = isNumber ? -1 : table.labelId(named(recording.label));
  const fileNumber = isNumber ? parseTargetNumber(recording.label, path, issues) : NaN;
  const { folderSplit, folderGroup, columns } = recording;
  const file = table.addFile({ path, folderSplit, folderGroup, columns });
  const rowBytes = 4 * plan.columns.channelNames.length;
  const counts: WindowCounts = { bad: 0, mixed: 0 };
  const windows = cutWindows(
    {
      rowCount: parser.rowCount,
      length,
      stride,
      badRows: parser.badRows,
      runStarts: parser.runStarts,
      runLabels: parser.runLabels,
      mixed: options.signals.mixedWindows,
      blockRows: blockLength(parser.rowCount, length, stride),
    },
    counts,
  );
  let added = 0;
  for (const window of windows) {
    table.add({
      offset: start + window.start * rowBytes,
      file,
      row: window.start,
      label: plan.columns.labelColumn === null ? fileLabel : (labelIds[window.label] ?? -1),
      number:
        isNumber && plan.columns.labelColumn !== null ? meanOf(parser, window.start, length) : fileNumber,
      block: window.block,
    });
    added += 1;
    if (added % WINDOWS_AT_ONCE === 0) await breathe();
  }
  reportBadRows(request, plan, path, parser, counts);
  return added;
}

/** The mean of a window's label numbers; NaN if one is missing. */
function meanOf(parser: RowParser, start: number, length: number): number {
  let sum = 0;
  for (let row = start; row < start + length; row += 1) sum += parser.numbers[row] ?? NaN;
  return sum / length;
}

function reportBadRows(
  { issues }: ReadRequest,
  plan: RecordingPlan,
  path: string,
  { badRows }: RowParser,
  counts: WindowCounts,
): void {
  for (const bad of badRows.slice(0, MOST_ROW_ISSUES)) {
    const rows = bad.line === bad.lastLine ? `Row ${bad.line}` : `Rows ${bad.line} to ${bad.lastLine}`;
    const channel = plan.columns.channelNames[plan.columns.channelColumns.indexOf(bad.column)];
    const what =
      bad.column === -1
        ? `${bad.text} columns instead of ${plan.dialect.columnCount}`
        : `column ${bad.column + 1} (${channel}) ${bad.text === '' ? 'is empty' : `holds “${bad.text}”, not a number`}`;
    issues.note(
      path,
      bad.text === '' ? 'missing-value' : 'not-a-number',
      `${rows}: ${what}. Windows that touch ${bad.line === bad.lastLine ? 'it' : 'them'} are left out.`,
      bad.line,
    );
  }
  if (counts.bad > 0) {
    const more =
      badRows.length > MOST_ROW_ISSUES
        ? ` Only the first ${MOST_ROW_ISSUES} of ${badRows.length} places are listed.`
        : '';
    issues.leaveOut(
      path,
      'windows-with-bad-rows',
      `${counts.bad} windows are left out because of ${badRows.length === 1 ? 'a row' : 'rows'} that cannot be used.${more}`,
    );
  }
}

function isFileError(error: unknown): boolean {
  return /^E[A-Z]+$/.test((error as NodeJS.ErrnoException | null)?.code ?? '');
}
