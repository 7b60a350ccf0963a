/** Multi-channel signals in delimited text, one recording a file, cut into windows. */
import type { Listing } from '../reading/listing.ts';
import { planPlaces, tellPlan } from '../reading/placed.ts';
import { SampleTable } from '../reading/sample-table.ts';
import { planColumns, type ColumnPlan } from '../signals/columns.ts';
import type { Dialect } from '../signals/dialect.ts';
import { readHead, SignalProblem, signalFiles } from '../signals/head.ts';
import { inspectSignals } from '../signals/inspect-signals.ts';
import { readRecording, type RecordingPlan } from '../signals/recording.ts';
import { isNumber } from '../signals/dialect.ts';
import { describeFileError, nothingLeft } from '../reading/issues.ts';
import type { Reader, ReadRequest, ReadResult } from '../reading/types.ts';

const LOOKED_AT = 12;

export const delimitedSignals: Reader = {
  id: 'delimited-signals',
  title: 'Signals in delimited text',
  async recognise(listing) {
    const heads = await headsOf(listing, 3);
    return heads.some(isMostlyNumbers) ? 0.6 : 0;
  },
  inspect: inspectSignals,
  async read(request): Promise<ReadResult> {
    const { listing, options, issues, progress, signal } = request;
    const named = signalFiles(listing, issues);
    const placing = await planPlaces(listing, named, options, issues);
    const files = named.filter((file) => !placing.isLabelFile(file));
    const annotated = files.flatMap((file) => placing.placeOf(file) ?? []);
    placing.finish();
    const { dialect, columns } = await planFor(
      request,
      annotated.map((entry) => entry.file),
      {
        filesHaveLabels: placing.filesGiveLabels,
        foldersHaveLabels: new Set(annotated.map(({ place }) => place.className)).size > 1,
      },
    );
    // Where a column holds the labels, folders are no classes, whatever they are called.
    if (columns.labelFrom === 'file') tellPlan(placing, listing, issues);

    const table = new SampleTable();
    const { windowLength, windowStride = windowLength } = options.signals;
    table.describe = (file, row) => `${file} rows ${row + 1}–${row + windowLength}`;
    const plan: RecordingPlan = { dialect, columns, windowLength, windowStride, hashes: new Map() };
    progress.phase('Reading recordings', annotated.length);
    for (const { file, place, label, columns: values } of annotated) {
      signal.throwIfAborted();
      await readRecording(request, table, plan, {
        file,
        columns: values,
        folderSplit: place.split,
        folderGroup: place.group,
        label: columns.labelFrom === 'file' ? label : null,
      });
      progress.advance();
    }
    return {
      modality: 'signal',
      shape: [windowLength, columns.channelNames.length],
      dtype: 'float32',
      table,
      recordings: true,
      channelNames: columns.channelNames,
      samplingRate: options.signals.samplingRate,
    };
  },
};

async function headsOf(listing: Listing, most: number): Promise<Dialect[]> {
  const heads: Dialect[] = [];
  for (const file of spread(signalFiles(listing, null), most)) {
    const head = await readHead(file.absolute).catch(() => null);
    if (head) heads.push(head);
  }
  return heads;
}

/** Three quarters of the columns hold numbers: not a table of mixed facts. */
function isMostlyNumbers({ rows, columnCount }: Dialect): boolean {
  if (rows.length < 2 || columnCount < 1) return false;
  const numeric = Array.from({ length: columnCount }, (_, column) => {
    const numbers = rows.filter((row) => isNumber(row[column] ?? '')).length;
    return numbers >= rows.length * 0.8;
  }).filter(Boolean).length;
  return numeric >= columnCount * 0.75;
}

/** The dialect and columns of the first readable recording, which all others have to share. */
async function planFor(
  request: ReadRequest,
  files: Listing['files'],
  labels: { filesHaveLabels: boolean; foldersHaveLabels: boolean },
): Promise<{ dialect: Dialect; columns: ColumnPlan }> {
  const heads: { dialect: Dialect; place: string }[] = [];
  for (const file of spread(files, LOOKED_AT)) {
    const dialect = await readHead(file.absolute).catch((error: unknown) => expected(error));
    if (dialect) heads.push({ dialect, place: file.path });
  }
  for (const file of heads.length ? [] : files) {
    const dialect = await readHead(file.absolute).catch((error: unknown) => expected(error));
    if (dialect) {
      heads.push({ dialect, place: file.path });
      break;
    }
  }
  const first = heads[0];
  if (!first) {
    for (const file of files) {
      const { reason, message } = await readHead(file.absolute).then(
        () => ({ reason: 'empty', message: 'The file holds no rows.' }),
        (error: unknown) => (error instanceof SignalProblem ? error : describeFileError(error, file.path)),
      );
      request.issues.leaveOut(file.path, reason, message);
    }
    throw nothingLeft(request.listing.path, 'recordings', request.issues.all);
  }
  const alike = heads.filter(({ dialect }) => dialect.columnCount === first.dialect.columnCount);
  const columns = planColumns(
    first.dialect,
    alike.map(({ dialect }) => dialect.rows),
    request.options,
    { ...labels, place: first.place },
  );
  return { dialect: first.dialect, columns };
}

/** What is wrong with one file is said when its turn comes. */
function expected(error: unknown): null {
  if (error instanceof SignalProblem || (error as NodeJS.ErrnoException | null)?.code !== undefined)
    return null;
  throw error;
}

/** Up to `most` items, evenly over the list. */
function spread<T>(items: readonly T[], most: number): T[] {
  if (items.length <= most) return [...items];
  return Array.from({ length: most }, (_, index) => items[Math.floor((index * items.length) / most)]!);
}
