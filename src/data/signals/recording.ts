/** Reads one recording into the shard, once, as float32 [time, channels]; windows are offsets into it. */
import { createHash } from 'node:crypto';
import type { ImportOptions } from '../../contract/recipe/recipe.ts';
import { ClockWatch } from '../delimited/clock-watch.ts';
import type { Dialect } from '../delimited/dialect.ts';
import { toUtf8, type Transcoder } from '../delimited/encoding.ts';
import { asPackingProblem, headOf } from '../delimited/head.ts';
import { FileProblem } from '../problem.ts';
import { columnsOfFile, rateOfFile } from '../delimited/plan.ts';
import { sameRate, type DelimitedPlan, type FileColumns } from '../delimited/plan-types.ts';
import { RowParser } from '../delimited/row-parser.ts';
import { formatRate } from '../delimited/time.ts';
import { readChunks } from '../byte-stream.ts';
import { describeFileError } from '../reading/issues.ts';
import type { ListedFile } from '../reading/listing.ts';
import { breathe } from '../breathe.ts';
import type { SampleTable } from '../reading/sample-table.ts';
import type { ReadRequest } from '../reading/types.ts';
import { addWindows } from './add-windows.ts';
import type { RecordingPlace } from '../../contract/data/recordings/recordings.ts';
import { standApart } from './preparation/windows-apart.ts';
import { placeOfText, prepareStored } from './prepare-text.ts';
import { watchRecording } from './recorded/faults.ts';
import { createRecordingSink, intoShard, type RecordingSink, type TakeRows } from './recording-sink.ts';
import { storedRows } from './stored-rows.ts';
import type { RecordingFile, RecordingPlan, StoredRecording } from './recording-types.ts';
import { EvenGrid } from './even-grid.ts';
import { createResampler, RecordingResampler, type RowResampler } from './resample.ts';

const HEAD_BYTES = 64 * 1024;

/** What is wrong with the recording is listed; nothing of it stays in the shard if it gives no window. */
export async function readRecording(
  request: ReadRequest,
  table: SampleTable,
  plan: RecordingPlan,
  recording: RecordingFile,
  places: RecordingPlace[],
): Promise<void> {
  const { writer, issues } = request;
  const start = writer.position;
  const path = recording.file.path;
  try {
    const stored = await store(request, plan, recording.file);
    const rows = storedRows(stored, plan.plan);
    const faults = await prepareStored(request, plan, path, { stored, rows, start });
    const found = await addWindows(request, table, plan, recording, { stored, rows, faults }, start);
    if (found.length === 0) return await writer.rewind(start);
    const place = placeOfText(plan, path, { stored, rows, faults, start }, request.options);
    places.push(await standApart(writer, plan.prepared, place, found, plan.windowLength, plan.rate));
  } catch (error) {
    request.signal.throwIfAborted();
    await writer.rewind(start);
    const problem = asPackingProblem(error);
    if (problem instanceof FileProblem) issues.leaveOut(path, problem.reason, problem.message);
    else if (isFileError(problem)) {
      const { reason, message } = describeFileError(problem, path);
      issues.leaveOut(path, reason, message);
    } else throw problem;
  }
}

export interface OpenRecording extends StoredRecording {
  sink: RecordingSink;
  toText: Transcoder;
}

async function store(request: ReadRequest, plan: RecordingPlan, file: ListedFile): Promise<StoredRecording> {
  let opened: OpenRecording | null = null;
  const hash = createHash('sha256');
  for await (const chunk of readChunks(file.absolute)) {
    request.signal.throwIfAborted();
    hash.update(chunk);
    opened ??= openText(request, plan, file.path, chunk, intoShard(request.writer));
    await opened.sink.take(opened.parser.push(opened.toText.push(chunk)));
    await breathe();
  }
  opened ??= openText(request, plan, file.path, Buffer.alloc(0), intoShard(request.writer));
  await opened.sink.take(opened.parser.push(opened.toText.finish()));
  await opened.sink.take(opened.parser.finish());
  await opened.sink.finish();
  if (request.form) return opened;
  const digest = hash.digest('hex');
  const first = plan.hashes.get(digest);
  if (first !== undefined)
    throw new FileProblem('duplicate', `The same recording as ${first}, which is kept.`);
  plan.hashes.set(digest, file.path);
  return opened;
}

