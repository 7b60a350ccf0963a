/** Windows of a stored recording into the table of samples, and what is to be told of the recording. */
import { parseTargetNumber } from '../reading/annotations.ts';
import { breathe } from '../breathe.ts';
import type { SampleTable } from '../reading/sample-table.ts';
import type { ReadRequest } from '../reading/types.ts';
import type { RecordingFile, RecordingPlan, StoredRecording } from './recording-types.ts';
import { reportRecording } from './report-recording.ts';
import { storedRows } from './stored-rows.ts';
import { blockLength, cutWindows, type WindowCounts } from './windows.ts';

const WINDOWS_AT_ONCE = 20_000;

/** @param start Where the recording begins in the shard. @returns how many windows it gave */
export async function addWindows(
  request: ReadRequest,
  table: SampleTable,
  recordings: RecordingPlan,
  recording: RecordingFile,
  stored: StoredRecording,
  start: number,
): Promise<number> {
  const { options, issues } = request;
  const { plan, windowLength: length, windowStride: stride } = recordings;
  const { parser } = stored;
  const rows = storedRows(stored, plan);
  const path = recording.file.path;
  if (rows.rowCount < length) {
    issues.leaveOut(
      path,
      'too-short',
      `The recording has ${rows.rowCount} rows; one window needs ${length}.`,
    );
    return 0;
  }
  const isNumber = options.target === 'number';
  const named = (value: string | null) =>
    value === null ? null : (options.signals.classNames?.[value] ?? value);
  const hasColumn = plan.labelFrom === 'column';
  const labelIds = isNumber ? [] : parser.labels.values.map((value) => table.labelId(named(value)));
  const fileLabel = isNumber ? -1 : table.labelId(named(recording.label));
  const fileNumber = isNumber ? parseTargetNumber(recording.label, path, issues) : NaN;
  const rowBytes = 4 * plan.channels.length;
  const counts: WindowCounts = { bad: 0, mixed: 0 };
  let added = 0;
  for (const segment of rows.segments) {
    let file = -1;
    const windows = cutWindows(
      {
        firstRow: segment.start,
        rowCount: segment.end,
        length,
        stride,
        badRows: rows.badRows,
        runStarts: rows.runStarts,
        runLabels: rows.runLabels,
        mixed: options.signals.mixedWindows,
        blockRows: blockLength(rows.rowCount, length, stride),
      },
      counts,
    );
    for (const window of windows) {
      if (file === -1) {
        file = table.addFile({
          path,
          folderSplit: recording.folderSplit,
          folderGroup: recording.folderGroup,
          columns: { ...segment.columns, ...recording.columns },
          times: [
            { row: segment.start, seconds: segment.start / (plan.samplingRate ?? 1) + segment.lostSeconds },
          ],
        });
      }
      table.add({
        offset: start + window.start * rowBytes,
        file,
        row: window.start,
        label: hasColumn ? (labelIds[window.label] ?? -1) : fileLabel,
        number: isNumber && hasColumn ? rows.meanNumber(window.start, length) : fileNumber,
        block: window.block,
      });
      added += 1;
      if (added % WINDOWS_AT_ONCE === 0) await breathe();
    }
  }
  reportRecording(request, plan, path, stored, counts);
  if (added === 0) {
    issues.leaveOut(path, 'no-window', 'No window of the recording can be used; the rows above say why.');
  }
  return added;
}
