/** A recording of delimited text where it stands in the shard: its bad channels, its preparation, and its place. */
import type { RecordedMark, RecordingPlace } from '../../contract/data/recordings/recordings.ts';
import type { ImportOptions } from '../../contract/recipe/recipe.ts';
import { breathe } from '../breathe.ts';
import type { ReadRequest } from '../reading/types.ts';
import { groundInShard } from './preparation/ground.ts';
import { partedSteps } from './preparation/steps.ts';
import { faultsOf, tellFaults, type RecordingFaults } from './recorded/faults.ts';
import { keptMarks } from './recorded/marks.ts';
import type { StoredStretch } from './recorded/spans.ts';
import type { RecordingPlan, StoredRecording } from './recording-types.ts';
import type { StoredRows } from './stored-rows.ts';

interface Stored {
  stored: StoredRecording;
  rows: StoredRows;
  /** Its first byte in the shard. */
  start: number;
}

/**
 * Carries out what is done to a recording as a whole.
 * @returns its faults; null where nobody looked for them
 * @throws FileProblem `bad-channel` where such recordings are left out
 */
export async function prepareStored(
  { issues, signal, writer }: ReadRequest,
  { plan, prepared, faults: options, rate }: RecordingPlan,
  path: string,
  { stored, rows, start }: Stored,
): Promise<RecordingFaults | null> {
  const faults =
    stored.faults && faultsOf(stored.faults, options, stretchesOf(rows, rate), prepared.written, rate);
  if (faults) tellFaults(issues, path, faults, rate);
  const placed = rows.segments.map((one) => ({ start: one.start, rows: one.end - one.start }));
  const ground = groundInShard(writer, start, rows.rowCount, placed, plan.channels.length);
  for (const step of partedSteps(prepared.steps).recording) {
    signal.throwIfAborted();
    await step.apply(ground);
    await breathe();
  }
  return faults;
}

/** Its segments, as recordings of other formats have stretches. */
export const stretchesOf = ({ segments }: StoredRows, rate: number | null): StoredStretch[] =>
  segments.map(({ start, end, columns, lostSeconds }) => ({
    start,
    end,
    rows: end - start,
    seconds: start / (rate ?? 1) + lostSeconds,
    columns,
    bad: [],
    trial: null,
  }));

/** Where it lies, with its labels as events: to be looked through. */
export function placeOfText(
  { plan, rate }: RecordingPlan,
  path: string,
  { stored, rows, faults, start }: Stored & { faults: RecordingFaults | null },
  { target, signals: { classNames } }: ImportOptions,
): RecordingPlace {
  const { values } = stored.parser.labels;
  const isLabeled = plan.labelFrom === 'column' && target !== 'number';
  const labels = (isLabeled ? rows.runStarts : []).flatMap((from, at): RecordedMark[] => {
    const value = values[rows.runLabels[at] ?? -1];
    if (value === undefined) return [];
    const end = rows.runStarts[at + 1] ?? rows.rowCount;
    return [{ kind: 'event', name: classNames?.[value] ?? value, channel: null, start: from, end }];
  });
  const missing = rows.badRows.map((bad): RecordedMark => ({
    kind: 'missing',
    name: 'missing values',
    channel: null,
    start: bad.start,
    end: Math.min(rows.rowCount, bad.end),
  }));
  return {
    path,
    start,
    rows: rows.rowCount,
    begun: null,
    subject: null,
    stretches: stretchesOf(rows, rate).map(({ start: from, end, seconds }) => ({
      start: from,
      end,
      seconds,
    })),
    marks: keptMarks([...labels, ...missing, ...(faults?.marks ?? [])]),
  };
}
