/** Whether recordings are long enough for a task that looks at several windows of one, in words for who chooses it. */
import type { Companions } from '../task.ts';

/** Shorter ones hardly go through several states, each of several windows: a night of sleep has some 960 of 30 s. */
const LONG = 100;

export interface RecordingLengths {
  /** So many windows, one behind the other, fit into a recording in the middle of all by length. */
  windowsEach: number;
  /** Recordings belong to groups of several. */
  grouped: boolean;
}

/** Null where they are, or the task asks nothing of recordings. */
export function cautionOfShort(
  { among, span, ofLongRecordings, words }: Companions,
  { windowsEach, grouped }: RecordingLengths,
): string | null {
  if (among !== 'recording' || !span) return null;
  const least = grouped ? span.inGroup : span.alone;
  const held = `half of the recordings hold ${wholeWindows(windowsEach)} or fewer`;
  if (windowsEach < least)
    return `It needs ${words}, so recordings of ${least} windows or more: ${held}. Use shorter windows, or another task.`;
  if (!ofLongRecordings || windowsEach >= LONG) return null;
  return `It is made for long recordings that go through slow states (sleep, activity, wear), and ${held}. ${whereFar(span, grouped)}; compare it with another task.`;
}

function whereFar({ inGroup, alone }: NonNullable<Companions['span']>, grouped: boolean): string {
  if (!grouped)
    return 'Import them with a group that several of them share (subject, session), whose other recordings can give windows that are far';
  return inGroup < alone
    ? 'Windows that are far are taken from other recordings of the same group as well'
    : 'Windows that are far are taken from the same recording alone, as is chosen';
}

const wholeWindows = (count: number) => {
  const whole = Math.floor(count);
  return whole === 1 ? '1 window' : `${whole} windows`;
};
