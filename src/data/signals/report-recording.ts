/** What an import tells of one recording: rows that cannot be used, gaps, flat channels. */
import type { DelimitedPlan } from '../delimited/plan-types.ts';
import { sameRate } from '../delimited/plan-types.ts';
import { formatRate, formatSpan } from '../delimited/time.ts';
import type { ReadRequest } from '../reading/types.ts';
import type { StoredRecording } from './recording-types.ts';
import type { WindowCounts } from './windows.ts';

const MOST_ROW_ISSUES = 50;

export function reportRecording(
  request: ReadRequest,
  plan: DelimitedPlan,
  path: string,
  stored: StoredRecording,
  counts: WindowCounts,
): void {
  reportClock(request, plan, path, stored);
  reportBadRows(request, plan, path, stored, counts);
  const { heldCount } = stored.parser;
  if (heldCount > 0) {
    request.issues.note(
      path,
      'held-values',
      `${heldCount} missing values were filled with the last known one.`,
    );
  }
}

function reportClock(
  { issues }: ReadRequest,
  plan: DelimitedPlan,
  path: string,
  { watch }: StoredRecording,
): void {
  if (!watch) return;
  for (const { seconds, line } of watch.breaks.slice(0, MOST_ROW_ISSUES)) {
    const what =
      seconds < 0
        ? `The time goes back by ${formatSpan(-seconds)}`
        : `The time jumps by ${formatSpan(seconds)}`;
    issues.note(
      path,
      seconds < 0 ? 'time-goes-back' : 'time-gap',
      `${what} in row ${line}. No window lies across.`,
      line,
    );
  }
  const more = watch.breaks.length - MOST_ROW_ISSUES;
  if (more > 0)
    issues.note(path, 'time-gap', `${more} more jumps of the time are not listed; no window lies across.`);
  const { hz } = watch;
  if (hz !== null && plan.samplingRate !== null && !sameRate(hz, plan.samplingRate, true)) {
    issues.note(
      path,
      'other-rate',
      `Over the whole file the times say ${formatRate(hz)}, not ${formatRate(plan.samplingRate)}.`,
    );
  }
}

function reportBadRows(
  { issues }: ReadRequest,
  plan: DelimitedPlan,
  path: string,
  { parser: { badRows }, dialect, columns }: StoredRecording,
  counts: WindowCounts,
): void {
  for (const bad of badRows.slice(0, MOST_ROW_ISSUES)) {
    const rows = bad.line === bad.lastLine ? `Row ${bad.line}` : `Rows ${bad.line} to ${bad.lastLine}`;
    const channel = plan.channels[columns.channels.indexOf(bad.column)]?.name;
    const what =
      bad.column === -1
        ? `${bad.text} columns instead of ${dialect.columnCount}`
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
