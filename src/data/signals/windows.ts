/** Cuts a recording into windows and finds each one's label. */
import type { BadRows } from '../delimited/row-parser.ts';

export interface WindowRequest {
  /** Windows begin here and are cut up to `rowCount`. */
  firstRow?: number;
  rowCount: number;
  length: number;
  stride: number;
  badRows: readonly Pick<BadRows, 'start' | 'end'>[];
  /** Rows in which a channel is bad, by their beginning. */
  faultyRows?: readonly { start: number; end: number }[];
  /** Runs of equal labels, -1 for none; empty where labels do not come from a column. */
  runStarts: readonly number[];
  runLabels: readonly number[];
  mixed: 'unlabeled' | 'majority' | 'drop';
  /** Stretches of so many rows that splits may part. */
  blockRows: number;
}

export interface SignalWindow {
  /** First row. */
  start: number;
  /** Id in the recording's own label values, -1 for none. */
  label: number;
  /** Stretch that the window lies in, -1 where it lies in two. */
  block: number;
}

export interface WindowCounts {
  /** Windows left out for rows that cannot be used. */
  bad: number;
  /** Left out for bad channels. */
  faulty: number;
  /** Windows with several labels: unlabeled, by majority or dropped, as asked for. */
  mixed: number;
}

/** Windows in order; `counts` is complete when the last one has been taken. */
export function* cutWindows(request: WindowRequest, counts: WindowCounts): Generator<SignalWindow> {
  const { firstRow = 0, rowCount, length, stride, badRows, runStarts, runLabels, blockRows } = request;
  const touchesBad = touching(badRows);
  const touchesFaulty = touching(request.faultyRows ?? []);
  let run = 0;
  for (let start = firstRow; start + length <= rowCount; start += stride) {
    const end = start + length;
    if (touchesBad(start, end)) {
      counts.bad += 1;
      continue;
    }
    if (touchesFaulty(start, end)) {
      counts.faulty += 1;
      continue;
    }
    let label = -1;
    if (runStarts.length > 0) {
      while (run + 1 < runStarts.length && (runStarts[run + 1] ?? 0) <= start) run += 1;
      label = runLabels[run] ?? -1;
      if ((runStarts[run + 1] ?? rowCount) < end) {
        counts.mixed += 1;
        if (request.mixed === 'drop') continue;
        label = request.mixed === 'majority' ? majority(request, run, start, end) : -1;
      }
    }
    const block = Math.floor(start / blockRows);
    yield { start, label, block: Math.floor((end - 1) / blockRows) === block ? block : -1 };
  }
}

/** Whether one of these touches a window; to be asked in the order of windows. */
function touching(rows: readonly { start: number; end: number }[]) {
  let next = 0;
  return (start: number, end: number): boolean => {
    while (next < rows.length && rows[next]!.end <= start) next += 1;
    return next < rows.length && rows[next]!.start < end;
  };
}

/** The label of most rows; the first of equals. */
function majority(request: WindowRequest, firstRun: number, start: number, end: number): number {
  const counts = new Map<number, number>();
  for (let run = firstRun; run < request.runStarts.length; run += 1) {
    const from = Math.max(start, request.runStarts[run] ?? 0);
    if (from >= end) break;
    const to = Math.min(end, request.runStarts[run + 1] ?? end);
    const label = request.runLabels[run] ?? -1;
    counts.set(label, (counts.get(label) ?? 0) + to - from);
  }
  let best = -1;
  let most = 0;
  for (const [label, count] of counts) {
    if (count > most) [best, most] = [label, count];
  }
  return best;
}

/** Stretches are a twentieth of the recording, cut where windows end so that few are lost between them. */
export function blockLength(rowCount: number, length: number, stride: number): number {
  const step = Math.max(length, stride);
  return Math.max(1, Math.ceil(rowCount / 20 / step)) * step;
}