/** Each file may be written in its own way and order, as long as it has the columns of the plan. */
export function openText(
  { options, issues }: Pick<ReadRequest, 'options' | 'issues'>,
  { plan, faults: faultOptions }: Pick<RecordingPlan, 'plan' | 'faults'>,
  path: string,
  chunk: Buffer,
  take: TakeRows,
): OpenRecording {
  const head = chunk.subarray(0, HEAD_BYTES);
  const { encoding, dialect } = headOf(head, chunk.length <= HEAD_BYTES, options.text);
  if (dialect === null) throw new FileProblem('empty', 'The file holds no rows of data.');
  const columns = columnsOfFile(plan, dialect);
  if (columns.isReordered) {
    issues.note(
      path,
      'other-order',
      'Its columns stand in another order than in most files; they are found by name.',
    );
  }
  const { hz, watch } = rateOf(plan, dialect, columns, options);
  const resampler = resamplerOf(plan, hz, watch !== null, options);
  const parser = new RowParser({
    delimiter: dialect.delimiter,
    format: plan.format,
    dataLine: dialect.dataLine,
    columnCount: dialect.columnCount,
    channelColumns: columns.channels,
    labelColumn: columns.label,
    numberLabels: options.target === 'number',
    groupColumns: columns.groups,
    clock:
      watch && columns.time !== null
        ? { column: columns.time, secondsPerOne: plan.time?.secondsPerOne ?? 1, watch }
        : null,
    holdMissing: options.signals.missing === 'hold',
  });
  const faults = watchRecording(
    faultOptions,
    [{ rate: hz }],
    plan.channels.map(() => ({ track: 0 })),
  );
  const sink = createRecordingSink(
    take,
    parser,
    watch,
    resampler,
    faults?.of(0) ?? null,
    plan.channels.length,
  );
  return { parser, watch, dialect, columns, resampler, faults, sink, toText: toUtf8(encoding) };
}

/** Rows per second of this file, and who follows its times. @throws FileProblem `other-rate` */
function rateOf(
  plan: DelimitedPlan,
  dialect: Dialect,
  columns: FileColumns,
  { signals }: ImportOptions,
): { hz: number | null; watch: ClockWatch | null } {
  const found = rateOfFile(dialect, columns.time, plan.time?.secondsPerOne ?? 1, plan.format);
  const { samplingRate } = plan;
  const isInterpolated = signals.uneven === 'interpolate';
  const isFree = signals.samplingRate !== undefined || signals.resampleTo !== undefined || isInterpolated;
  if (found && samplingRate !== null && !isFree && !sameRate(found.hz, samplingRate, found.pace?.isRough)) {
    throw new FileProblem(
      'other-rate',
      `The file holds ${formatRate(found.hz)}, most recordings ${formatRate(samplingRate)}. Import it as a dataset of its own, or resample all to one rate.`,
    );
  }
  return {
    hz: signals.samplingRate ?? found?.hz ?? samplingRate,
    watch: columns.time === null || !found?.pace ? null : new ClockWatch(found.pace.hz, isInterpolated),
  };
}

/** @throws FileProblem `rate-unknown` */
function resamplerOf(
  plan: DelimitedPlan,
  hz: number | null,
  hasTimes: boolean,
  { signals: { resampleTo, uneven } }: ImportOptions,
): RowResampler | null {
  const evenRate = resampleTo ?? plan.samplingRate;
  if (uneven === 'interpolate' && hasTimes && evenRate !== null)
    return new EvenGrid(evenRate, plan.channels.length);
  if (resampleTo === undefined || hz === resampleTo) return null;
  if (hz === null) {
    throw new FileProblem(
      'rate-unknown',
      'Nothing says how many samples a second the file holds, so it cannot be brought to another rate.',
    );
  }
  return new RecordingResampler(createResampler(resampleTo, hz), plan.channels.length);
}

function isFileError(error: unknown): boolean {
  return /^E[A-Z]+$/.test((error as NodeJS.ErrnoException | null)?.code ?? '');
}
