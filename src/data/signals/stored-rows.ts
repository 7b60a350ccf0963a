/** A recording's rows as they stand in the shard: as they were parsed, or at another rate. */
import type { DelimitedPlan } from '../delimited/plan-types.ts';
import type { StoredRecording } from './recording-types.ts';
import { lostSeconds, segmentsOf, type Segment } from './segments.ts';
import type { WindowRequest } from './windows.ts';

export interface StoredRows extends Pick<WindowRequest, 'rowCount' | 'badRows' | 'runStarts' | 'runLabels'> {
  /** Each with the seconds that are missing before it. */
  segments: (Segment & { lostSeconds: number })[];
  /** The mean of label numbers over rows of the shard; NaN if one is missing. */
  meanNumber(start: number, length: number): number;
}

export function storedRows({ parser, watch, resampler }: StoredRecording, plan: DelimitedPlan): StoredRows {
  const found = segmentsOf(
    parser.rowCount,
    watch?.breaks ?? [],
    plan.groups.map(({ name }, index) => ({ name, runs: parser.groups[index]! })),
  );
  const begins = found.map(({ start }) => start);
  const lost = watch ? lostSeconds(watch.breaks, watch.step, begins) : begins.map(() => 0);
  const segments = found.map((segment, at) => ({ ...segment, lostSeconds: lost[at]! }));
  const { starts: runStarts, ids: runLabels } = parser.labels;
  const mean = (start: number, end: number) => {
    let sum = 0;
    for (let row = start; row < end; row += 1) sum += parser.numbers[row] ?? NaN;
    return sum / (end - start);
  };
  if (!resampler) {
    return {
      rowCount: parser.rowCount,
      badRows: parser.badRows,
      runStarts,
      runLabels,
      segments,
      meanNumber: (start, length) => mean(start, start + length),
    };
  }
  const moved = (row: number) => Math.min(resampler.outputRow(row), resampler.outputRows);
  return {
    rowCount: resampler.outputRows,
    // The filter takes a bad row into those around it.
    badRows: parser.badRows.map(({ start, end }) => ({
      start: moved(Math.max(0, start - resampler.reach)),
      end: moved(end + resampler.reach),
    })),
    runStarts: runStarts.map(moved),
    runLabels,
    segments: segments.map(({ start, ...segment }, at) => ({
      ...segment,
      start: moved(start),
      end: at + 1 < segments.length ? moved(segments[at + 1]!.start) : resampler.outputRows,
    })),
    meanNumber: (start, length) =>
      mean(resampler.inputRow(start), resampler.inputRow(start + length - 1) + 1),
  };
}
