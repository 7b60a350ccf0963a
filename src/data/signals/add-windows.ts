/** Windows of a stored recording into the table of samples, and what is to be told of the recording. */
import { parseTargetNumber } from '../reading/annotations.ts';
import { breathe } from '../breathe.ts';
import type { SampleTable } from '../reading/sample-table.ts';
import type { ReadRequest } from '../reading/types.ts';
import type { RecordingFile, RecordingPlan, StoredRecording } from './recording-types.ts';
import { reportRecording } from './report-recording.ts';
import { partedSteps } from './preparation/steps.ts';
import type { StretchWindow } from './preparation/windows-apart.ts';
import { faultyMarks, type RecordingFaults } from './recorded/faults.ts';
import type { StoredRows } from './stored-rows.ts';
import { blockLength, cutWindows, type WindowCounts } from './windows.ts';

const WINDOWS_AT_ONCE = 20_000;

/** @param start Where the recording begins in the shard. @returns the windows that it gave, in their order */
export async function addWindows(
  request: ReadRequest,
  table: SampleTable,
  recordings: RecordingPlan,
  recording: RecordingFile,
  { stored, rows, faults }: { stored: StoredRecording; rows: StoredRows; faults: RecordingFaults | null },
  start: number,
): Promise<StretchWindow[]> {
  const { options, issues } = request;
  const { plan, prepared, windowLength: length, windowStride: stride } = recordings;
  const { parser } = stored;
  const path = recording.file.path;
  if (rows.rowCount < length) {
    issues.leaveOut(
      path,
      'too-short',
      `The recording has ${rows.rowCount} rows; one window needs ${length}.`,
    );
    return [];
  }
  const isNumber = options.target === 'number';
  const named = (value: string | null) =>
    value === null ? null : (options.signals.classNames?.[value] ?? value);
  const hasColumn = plan.labelFrom === 'column';
  const labelIds = isNumber ? [] : parser.labels.values.map((value) => table.labelId(named(value)));
  const fileLabel = isNumber ? -1 : table.labelId(named(recording.label));
  const fileNumber = isNumber ? parseTargetNumber(recording.label, path, issues) : NaN;
  const rowBytes = 4 * prepared.names.length;
  const areApart = partedSteps(prepared.steps).window.length > 0;
  const faultyRows = faults && recordings.faults.badStretches === 'left-out' ? faultyMarks(faults) : [];
  const counts: WindowCounts = { bad: 0, faulty: 0, mixed: 0 };
  const found: StretchWindow[] = [];
  for (const segment of rows.segments) {
    let file = -1;
    const stretch = { start: segment.start, rows: segment.end - segment.start };
    const windows = cutWindows(
      {
        firstRow: segment.start,
        rowCount: segment.end,
        length,
        stride,
        badRows: rows.badRows,
        faultyRows,
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
            { row: segment.start, seconds: segment.start / (recordings.rate ?? 1) + segment.lostSeconds },
          ],
        });
      }
      table.add({
        offset: start + (areApart ? found.length * length : window.start) * rowBytes,
        file,
        row: window.start,
        label: hasColumn ? (labelIds[window.label] ?? -1) : fileLabel,
        number: isNumber && hasColumn ? rows.meanNumber(window.start, length) : fileNumber,
        block: window.block,
      });
      found.push({ start: window.start, stretch });
      if (found.length % WINDOWS_AT_ONCE === 0) await breathe();
    }
  }
  reportRecording(request, plan, path, stored, counts);
  if (counts.faulty > 0)
    issues.leaveOut(
      path,
      'windows-in-bad-stretches',
      `${counts.faulty} windows are left out because a channel is bad in them.`,
    );
  if (found.length === 0) {
    issues.leaveOut(path, 'no-window', 'No window of the recording can be used; the rows above say why.');
  }
  return found;
}
